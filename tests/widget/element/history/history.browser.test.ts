import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../../../tools/chromium.ts';
import { openStory, type Story } from '../story/open-story.ts';

// Header and history of the built element, by keyboard.

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(() => page.close());

async function open(story: Story = {}): Promise<void> {
  page = await openStory(browser, story, { width: 400, height: 640 });
  page.setDefaultTimeout(10_000);
}

async function openHistory(story: Story = {}): Promise<void> {
  await open(story);
  await page.getByRole('button', { name: 'Chat history' }).press('Enter');
  await row('Message limits').waitFor();
}

interface StoryWindow {
  script: { requests: { request: { type: string; params: unknown } }[] };
  events: [string, string | null][];
}
const told = <T>(read: (story: StoryWindow) => T) => page.evaluate<T>(`(${String(read)})(window)`);
const sent = async (type: string) =>
  (await told(({ script }) => script.requests.map(({ request }) => request))).filter(
    (request) => request.type === type,
  );
const row = (title: string) => page.getByRole('listitem').getByRole('button', { name: new RegExp(`^${title}`) });
const focused = () =>
  page.evaluate(() => {
    const node = document.querySelector('openai-chatkit')?.shadowRoot?.activeElement;
    return node?.getAttribute('aria-label') ?? node?.textContent;
  });

test('renames a thread in its place, and Escape gives up only that', async () => {
  await openHistory();
  const rename = page.getByRole('button', { name: 'Rename “Rotating an API key”' });
  await rename.press('Enter');
  const field = page.getByRole('textbox', { name: 'Title of the chat' });
  expect(await field.inputValue()).toBe('Rotating an API key');
  await field.fill('never kept');
  await field.press('Escape');
  expect(await focused()).toBe('Rename “Rotating an API key”');
  await rename.press('Enter');
  await field.fill('  Rotating keys  ');
  await field.press('Enter');
  await row('Rotating keys').waitFor();
  expect(await focused()).toBe('Rename “Rotating keys”');
  expect(await sent('threads.update')).toEqual([
    { type: 'threads.update', params: { thread_id: 'thr_2', title: 'Rotating keys' } },
  ]);
});

test('deletes a thread after a question, and the focus goes to the next one', async () => {
  await openHistory({ options: { initialThread: 'thr_1' } });
  const ask = page.getByRole('button', { name: 'Delete “Message limits of the Starter plan”' });
  await ask.press('Enter');
  expect(await focused()).toBe('Cancel');
  await page.keyboard.press('Enter');
  expect(await sent('threads.delete')).toEqual([]);
  expect(await focused()).toBe('Delete “Message limits of the Starter plan”');
  await ask.press('Enter');
  await page.getByRole('button', { name: 'Delete', exact: true }).press('Enter');
  await row('Message limits').waitFor({ state: 'detached' });
  expect(await sent('threads.delete')).toEqual([{ type: 'threads.delete', params: { thread_id: 'thr_1' } }]);
  await page.getByText('The chat is deleted.').waitFor({ state: 'attached' });
  await expect.poll(focused).toContain('Rotating an API key');
  // It was the one shown: a new chat takes its place, behind the list that stays.
  expect((await told(({ events }) => events)).at(-1)).toEqual(['thread.change', null]);
});

test('takes a change back that the server refuses, and says so', async () => {
  await openHistory({ script: { history: 'refuse' } });
  await page.getByRole('button', { name: 'Rename “Rotating an API key”' }).press('Enter');
  await page.getByRole('textbox', { name: 'Title of the chat' }).fill('Rotating keys');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  expect(await row('Rotating an API key').count()).toBe(1);
  expect(await told(({ events }) => events.some(([name]) => name === 'error'))).toBe(true);
});

// Shows 77.
test('lists locked, closed and untitled threads, the older ones page by page', async () => {
  await openHistory();
  await row('SSO with Okta').getByText('Locked').waitFor();
  const older = page.getByRole('button', { name: 'Show older chats' });
  await older.press('Enter');
  await row('Untitled chat').getByText('Closed').waitFor();
  expect(await older.count()).toBe(0);
  expect(await page.getByRole('region', { name: 'Chat history' }).getByRole('listitem').count()).toBe(6);
  await row('Untitled chat').press('Enter');
  await page.getByText('This question is settled.').waitFor();
});

test('offers neither where the host wants none of it, and its own buttons where it does', async () => {
  await openHistory({ options: { history: { showRename: false, showDelete: false } } });
  expect(await page.getByRole('button', { name: /^(Rename|Delete)/ }).count()).toBe(0);
  await page.keyboard.press('Escape');
  await page.evaluate(() => {
    const { story, pressed } = Object.assign(
      window as unknown as { story: HTMLElement & { setOptions(o: unknown): void; options: object } },
      {
        pressed: [] as string[],
      },
    );
    story.setOptions({
      ...story.options,
      header: {
        leftAction: { icon: 'settings-cog', onClick: () => pressed.push('left') },
        rightAction: { icon: 'no-such-icon', onClick: () => pressed.push('right') },
      },
    });
  });
  await page.getByRole('button', { name: 'Settings' }).press('Enter');
  await page.getByRole('button', { name: 'no such icon' }).press('Enter');
  expect(await page.evaluate(() => (window as unknown as { pressed: string[] }).pressed)).toEqual(['left', 'right']);
});
