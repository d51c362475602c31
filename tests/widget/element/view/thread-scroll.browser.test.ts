import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../../../tools/chromium.ts';
import { openStory, type Story } from '../story/open-story.ts';

// Where the conversation stands while it grows at either end, in the built element.

/** A smooth scroll over a long way takes about a second. */
const PATIENT = { timeout: 10_000 };
const LONG: Story = { options: { initialThread: 'thr_long' } };

let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(async () => {
  await page.close();
  expect(complaints).toEqual([]);
});

async function open(story: Story): Promise<void> {
  complaints = [];
  page = await openStory(browser, story, { width: 400, height: 640 });
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => complaints.push(error.message));
}

const log = () => page.getByRole('log');
const turns = () => log().locator('.turn').count();
const fromEnd = () => log().evaluate((node) => Math.round(node.scrollHeight - node.scrollTop - node.clientHeight));
const release = () => page.evaluate(() => (window as unknown as { script: { release(): void } }).script.release());

async function ask(): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill('And now?');
  await page.keyboard.press('Enter');
}

/** Where a question stands, in pixels below the top of the conversation. */
const topOf = (question: string) =>
  page.evaluate((text) => {
    const root = document.querySelector('openai-chatkit')?.shadowRoot;
    const bubble = [...(root?.querySelectorAll('.bubble') ?? [])].find((node) => node.textContent === text);
    const top = root?.querySelector('.scroller')?.getBoundingClientRect().top ?? Number.NaN;
    return bubble ? Math.round(bubble.getBoundingClientRect().top - top) : undefined;
  }, question);

// Shows 118.
test('opens a thread of 2,000 items at its end and keeps the place while older ones come in above', async () => {
  await open(LONG);
  await page.getByText('Question 1000 of').waitFor();
  expect(await fromEnd()).toBeLessThanOrEqual(1);
  expect(await turns()).toBe(20);
  for (const anchoring of ['auto', 'none']) {
    // Safari has no scroll anchoring: the place is kept without it too.
    await log().evaluate((node, value) => node.style.setProperty('overflow-anchor', value), anchoring);
    const before = await turns();
    const marked = `Question ${1001 - before} of a long talk`;
    await page.getByText(marked).scrollIntoViewIfNeeded();
    const place = await topOf(marked);
    await expect.poll(turns, PATIENT).toBe(before + 20);
    expect(Math.abs(((await topOf(marked)) ?? Number.NaN) - (place ?? Number.NaN))).toBeLessThanOrEqual(1);
  }
  await page.getByRole('button', { name: 'Jump to the latest message' }).click();
  await expect.poll(fromEnd, PATIENT).toBeLessThanOrEqual(1);
});

test('offers a page of older items again that did not come', async () => {
  await open(LONG);
  await page.getByText('Question 1000 of').waitFor();
  await page.evaluate(() => Object.assign((window as unknown as { script: object }).script, { older: 'fail' }));
  await log().evaluate((node) => node.scrollTo(0, 0));
  const again = log().getByRole('button', { name: 'Try again' });
  await again.waitFor();
  await page.evaluate(() => Object.assign((window as unknown as { script: object }).script, { older: undefined }));
  await again.click();
  await expect.poll(turns, PATIENT).toBe(40);
});

// Shows 117.
test('puts a question at the top and stays there while the answer grows below', async () => {
  await open({ script: { mode: 'think' }, options: LONG.options ?? {} });
  await page.getByText('Question 1000 of').waitFor();
  await ask();
  await expect.poll(() => topOf('And now?'), PATIENT).toBe(8);
  await page.evaluate(() => Object.assign((window as unknown as { script: object }).script, { mode: 'answer' }));
  await release();
  await page.getByRole('button', { name: 'Copy answer' }).last().waitFor();
  await page.getByText('5,000 messages a month').first().waitFor();
  expect(await topOf('And now?')).toBe(8);
});

// Shows 117.
test('follows the answer with autoScroll, unless the reader has gone up', async () => {
  const story: Story = { script: { mode: 'think' }, options: { ...LONG.options, thread: { autoScroll: true } } };
  await open(story);
  await page.getByText('Question 1000 of').waitFor();
  await ask();
  await page.getByText('Reading “Plans and limits”').waitFor();
  await expect.poll(fromEnd, PATIENT).toBeLessThanOrEqual(1);
  await page.evaluate(() => Object.assign((window as unknown as { script: object }).script, { mode: 'answer' }));
  await release();
  await page.getByText('5,000 messages a month').first().waitFor();
  await expect.poll(fromEnd, PATIENT).toBeLessThanOrEqual(1);
  await page.close();

  await open(story);
  await page.getByText('Question 1000 of').waitFor();
  await ask();
  await page.getByText('Reading “Plans and limits”').waitFor();
  await expect.poll(fromEnd, PATIENT).toBeLessThanOrEqual(1);
  await log().evaluate((node) => node.scrollBy(0, -400));
  const jump = page.getByRole('button', { name: 'Jump to the latest message' });
  await jump.waitFor();
  await page.evaluate(() => Object.assign((window as unknown as { script: object }).script, { mode: 'answer' }));
  await release();
  await page.getByText('5,000 messages a month').first().waitFor();
  expect(await fromEnd()).toBeGreaterThan(400);
  await jump.click();
  await expect.poll(fromEnd, PATIENT).toBeLessThanOrEqual(1);
});
