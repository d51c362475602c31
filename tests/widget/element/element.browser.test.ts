import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../../tools/chromium.ts';
import { axeViolations } from '../../axe-violations.ts';
import { openStory, type Story } from './story/open-story.ts';

// The built element under a strict CSP with Trusted Types. Any console error, CSP report among them, fails the test.

const SIZE = { width: 400, height: 640 };
const QUESTION = 'How many messages does the Starter plan include?';

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
  page = await openStory(browser, story, SIZE);
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
}

async function ask(): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(QUESTION);
  await page.keyboard.press('Enter');
}

const events = () => page.evaluate(() => (window as unknown as { events: [string, string | null][] }).events);

test('streams an answer, cites its sources and is clean to axe in both schemes', async () => {
  for (const theme of ['light', 'dark']) {
    await open({ options: { theme } });
    expect(await axeViolations(page)).toEqual([]);
    await ask();
    await page.getByRole('button', { name: 'Copy answer' }).waitFor();
    expect(await events()).toEqual([
      ['ready', null],
      ['response.start', null],
      ['thread.change', 'thr_1'],
      ['response.end', null],
    ]);
    const source = page.getByRole('link', { name: 'Source 1: Plans and limits' });
    expect(await source.getAttribute('href')).toBe('https://docs.example.com/plans#:~:text=5%2C000%20messages');
    await page.waitForFunction(
      () => document.querySelector('openai-chatkit')?.shadowRoot?.querySelector('[aria-live=polite]')?.textContent,
    );
    expect(await axeViolations(page)).toEqual([]);
    if (theme === 'light') await page.close();
  }
});

// Shows 88.
test('stops at once and keeps what was said', async () => {
  await open({ script: { mode: 'hold' } });
  await ask();
  await page.getByText('Settings → Bil').waitFor();
  await page.getByRole('button', { name: 'Stop answering' }).click();
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  expect(await page.getByRole('log').getByText('Settings → Bil').isVisible()).toBe(true);
  expect((await events()).filter(([name]) => name === 'response.end')).toHaveLength(1);
});

test('gives a refused message back and can send it again', async () => {
  await open({ script: { mode: 'refuse' } });
  await ask();
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('textbox').inputValue()).toBe(QUESTION);
  await page.evaluate(() => {
    (window as unknown as { script: { mode: string } }).script.mode = 'answer';
  });
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
});

test('goes from history to a thread and back by keyboard alone', async () => {
  await open({});
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const row = page.getByRole('button', { name: /^Message limits/ });
  await row.waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await row.waitFor({ state: 'detached' });
  const focused = () =>
    page.evaluate(() =>
      document.querySelector('openai-chatkit')?.shadowRoot?.activeElement?.getAttribute('aria-label'),
    );
  expect(await focused()).toBe('Chat history');
  await page.keyboard.press('Enter');
  await row.waitFor();
  await row.focus();
  await page.keyboard.press('Enter');
  await page.getByText('Yes. The').waitFor();
  await page.waitForFunction(
    () => document.querySelector('openai-chatkit')?.shadowRoot?.activeElement?.tagName === 'TEXTAREA',
  );
});

// Shows 117, 141.
test('does not take the focus by itself, and puts a new question at the top', async () => {
  await open({ options: { initialThread: 'thr_1' } });
  await page.getByText('Yes. The').waitFor();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY');
  await ask();
  const top = () =>
    page.evaluate(() => {
      const root = document.querySelector('openai-chatkit')?.shadowRoot;
      const turn = root?.querySelector('.turn:last-of-type')?.getBoundingClientRect().top ?? 0;
      return turn - (root?.querySelector('.scroller')?.getBoundingClientRect().top ?? 0);
    });
  await expect.poll(top).toBeLessThan(20);
});
