import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../../../tools/chromium.ts';
import { type AppServer, startAppServer } from '../apps/app-server.ts';
import { openPlainPage } from '../apps/plain-page.ts';

let browser: Browser;
let server: AppServer;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), startAppServer()]);
});
afterAll(() => Promise.all([browser.close(), server.close()]));
beforeEach(async () => {
  ({ page, complaints } = await openPlainPage(browser, server));
  await page.evaluate(() => window.plain.make({}));
});
afterEach(async () => {
  await page.close();
  expect(complaints).toEqual([]);
});

const composer = () => page.getByRole('textbox');
const sent = () => server.endpoint.requests.map(({ request }) => request.params);

// Shows 101, 102.
test('sends by Enter, breaks the line by Shift+Enter, and does neither with nothing to send', async () => {
  await composer().fill('  ');
  await page.keyboard.press('Enter');
  expect(await page.getByRole('button', { name: 'Send message' }).isDisabled()).toBe(true);
  await composer().fill('One');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('two');
  expect(sent()).toEqual([]);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  expect(sent()).toMatchObject([{ input: { content: [{ type: 'input_text', text: 'One\ntwo' }] } }]);
});

// Shows 101.
test('leaves the Enter that ends a composition to the input method, and takes the one that it passes on', async () => {
  await composer().fill('안녕');
  // As Chromium and Safari tell it while an input method is at work: the second knows only the old key code.
  await composer().dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true });
  await composer().dispatchEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true });
  expect(await composer().inputValue()).toBe('안녕');
  // A Korean one commits its text, and what comes then is a line break that no key of the page's asked for.
  await composer().evaluate((node) =>
    node.dispatchEvent(
      new InputEvent('beforeinput', { inputType: 'insertLineBreak', bubbles: true, cancelable: true }),
    ),
  );
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  expect(sent()).toMatchObject([{ input: { content: [{ type: 'input_text', text: '안녕' }] } }]);
});

// Shows 115.
test('switches the composer off with the reason of a lock, puts a banner in place of it, and gives it back', async () => {
  await composer().fill('One');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  const thread = server.endpoint.threads.get('thr_1');
  if (!thread) throw new Error('no thread');
  thread.status = { type: 'locked', reason: 'Under review' };
  await page.evaluate(() => window.plain.element.fetchUpdates());
  await expect.poll(() => composer().isDisabled()).toBe(true);
  expect(await composer().getAttribute('placeholder')).toBe('Under review');
  thread.status = { type: 'closed', reason: 'Solved' };
  await page.evaluate(() => window.plain.element.fetchUpdates());
  await page.getByText('Solved', { exact: true }).waitFor();
  expect(await composer().count()).toBe(0);
  thread.status = { type: 'active' };
  await page.evaluate(() => window.plain.element.fetchUpdates());
  await expect.poll(() => composer().isEnabled()).toBe(true);
});

test('keeps what is typed from the shortcuts of the host page, and leaves it Escape, Tab and what has a modifier', async () => {
  await page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(window, { heardKeys: heard });
    // As the searches of documentation sites listen: for them the target is the element, which is no text field.
    for (const type of ['keydown', 'keypress', 'keyup'])
      addEventListener(type, (event) => {
        const { key } = event as KeyboardEvent;
        heard.push(`${type} ${key}`);
        if (key === '/') event.preventDefault();
      });
  });
  const keys = () => page.evaluate(() => (window as unknown as { heardKeys: string[] }).heardKeys);
  await composer().focus();
  await page.keyboard.type('a/b');
  for (const key of ['ArrowLeft', 'Home', 'Backspace', 'Shift+Enter', 'Alt+a', 'Control+Alt+q'])
    await page.keyboard.press(key);
  // A modifier alone is heard: it types nothing.
  const modifiers = /Shift|Alt|Control|Meta/;
  expect((await keys()).filter((key) => !modifiers.test(key))).toEqual([]);
  expect(await composer().inputValue()).toContain('a/b');
  for (const key of ['Control+k', 'Meta+k', 'Escape', 'F6', 'Tab']) await page.keyboard.press(key);
  const wanted = (await keys()).filter((key) => key.startsWith('keydown') && !modifiers.test(key));
  expect(wanted).toEqual(['keydown k', 'keydown k', 'keydown Escape', 'keydown F6', 'keydown Tab']);
});
