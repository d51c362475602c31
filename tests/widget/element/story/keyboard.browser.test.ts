import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../../../tools/chromium.ts';
import { openStory, type Story } from './open-story.ts';
import { changeOptions, STATES } from './states.ts';

// The built element without a pointer, and what a screen reader is told of it.

/** More stops than any state has. */
const STOPS = 80;
const SIZE = { width: 400, height: 640 };

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(() => page.close());

async function open(story: Story = {}): Promise<void> {
  page = await openStory(browser, story, SIZE);
  page.setDefaultTimeout(10_000);
}

/** What has the focus: the control's name, or `page` for the host page. */
const focused = () =>
  page.evaluate(() => {
    const node = document.querySelector('openai-chatkit')?.shadowRoot?.activeElement;
    return node ? (node.getAttribute('aria-label') ?? node.textContent ?? '') : 'page';
  });

async function tabTo(name: string | RegExp, key = 'Tab'): Promise<void> {
  const seen: string[] = [];
  for (let stop = 0; stop < STOPS; stop += 1) {
    const now = await focused();
    if (typeof name === 'string' ? now === name : name.test(now)) return;
    seen.push(now);
    await page.keyboard.press(key);
  }
  throw new Error(`no way to ${name} by ${key}: ${seen.join(', ')}`);
}

