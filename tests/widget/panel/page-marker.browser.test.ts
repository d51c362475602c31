import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { encodeSse } from '../../../protocol/sse.ts';
import { launchChromium } from '../../../tools/chromium.ts';
import { SITE_TOKEN, startTwoOrigins, type TwoOrigins } from '../embed/two-origins.ts';

// The built files on a page as strict as pages get: what the server's effect does to the page is the browser's own work.

const THREAD = { id: 'thr_1', created_at: '2026-01-01T00:00:00Z', status: { type: 'active' as const } };
const QUESTION = {
  id: 'msg_1',
  thread_id: THREAD.id,
  created_at: THREAD.created_at,
  type: 'user_message' as const,
  content: [{ type: 'input_text' as const, text: 'Where does it say how long?' }],
  attachments: [],
  inference_options: {},
};
const FILLER = '<p>Words that fill the page so that it has to be scrolled.</p>'.repeat(60);
const BODY = `<h1>Manual</h1>${FILLER}<h2>Guarantee</h2>
  <p id="there">We <b>mend</b> what breaks for <i>30 months</i>.</p>
  <details><summary>And then?</summary><p id="folded">Then you pay the parts.</p></details>${FILLER}`;

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
});
afterEach(async () => {
  await page.context().close();
  expect(harm).toEqual([]);
});

/** Asks on the page; the answer is the effect that shows `place`. */
async function showOn(options: BrowserContextOptions, place: object): Promise<void> {
  origins.answer = ({ body }) => {
    if ((body as { type?: string } | undefined)?.type !== 'threads.create') return undefined;
    const thread = { ...THREAD, metadata: {}, items: { data: [], has_more: false } };
    const events = [
      encodeSse({ type: 'thread.created', thread }),
      encodeSse({ type: 'thread.item.done', item: QUESTION }),
      encodeSse({ type: 'client_effect', name: 'pagewise.show_passage', data: { ...place } }),
    ];
    return { status: 200, type: 'text/event-stream', body: Buffer.concat(events) };
  };
  const policy = `default-src 'none'; script-src ${origins.chat}; connect-src ${origins.chat}; require-trusted-types-for 'script'; trusted-types 'none'`;
  origins.pages.set('/', {
    html: `<!doctype html><html lang="en"><head><title>Manual</title>
      <meta name="viewport" content="width=device-width"></head><body><main>${BODY}</main>
      <script async src="${origins.chat}/widget.js" data-site-token="${SITE_TOKEN}"></script></body></html>`,
    headers: { 'content-security-policy': policy },
  });
  page = await (await browser.newContext(options)).newPage();
  page.setDefaultTimeout(5_000);
  page.on('pageerror', (error) => harm.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) harm.push(message.text());
  });
  await page.goto(origins.page);
  await page.locator('pagewise-widget button.launcher').click();
  const composer = page.getByRole('textbox', { name: 'Message' });
  await composer.fill('Where does it say how long?');
  await composer.press('Enter');
}

const marked = () =>
  page.evaluate(() => [...(CSS.highlights.get('pagewise-passage') ?? [])].map((range) => (range as Range).toString()));
const isInView = (selector: string) =>
  page.evaluate((selector) => {
    const rect = document.querySelector(selector)?.getBoundingClientRect();
    return rect !== undefined && rect.height > 0 && rect.top >= 0 && rect.bottom <= innerHeight;
  }, selector);
const panel = () => page.locator('pagewise-widget [role=dialog]');

const DESKTOP = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 780 } };

test('a passage is scrolled to and highlighted, and nothing of the page changes', async () => {
  await showOn(DESKTOP, { text: 'We mend what breaks for 30 months.', heading: 'Guarantee' });
  await expect.poll(() => isInView('#there')).toBe(true);
  expect(await marked()).toEqual(['We ', 'mend', ' what breaks for ', '30 months', '.']);
  expect(await page.locator('main').innerHTML()).toBe(BODY);
  const ground = await page.evaluate(() => {
    const element = document.querySelector('#there b') as Element;
    return getComputedStyle(element, '::highlight(pagewise-passage)').backgroundColor;
  });
  expect(ground).toBe('rgb(255, 226, 122)');
  expect(await panel().isVisible()).toBe(true);
});

test('Escape takes the highlight away, and so does closing the panel', async () => {
  await showOn(DESKTOP, { heading: 'Guarantee' });
  await expect.poll(marked).toEqual(['Guarantee']);
  await page.locator('main').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('Escape');
  expect(await marked()).toEqual([]);
  expect(await page.evaluate(() => document.adoptedStyleSheets.length)).toBe(0);
  expect(await panel().isVisible()).toBe(true);

  await page.getByRole('button', { name: 'New chat' }).click();
  await page.getByRole('textbox', { name: 'Message' }).fill('Once more');
  await page.keyboard.press('Enter');
  await expect.poll(marked).toEqual(['Guarantee']);
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  expect(await marked()).toEqual([]);
});

test('on a phone the panel makes room, and is there again with a tap', async () => {
  await showOn(PHONE, { text: 'We mend what breaks for 30 months.' });
  await panel().waitFor({ state: 'hidden' });
  await expect.poll(() => isInView('#there')).toBe(true);
  expect(await marked()).toEqual(['We ', 'mend', ' what breaks for ', '30 months', '.']);
  await page.locator('pagewise-widget button.launcher').click();
  await page.getByText('Where does it say how long?').waitFor();
});

test('a fold around the passage opens', async () => {
  await showOn(DESKTOP, { text: 'Then you pay the parts.' });
  await expect.poll(() => isInView('#folded')).toBe(true);
  expect(await marked()).toEqual(['Then you pay the parts.']);
});

test('who asked for less motion is brought there at once', async () => {
  await showOn({ ...DESKTOP, reducedMotion: 'reduce' }, { text: 'We mend what breaks for 30 months.' });
  await expect.poll(marked).not.toEqual([]);
  expect(await isInView('#there')).toBe(true);
});

test('what is not on the page moves nothing', async () => {
  await showOn(DESKTOP, { text: 'These words stand nowhere.', heading: 'Nor does this' });
  await page.getByText('Where does it say how long?').waitFor();
  await page.getByRole('button', { name: 'Stop answering' }).waitFor({ state: 'hidden' });
  expect(await marked()).toEqual([]);
  expect(await page.evaluate(() => scrollY)).toBe(0);
});
