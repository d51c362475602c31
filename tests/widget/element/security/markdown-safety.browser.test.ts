import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../../../tools/chromium.ts';
import { openStory } from '../story/open-story.ts';
import { VECTORS } from './vectors.ts';

// The vectors in the built element in a real browser, on a page without a Content Security Policy: what holds there the
// element holds alone. A script that ran would show a dialog; a request is counted, wherever it goes.

/** Every so many of the vectors arrives letter by letter. */
const STEP = 12;

interface StoryWindow {
  script: { known: Record<string, unknown[]>; mode: string; words: string[] };
  story: { setThreadId(id: string): Promise<void>; shadowRoot: ShadowRoot };
}

let browser: Browser;
let page: Page;
let happened: string[];

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(() => page.close());

async function open(): Promise<void> {
  happened = [];
  page = await openStory(browser, { csp: false }, { width: 400, height: 640 });
  page.on('dialog', (dialog) => {
    happened.push(`ran: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => happened.push(error.message));
  page.on('request', (request) => {
    // What draws the cards of sources is the element's own.
    if (!request.url().startsWith('https://story.test/assets/')) happened.push(`asked: ${request.url()}`);
  });
  page.on('framenavigated', (frame) => happened.push(`went: ${frame.url()}`));
}

const forbidden = () =>
  page.evaluate(() => {
    const { shadowRoot } = (window as unknown as StoryWindow).story;
    return [...shadowRoot.querySelectorAll<HTMLElement>('[href], [src], script, style, iframe, link, object, embed')]
      .filter((node) => !/^(?:https?:\/\/|mailto:|tel:)/.test(node.getAttribute('href') ?? ''))
      .map((node) => node.outerHTML);
  });

/** Over and on everything that can be pointed at; a link is not followed, because that is the reader's to do. */
async function touchAll(): Promise<void> {
  await page.evaluate(() => {
    const { shadowRoot } = (window as unknown as StoryWindow).story;
    for (const node of shadowRoot.querySelectorAll('.scroller *')) {
      for (const type of ['pointerenter', 'mouseover', 'focus', 'animationstart', 'toggle', 'load', 'error'])
        node.dispatchEvent(new Event(type, { bubbles: false }));
      if (node instanceof HTMLElement && !node.closest('a, .actions')) node.click();
    }
  });
}

// Shows 120, 122.
test('E1 E2 E5 E6 E8 E10 E12 E19 runs nothing and asks nobody, whatever a thread says', async () => {
  await open();
  await page.evaluate(async (vectors) => {
    const { script, story } = window as unknown as StoryWindow;
    const base = { thread_id: 'thr_given', created_at: '2026-11-20T09:00:00Z' };
    const message = (text: string, index: number) => ({
      ...base,
      id: `msg_${index}`,
      type: 'assistant_message',
      content: [
        {
          type: 'output_text',
          text,
          annotations: [
            { type: 'annotation', index: 0, source: { type: 'url', title: text, url: text, description: text } },
            { type: 'annotation', index: 0, source: { type: 'file', title: text, filename: text } },
          ],
        },
      ],
    });
    script.known['thr_given'] = vectors.map(message);
    await story.setThreadId('thr_given');
  }, VECTORS);
  await page
    .locator('.answer')
    .nth(VECTORS.length - 1)
    .waitFor();
  await touchAll();
  expect(await forbidden()).toEqual([]);
  expect(happened).toEqual([]);
});

// Shows 120, 122.
test('E7 E12 runs nothing and asks nobody while an answer arrives', async () => {
  await open();
  const words = VECTORS.filter((_, index) => index % STEP === 0).join('\n\n');
  await page.evaluate(
    (text) => Object.assign((window as unknown as StoryWindow).script, { mode: 'say', words: text.split('') }),
    words,
  );
  await page.getByRole('textbox', { name: 'Message' }).fill('Say it');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  await touchAll();
  expect(await forbidden()).toEqual([]);
  expect(happened).toEqual([]);
});
