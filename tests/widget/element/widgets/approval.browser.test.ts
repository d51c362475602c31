import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../../../../tools/chromium.ts';
import { openStory } from '../story/open-story.ts';

// F13: a call is approved by a visitor who could see what it is, not by a script, a covered button or a pointer that
// happened to be there. In the built element, with the browser's own presses.

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  const noting = {
    async newPage(options: Parameters<Browser['newPage']>[0]) {
      const opened = await browser.newPage(options);
      await opened.addInitScript(NOTE_SIGHT);
      return opened;
    },
  };
  page = await openStory(noting, { options: { initialThread: 'thr_approve' } }, { width: 480, height: 700 });
  page.setDefaultTimeout(10_000);
  await button('Approve').waitFor();
  await holdTime();
  await inPage(`window.story.style.visibility = 'hidden'`);
  await seen(false);
  await inPage(`window.story.style.visibility = ''`);
  await seen(true);
});
afterEach(() => page.close());

/** What the element's own observer is told of the button. */
const NOTE_SIGHT = `{
  const Browsers = IntersectionObserver;
  window.IntersectionObserver = class extends Browsers {
    constructor(note, options) {
      super((entries, self) => {
        note(entries, self);
        const { isIntersecting, isVisible } = entries.at(-1);
        if (options.trackVisibility) window.sight = isIntersecting && isVisible;
      }, options);
    }
  };
}`;
const button = (name: string) => page.getByRole('button', { name });
const hint = () => page.getByRole('alert').filter({ hasText: 'full view' });
const inPage = <T>(script: string) => page.evaluate<T>(script);
const approvals = () =>
  inPage<{ type: string }[]>(`window.script.requests.map(({ request }) => request.params.action).filter(Boolean)`);

/** From now on the page's clock stands where a test puts it. */
const holdTime = () =>
  inPage(`{ let at = performance.now(); performance.now = () => at; window.wait = (ms) => (at += ms); }`);
const wait = (ms: number) => inPage(`window.wait(${ms})`);

/** Resolves when the element has been told so of the button. */
const seen = (expected: boolean) =>
  page.waitForFunction((value) => (window as { sight?: boolean }).sight === value, expected);

/** A press of the mouse where the button is, whatever lies over it. */
async function press(): Promise<void> {
  const box = await button('Approve').boundingBox();
  if (!box) throw new Error('the button has no place');
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

test('F13 a press counts when the button has been in view for half a second, once', async () => {
  await wait(499);
  await press();
  await hint().waitFor();
  expect(await approvals()).toEqual([]);
  await wait(1_000);
  await press();
  await page.locator('article[aria-busy=true]').waitFor();
  await press();
  expect(await hint().count()).toBe(0);
  const payload = { hash: 'MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE' };
  expect(await approvals()).toEqual([{ type: 'pagewise.approve', payload }]);
  await inPage('window.script.release()');
  await page.getByText('You approved it, and it was done.', { exact: true }).waitFor();
  expect(await button('Approve').count()).toBe(0);
});

test('F13 a key counts as a press does', async () => {
  await button('Approve').focus();
  await page.keyboard.press('Enter');
  await hint().waitFor();
  expect(await approvals()).toEqual([]);
  await wait(1_000);
  await page.keyboard.press('Enter');
  await expect.poll(approvals).toHaveLength(1);
});

test('declining takes no waiting', async () => {
  await button('Decline').click();
  await expect.poll(approvals).toMatchObject([{ type: 'pagewise.decline' }]);
});

test.each([
  ['a click', 'target.click()'],
  ['an event', `target.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, detail: 1 }))`],
  [
    'a call',
    `element.sendCustomAction({ type: 'pagewise.approve', payload: { hash: 'x' } }, 'msg_approval').catch(() => {})`,
  ],
])('F13 %s that a script makes approves nothing', async (_, script) => {
  await wait(1_000);
  await inPage(`(async () => {
    const element = document.querySelector('openai-chatkit');
    const target = element.shadowRoot.querySelector('[data-watched]');
    await ${script};
  })()`);
  expect(await approvals()).toEqual([]);
  // It was the script that was refused, not the button.
  await press();
  await expect.poll(approvals).toHaveLength(1);
});

const cover = (style: string) => `{
  const cover = document.body.appendChild(document.createElement('div'));
  Object.assign(cover.style, { position: 'fixed', inset: '0', zIndex: '9', pointerEvents: 'none', ${style} });
  window.undo = () => cover.remove();
}`;
const host = (style: string) => `{
  window.story.setAttribute('data-was', window.story.style.cssText);
  Object.assign(window.story.style, { ${style} });
  window.undo = () => (window.story.style.cssText = window.story.getAttribute('data-was'));
}`;

describe('F13 what cannot be seen cannot be approved', () => {
  test.each([
    ['under a picture of something else', cover(`background: '#fff'`)],
    ['under a transparent layer', cover(`background: 'rgb(255 255 255 / 1%)'`)],
    ['on an element that is faded', host(`opacity: '0.01'`)],
    ['on an element that is shrunk', host(`transform: 'scale(0.2)'`)],
    ['on an element that is filtered', host(`filter: 'invert(1)'`)],
  ])('%s', async (_, hide) => {
    await inPage(hide);
    await seen(false);
    await wait(1_000);
    await press();
    await hint().waitFor();
    expect(await approvals()).toEqual([]);
    await inPage('window.undo()');
    await seen(true);
    await press();
    expect(await approvals()).toEqual([]);
    await wait(1_000);
    await press();
    await expect.poll(approvals).toHaveLength(1);
  });
});
