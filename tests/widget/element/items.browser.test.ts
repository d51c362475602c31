import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../../tools/chromium.ts';
import { axeViolations } from '../../axe-violations.ts';
import { openStory, type Story } from './story/open-story.ts';

// Everything that is not a message, in the built element under a strict CSP with Trusted Types. Any console error, CSP
// report among them, fails the test.

const OPENED: Story = { options: { initialThread: 'thr_2' } };

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
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
}

async function ask(): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill('Is it insured?');
  await page.keyboard.press('Enter');
}

interface StoryWindow {
  script: { release(): void; requests: { request: { type: string; params: unknown } }[] };
  calls: unknown[];
  events: [string, string | null][];
}
const told = <T>(read: (story: StoryWindow) => T) => page.evaluate<T>(`(${String(read)})(window)`);
const release = () => told((story) => story.script.release());
const sent = () => told((story) => story.script.requests.map(({ request }) => request));
const focused = () =>
  page.evaluate(() => document.querySelector('openai-chatkit')?.shadowRoot?.activeElement?.textContent);
const announced = (words: string) =>
  page.waitForFunction(
    (expected) =>
      document
        .querySelector('openai-chatkit')
        ?.shadowRoot?.querySelector('[aria-live=polite]')
        ?.textContent?.includes(expected),
    words,
  );

test('shows every item, and axe finds nothing in either scheme', async () => {
  for (const theme of ['light', 'dark']) {
    await open({ options: { ...OPENED.options, theme } });
    await page.getByRole('button', { name: 'Save the date' }).waitFor();
    await page.getByText('Thought for 12 seconds').click();
    await page.getByRole('link', { name: 'What our insurance covers' }).first().waitFor();
    expect(await page.getByText('never shown').count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Not a link' }).count()).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
    if (theme === 'light') await page.close();
  }
});

// Shows 117.
test('opens a thread at its end, though its widgets and pictures come later', async () => {
  await open(OPENED);
  await page.getByRole('button', { name: 'Save the date' }).waitFor();
  const left = () =>
    page.getByRole('log').evaluate((log) => Math.round(log.scrollHeight - log.scrollTop - log.clientHeight));
  await expect.poll(left).toBeLessThanOrEqual(1);
  expect(await page.getByRole('log').evaluate((log) => log.scrollWidth - log.clientWidth)).toBe(0);
});

// Shows 128.
test('follows a workflow, tells its steps, and closes it with its duration', async () => {
  await open({ script: { mode: 'work' } });
  await ask();
  await announced('parcel insurance for boats');
  expect(await page.getByRole('status', { name: 'Thinking' }).count()).toBe(0);
  await page.locator('summary').click();
  await page.getByRole('img', { name: 'In progress' }).waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await release();
  await page.getByText('Thought for 12 seconds').waitFor();
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  await announced('The assistant said');
  expect(await page.getByRole('img', { name: 'In progress' }).count()).toBe(0);
});

// Shows 93.
test('shows how far an image is in a frame that keeps its size', async () => {
  await open({ script: { mode: 'draw' } });
  await ask();
  const bar = page.getByRole('progressbar', { name: 'Making an image' });
  await bar.waitFor();
  expect(await bar.getAttribute('aria-valuenow')).toBe('40');
  const picture = page.getByRole('img', { name: 'Generated image' });
  await picture.evaluate((node: HTMLImageElement) => node.decode());
  const before = await picture.boundingBox();
  await release();
  await bar.waitFor({ state: 'detached' });
  expect(await picture.boundingBox()).toEqual(before);
  await announced('Generated image');
});

test('keeps the turn while the page runs a tool, and ends it once', async () => {
  await open({ script: { mode: 'tool' } });
  await ask();
  await page.getByText('Reading more of the page').waitFor();
  expect(await told(({ calls }) => calls)).toEqual([{ name: 'read_page', params: { from: 3 } }]);
  await page.getByRole('button', { name: 'Stop answering' }).waitFor();
  await release();
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  expect((await sent()).at(-1)).toEqual({
    type: 'threads.add_client_tool_output',
    params: { thread_id: 'thr_1', result: { read: true } },
  });
  expect((await told(({ events }) => events)).map(([name]) => name)).toEqual([
    'ready',
    'response.start',
    'thread.change',
    'response.end',
  ]);
});

test('opens a thread with a call that nobody answered, and can go on', async () => {
  await open({ options: { initialThread: 'thr_3' } });
  await page.getByText('This answer was not finished.').waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  expect(await told(({ calls }) => calls)).toEqual([]);
});

test('presses, waits and answers by keyboard alone, without losing the focus', async () => {
  await open(OPENED);
  await page.getByRole('button', { name: 'Save the date' }).waitFor();

  // One answer of the server: the row is replaced below the focus.
  const row = page.getByRole('button', { name: /Dinghy/ });
  await row.focus();
  await page.keyboard.press('Tab');
  expect(await focused()).toContain('Cutter');
  await page.keyboard.press('Enter');
  await page.getByText('Chosen', { exact: true }).waitFor();
  expect(await focused()).toContain('Chosen');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.getByText('Clipper', { exact: true }).waitFor();
  expect(await focused()).toBe('Show less');

  // The host page.
  await page.getByRole('button', { name: 'Show on map' }).press('Enter');
  expect(await told(({ calls }) => calls)).toEqual([
    { action: { type: 'map.show', payload: { at: 'harbour' } }, id: 'msg_card' },
  ]);

  // A turn: the whole card waits, a second press does nothing, and the focus stays until the button is gone.
  const save = page.getByRole('button', { name: 'Save the date' });
  await save.press('Enter');
  await page.keyboard.press('Enter');
  await page.locator('article[aria-busy=true]').waitFor();
  expect(await focused()).toBe('Save the date');
  expect(await page.getByRole('button', { name: 'Track' }).getAttribute('aria-disabled')).toBe('true');
  expect(await axeViolations(page)).toEqual([]);
  await release();
  await page.getByText('Saved for Friday').waitFor();
  await announced('Pick-up on Friday');
  expect(await focused()).toContain('Saved for Friday');
  expect((await sent()).filter(({ type }) => type === 'threads.custom_action')).toEqual([
    {
      type: 'threads.custom_action',
      params: {
        thread_id: 'thr_2',
        item_id: 'msg_card',
        action: { type: 'pickup.save', payload: { day: '2026-11-27' } },
      },
    },
  ]);
});

test('has targets of 44 pixels for fingers', async () => {
  const context = await browser.newContext({ hasTouch: true, isMobile: true });
  complaints = [];
  page = await openStory(context, OPENED, { width: 400, height: 640 });
  await page.getByRole('button', { name: 'Save the date' }).waitFor();
  const targets = page.locator('.rich :is(button, summary)');
  const heights = await targets.evaluateAll((nodes) => nodes.map((node) => node.getBoundingClientRect().height));
  expect(heights.length).toBeGreaterThan(8);
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
  await context.close();
});
