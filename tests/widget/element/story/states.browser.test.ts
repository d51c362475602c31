import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../../../tools/chromium.ts';
import { axeViolations } from '../../../axe-violations.ts';
import { openStory } from './open-story.ts';
import { changeOptions, STATES } from './states.ts';

// Every state of the story, as each kind of reader has it.

const DESKTOP = { width: 640, height: 800 };
const NARROW = { width: 320, height: 640 };
/** Pixels that some box is wider than its place; a box that scrolls by itself is meant to be. */
const OVERFLOW = `(() => {
  const root = document.querySelector('openai-chatkit').shadowRoot;
  const boxes = [document.documentElement, ...root.querySelectorAll('.chat, .scroller, .start, .history, .foot, .header')];
  return boxes.map((box) => box.scrollWidth - box.clientWidth).filter((pixels) => pixels > 0);
})()`;

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(() => page.close());

// Shows 142, 143, 145.
test.each(STATES)('axe finds nothing and nothing overflows: $name', async ({ story, reach }) => {
  page = await openStory(browser, story, DESKTOP);
  page.setDefaultTimeout(10_000);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await reach(page);
  for (const size of [DESKTOP, NARROW])
    for (const locale of ['en', 'ar'])
      for (const theme of ['light', 'dark']) {
        const where = `${size.width} px, ${locale}, ${theme}`;
        await page.setViewportSize(size);
        await changeOptions(page, { theme, locale });
        expect(await axeViolations(page), where).toEqual([]);
        expect(await page.evaluate(OVERFLOW), where).toEqual([]);
      }
});
