import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ChatKitRequest } from '../../../protocol/request.ts';
import { launchChromium } from '../../../tools/chromium.ts';
import { axeViolations } from '../../axe-violations.ts';
import { SITE_TOKEN, startTwoOrigins, type TwoOrigins } from '../embed/two-origins.ts';

// Words selected on a page as strict as pages get, and the built files that offer to ask about them.

const FILLER = '<p>Words that fill the page so that it has to be scrolled.</p>'.repeat(60);
const BODY = `<h1>Manual</h1><p id="first">We <b>mend</b> what breaks for <i>30 months</i>.</p>
  <p id="mail">Write to ann.smith@example.org today.</p>
  <p id="private" data-private>Your balance is 4,100.</p>
  <textarea id="form" aria-label="Form">Typed by the visitor.</textarea><div id="editor" contenteditable>Written by the visitor.</div>
  <p><a id="link" href="#end">A link</a></p>${FILLER}`;

let browser: Browser;
let origins: TwoOrigins;
let page: Page;
let harm: string[];

beforeAll(async () => {
  browser = await launchChromium();
  origins = await startTwoOrigins();
});
afterAll(async () => {
  await browser.close();
  await origins.close();
});
beforeEach(() => {
  harm = [];
  origins.received.length = 0;
});
afterEach(async () => {
  await page.context().close();
  expect(harm).toEqual([]);
});

const DESKTOP = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };

async function goTo(attributes = '', options: BrowserContextOptions = DESKTOP): Promise<void> {
  const policy = `default-src 'none'; script-src ${origins.chat}; connect-src ${origins.chat}; require-trusted-types-for 'script'; trusted-types 'none'`;
  origins.pages.set('/', {
    html: `<!doctype html><html lang="en"><head><title>Manual</title>
      <meta name="viewport" content="width=device-width"></head><body><main>${BODY}</main>
      <script async src="${origins.chat}/widget.js" data-site-token="${SITE_TOKEN}" ${attributes}></script></body></html>`,
    headers: { 'content-security-policy': policy },
  });
  page = await (await browser.newContext(options)).newPage();
  page.setDefaultTimeout(5_000);
  page.on('pageerror', (error) => harm.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) harm.push(message.text());
  });
  await page.goto(origins.page);
  await launcher().waitFor();
}

const launcher = () => page.locator('pagewise-widget button.launcher');
const ask = () => page.getByRole('button', { name: 'Ask about the selected text' });
const composer = () => page.getByRole('textbox', { name: 'Message' });
const requested = (name: string) => origins.received.filter(({ path }) => path.includes(`/${name}-`));

const sent = () =>
  origins.received
    .map(({ body }) => body as ChatKitRequest | undefined)
    .find((request) => request?.type === 'threads.create');

/** Selects all that an element says, as a script of the page or a reader's extension would. */
const select = (selector: string) =>
  page.evaluate((selector) => {
    const node = document.querySelector(selector);
    if (node) getSelection()?.selectAllChildren(node);
  }, selector);
const unselect = () => page.evaluate(() => getSelection()?.removeAllRanges());
const isAskFocused = () => ask().evaluate((node) => (node.getRootNode() as ShadowRoot).activeElement === node);

test('the question goes with the quote and the page', async () => {
  await goTo();
  await page.locator('#first').click({ clickCount: 3 });
  await ask().click();
  await page.getByText('We mend what breaks for 30 months.').nth(1).waitFor();
  await expect
    .poll(() => composer().evaluate((node) => (node.getRootNode() as ShadowRoot).activeElement === node))
    .toBe(true);
  expect(await ask().isVisible()).toBe(false);
  await composer().fill('Is that long?');
  await composer().press('Enter');
  await expect.poll(sent).toBeDefined();
  expect(sent()).toMatchObject({
    params: { input: { content: [{ text: 'Is that long?' }], quoted_text: 'We mend what breaks for 30 months.' } },
    metadata: { pageContext: { title: 'Manual', text: expect.stringContaining('30 months') } },
  });
});

test('with the keyboard alone: Tab leads from the words to the button, and Escape puts it away', async () => {
  await goTo();
  await page.locator('h1').click();
  await select('#first');
  await ask().waitFor();
  expect(await page.getByRole('status').filter({ hasText: 'Press Tab' }).count()).toBe(1);
  await page.keyboard.press('Escape');
  await ask().waitFor({ state: 'hidden' });
  // Without it the key is the page's own.
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.localName)).not.toBe('pagewise-widget');

  await unselect();
  await page.locator('h1').click();
  await select('#first');
  await ask().waitFor();
  await page.keyboard.press('Tab');
  expect(await isAskFocused()).toBe(true);
  // And on: the button holds nobody.
  await page.keyboard.press('Tab');
  expect(await isAskFocused()).toBe(false);
  await page.keyboard.press('Shift+Tab');
  expect(await isAskFocused()).toBe(true);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Send message' }).waitFor();
  await page.getByText('We mend what breaks for 30 months.').nth(1).waitFor();
});

