import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../tools/chromium.ts';
import { ChatWindow } from './chat-window.ts';
import { type Stack, startStack } from './stack.ts';

// Where an answer has it from: its source is followed, with the real server and what the built-in model quotes.

const QUESTION = 'May I weigh a consignment at home?';

let browser: Browser;
let stack: Stack;
let page: Page;
let chat: ChatWindow;
beforeAll(async () => {
  browser = await launchChromium();
  stack = await startStack();
});
afterEach(() => page.context().close());
afterAll(async () => {
  await browser.close();
  await stack.close();
});

async function askOn(address: string, options: BrowserContextOptions): Promise<void> {
  page = await (await browser.newContext({ reducedMotion: 'reduce', ...options })).newPage();
  chat = new ChatWindow(page);
  await page.goto(stack.demoUrl + address);
  await chat.open();
  await chat.ask(QUESTION);
}

const source = () => chat.log.locator('a.source').first();
const marked = () =>
  page.evaluate(() =>
    [...(CSS.highlights.get('pagewise-passage') ?? [])].map((range) =>
      (range as Range).toString().replace(/\s+/g, ' '),
    ),
  );
const isMarkInView = () =>
  page.evaluate(() => {
    const [range] = CSS.highlights.get('pagewise-passage') ?? [];
    const { top = -1, bottom = -1 } = (range as Range | undefined)?.getBoundingClientRect() ?? {};
    return top >= 0 && bottom <= innerHeight;
  });

const DESKTOP = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };

test('a source on this page is scrolled to, the whole passage highlighted, and the address stays as it is', async () => {
  await askOn('/handbook.html?from=mail#top', DESKTOP);
  const before = await page.evaluate(() => [performance.timeOrigin, location.href, history.length]);
  const quoted = (await source().locator('.source-quote').innerText()).replace(/…$/, '');
  // By the card below the answer with the keyboard, then by the number behind the sentence.
  await source().focus();
  await page.keyboard.press('Enter');
  await expect.poll(marked).toHaveLength(1);
  const [words = ''] = await marked();
  expect(words.startsWith(quoted)).toBe(true);
  expect(words).toMatch(/[.!?]$/);
  expect(await isMarkInView()).toBe(true);

  await page.locator('main').click({ position: { x: 4, y: 4 } });
  await page.keyboard.press('Escape');
  expect(await marked()).toEqual([]);
  await chat.log
    .getByRole('link', { name: /^Source 1/ })
    .first()
    .click();
  await expect.poll(marked).toEqual([words]);
  expect(await page.evaluate(() => [performance.timeOrigin, location.href, history.length])).toEqual(before);
  expect(page.context().pages()).toHaveLength(1);
});

test('on a phone the panel makes room for the passage', async () => {
  await askOn('/handbook.html', PHONE);
  await source().tap();
  await chat.panel.waitFor({ state: 'hidden' });
  await expect.poll(isMarkInView).toBe(true);
  await chat.launcher.tap();
  await chat.asked(QUESTION).waitFor();
});

test('a source on another page opens that page at the passage', async () => {
  await askOn('/handbook.html', DESKTOP);
  await page.goto(`${stack.demoUrl}/pricing.html`);
  await chat.asked(QUESTION).waitFor();
  const opened = page.context().waitForEvent('page');
  await source().click();
  const other = await opened;
  await other.waitForLoadState();
  expect(new URL(other.url()).pathname).toBe('/handbook.html');
  await other.waitForFunction(() => scrollY > 1_000);
  expect(new URL(page.url()).pathname).toBe('/pricing.html');
});

test('a passage that the page has no longer is said to be gone', async () => {
  await askOn('/handbook.html', DESKTOP);
  await page.evaluate(() => document.querySelector('main')?.replaceChildren('Another text.'));
  await source().click();
  await chat.panel.getByText('That passage is no longer on this page.').waitFor();
  expect(await marked()).toEqual([]);
  expect(await page.evaluate(() => location.href)).toBe(`${stack.demoUrl}/handbook.html`);
  // Until the conversation goes on.
  await chat.ask('And now?');
  await chat.panel.getByText('That passage is no longer on this page.').waitFor({ state: 'hidden' });
});

test('a click that asks for another tab gets one', async () => {
  await askOn('/handbook.html', DESKTOP);
  const opened = page.context().waitForEvent('page');
  await source().click({ modifiers: ['ControlOrMeta'] });
  expect(new URL((await opened).url()).pathname).toBe('/handbook.html');
  expect(await marked()).toEqual([]);
});