/** What Tab comes to, in the order of its stops, and what it never comes to though it is there to be used. */
async function walk(): Promise<{ unseen: string[]; hidden: string[] }> {
  const note = () =>
    page.evaluate(() => {
      const root = document.querySelector('openai-chatkit')?.shadowRoot;
      const { stops } = Object.assign(window as unknown as { stops?: Set<Element> }, {
        stops: (window as unknown as { stops?: Set<Element> }).stops ?? new Set<Element>(),
      });
      const before = stops?.size ?? 0;
      if (root?.activeElement) stops?.add(root.activeElement);
      return (stops?.size ?? 0) > before;
    });
  // Round the page once: it ends where nothing new comes, and the page itself counts as a stop or two.
  for (let idle = 0, stop = 0; idle < 4 && stop < STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    idle = (await note()) ? 0 : idle + 1;
  }
  return page.evaluate(() => {
    const root = document.querySelector('openai-chatkit')?.shadowRoot;
    const stops = (window as unknown as { stops: Set<Element> }).stops;
    const shown = new Set(
      [...(root?.querySelectorAll('*') ?? [])].filter(
        (node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest('[inert]'),
      ),
    );
    const usable = root?.querySelectorAll(
      // The way to the end of the log is gone once Tab has come to it.
      'button:not(.jump), a[href], input, textarea, select, summary, [contenteditable], [tabindex="0"]',
    );
    // A group of radio buttons is one stop; its arrows go on.
    const radios = new Set([...stops].map((node) => node.matches('[type=radio]') && node.getAttribute('name')));
    const unseen = [...(usable ?? [])].filter(
      (node) =>
        shown.has(node) &&
        !stops.has(node) &&
        !radios.has(node.getAttribute('name')) &&
        !node.matches(':disabled, [tabindex="-1"]'),
    );
    const hidden = [...stops].filter((node) => node.isConnected && !shown.has(node));
    return { unseen: unseen.map(({ outerHTML }) => outerHTML), hidden: hidden.map(({ outerHTML }) => outerHTML) };
  });
}

// Shows 139, 140.
test.each(STATES)('Tab comes to every control, and to nothing hidden: $name', async ({ story, reach }) => {
  await open(story);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await reach(page);
  await changeOptions(page, {});
  // Round once more where a control's chunk came while the first round was on its way.
  await expect.poll(walk, { timeout: 10_000 }).toEqual({ unseen: [], hidden: [] });
});

// Shows 140, 141.
test('goes from the header to the thread and the composer and back, one layer at a time', async () => {
  await open({ options: { header: { leftAction: { icon: 'menu' }, rightAction: { icon: 'close' } } } });
  await changeOptions(page, {});
  expect(await focused()).toBe('page');
  await page.getByRole('button', { name: 'Menu' }).waitFor();
  const order: string[] = [];
  for (let stop = 0; stop < 7; stop += 1) {
    await page.keyboard.press('Tab');
    order.push(await focused());
  }
  expect(order).toEqual([
    'Menu',
    'Chat history',
    'Close',
    'Which plan fits a team of ten?',
    'Summarise this page',
    'How do I rotate an API key?',
    'Message',
  ]);

  // A prompt asks, and its focus goes on to the composer.
  await tabTo('Summarise this page', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  await expect.poll(focused).toBe('Message');
  await tabTo('Good answer', 'Shift+Tab');
  await page.keyboard.press('Space');
  await page.locator('[aria-pressed=true]').waitFor();

  // History: into a row's own layer, and out of one after the other.
  await tabTo('Chat history', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Rotating an API key/ }).waitFor();
  await tabTo('Rename “Rotating an API key”');
  await page.keyboard.press('Enter');
  expect(await focused()).toBe('Title of the chat');
  await page.keyboard.press('Escape');
  expect(await focused()).toBe('Rename “Rotating an API key”');
  await page.keyboard.press('Escape');
  await expect.poll(focused).toBe('Chat history');
  await page.keyboard.press('Enter');
  await tabTo(/^Message limits/);
  await page.keyboard.press('Enter');
  await expect.poll(focused).toBe('Message');
});

// Shows 141.
test('leaves the focus to the page while a thread opens and an answer streams', async () => {
  await open({ options: { initialThread: 'thr_1' } });
  await page.getByText('Yes. The').waitFor();
  expect(await focused()).toBe('page');
  await page.evaluate(() => {
    const field = document.createElement('input');
    document.body.prepend(field);
    field.focus();
    const { story } = window as unknown as { story: { sendUserMessage(message: object): Promise<void> } };
    return story.sendUserMessage({ text: 'And the Team plan?' });
  });
  await page.getByText('And the Team plan?').waitFor();
  await expect.poll(() => page.getByRole('button', { name: 'Copy answer' }).count()).toBe(2);
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
});

// Shows 137.
test('tells a finished answer once, and not one word of it before', async () => {
  await open({ script: { mode: 'notice' } });
  await page.evaluate(() => {
    const region = document.querySelector('openai-chatkit')?.shadowRoot?.querySelector('[aria-live=polite]');
    const heard: string[] = Object.assign(window as unknown as { heard: string[] }, { heard: [] as string[] }).heard;
    new MutationObserver(() => region?.textContent && heard.push(region.textContent)).observe(region as Node, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  const log = page.getByRole('log', { name: 'Conversation' });
  await page.getByRole('textbox', { name: 'Message' }).fill('What is in it?');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  expect(await log.getAttribute('aria-live')).toBe('off');
  const heard = () => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
  await expect.poll(heard).toHaveLength(1);
  const [words = ''] = await heard();
  expect(words).toMatch(/^The assistant said: Yes\. The Starter plan includes/);
  // What came along with it is told with it, as words.
  expect(words).toContain('Answers are in English only.');
  expect(words).toContain('The status page reports a fault.');
});

// Shows 138.
test('has its headings at the level that the page gives it', async () => {
  await open({ options: { initialThread: 'thr_1' } });
  const outline = () =>
    page
      .getByRole('heading')
      .evaluateAll((nodes) =>
        nodes
          .filter((node) => node.getRootNode() !== document)
          .map((node) => [node.ariaLevel ?? node.tagName, node.textContent]),
      );
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  expect(await outline()).toEqual([
    ['H2', 'Message limits of the Starter plan'],
    ['H3', 'You said'],
    ['H3', 'The assistant said'],
    ['H4', 'What each plan includes'],
  ]);
  await page.evaluate(() => document.querySelector('openai-chatkit')?.setAttribute('data-pagewise-heading-level', '3'));
  await changeOptions(page, { theme: 'dark' });
  await expect.poll(outline).toEqual([
    ['3', 'Message limits of the Starter plan'],
    ['4', 'You said'],
    ['4', 'The assistant said'],
    ['5', 'What each plan includes'],
  ]);
});