test('it stands beside the words, inside the window, and goes with them', async () => {
  await goTo();
  await select('#first');
  await ask().waitFor();
  const near = () =>
    ask().evaluate((button) => {
      const words = document.querySelector('#first')?.getBoundingClientRect() as DOMRect;
      const own = button.getBoundingClientRect();
      return own.left >= 0 && own.top >= 0 && words.top - own.bottom < 20 && own.top - words.bottom < 20;
    });
  expect(await near()).toBe(true);
  await page.mouse.wheel(0, 30);
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(30);
  expect(await near()).toBe(true);
  await page.mouse.wheel(0, 900);
  await ask().waitFor({ state: 'hidden' });
  await page.mouse.wheel(0, -930);
  await ask().waitFor();
  await unselect();
  await ask().waitFor({ state: 'hidden' });
});

test('it begins where the words begin, also from right to left', async () => {
  await goTo();
  const edge = () =>
    ask().evaluate((button) => {
      const words = getSelection()?.getRangeAt(0).getBoundingClientRect() as DOMRect;
      const own = button.getBoundingClientRect();
      return { start: own.left - words.left, end: own.right - words.right };
    });
  await select('#first');
  await ask().waitFor();
  expect((await edge()).start).toBe(0);
  await page.evaluate(() => (document.documentElement.dir = 'rtl'));
  await select('#mail');
  await expect.poll(async () => Math.abs((await edge()).end)).toBeLessThan(1);
});

test('nothing about it fails an audit, with the button at rest and focused', async () => {
  await goTo();
  await select('#first');
  await ask().waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await page.keyboard.press('Tab');
  expect(await axeViolations(page)).toEqual([]);
});

test('F20 a page of 100,000 nodes, all selected, costs less than half a frame a scroll', async () => {
  await goTo();
  await page.evaluate(() => {
    for (let part = 0; part < 20_000; part += 1) {
      const [paragraph, bold] = [document.createElement('p'), document.createElement('b')];
      bold.append('words');
      paragraph.append('Some ', bold, ' of a paragraph.');
      document.querySelector('main')?.append(paragraph);
    }
    getSelection()?.selectAllChildren(document.body);
  });
  await ask().waitFor({ timeout: 20_000 });
  const spent = await page.evaluate(() => {
    const started = performance.now();
    for (let event = 0; event < 20; event += 1) dispatchEvent(new Event('scroll'));
    return (performance.now() - started) / 20;
  });
  expect(spent).toBeLessThan(8);
});

test('a finger finds it below the words, large enough', async () => {
  await goTo('', PHONE);
  await select('#first');
  await ask().waitFor();
  const [own, words] = [await ask().boundingBox(), await page.locator('#first').boundingBox()];
  expect(own?.height).toBeGreaterThanOrEqual(44);
  expect(own?.y).toBeGreaterThan((words?.y ?? 0) + (words?.height ?? 0));
  await ask().tap();
  await page.getByText('We mend what breaks for 30 months.').nth(1).waitFor();
});

test.each([
  ['F15 what is marked private', '#private'],
  ['F14 what is typed into a form', '#form'],
  ['F14 what is written in an editor', '#editor'],
])('%s is not offered', async (_title, selector) => {
  await goTo();
  await select('#first');
  await ask().waitFor();
  await page.locator(selector).selectText();
  await ask().waitFor({ state: 'hidden' });
});

test('F18 an address in the words is redacted before it can leave', async () => {
  await goTo();
  await select('#mail');
  await ask().click();
  await page.getByText('Write to [mail] today.').waitFor();
});

test.each(['data-selection="off"', 'data-context="off"'])('%s: nothing is loaded and nothing shown', async (tag) => {
  await goTo(tag);
  await select('#first');
  // What would load it listens to the same event, earlier.
  await page.evaluate(() => {
    const heard = new Promise((resolve) => document.addEventListener('selectionchange', resolve, { once: true }));
    getSelection()?.selectAllChildren(document.body);
    return heard;
  });
  await launcher().click();
  await composer().waitFor();
  expect(requested('selection')).toEqual([]);
  expect(await ask().count()).toBe(0);
});

test('a page that is only read loads nothing for it, and a caret is no selection', async () => {
  await goTo();
  await page.locator('#first').click();
  await launcher().click();
  await composer().waitFor();
  expect(requested('selection')).toEqual([]);
});

test('F25 destroy takes it away for good', async () => {
  await goTo();
  await select('#first');
  await ask().waitFor();
  await page.evaluate(() => (window as never as { pagewise: { destroy: () => void } }).pagewise.destroy());
  expect(await ask().count()).toBe(0);
  await unselect();
  await select('#first');
  expect(await page.locator('pagewise-widget').count()).toBe(0);
});
