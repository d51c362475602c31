import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../tools/chromium.ts';
import { PICTURE } from '../widget/element/story/open-story.ts';
import { ChatWindow } from './chat-window.ts';
import { type Stack, startStack } from './stack.ts';
import { visit } from './visit.ts';

let browser: Browser;
let stack: Stack;
beforeAll(async () => {
  [browser, stack] = await Promise.all([launchChromium(), startStack()]);
});
afterAll(async () => {
  await browser.close();
  await stack.close();
});

const PHOTO = { name: 'mast.png', mimeType: 'image/png', buffer: PICTURE };
const NOTES = {
  name: 'notes.md',
  mimeType: 'text/markdown',
  buffer: Buffer.from('# Notes\n\nThe mast is 31 metres high.\n'),
};

interface Watched {
  chat: ChatWindow;
  page: Page;
  /** The session token of the last request, as a browser of the visitor's has it. */
  token: () => string;
  /** Addresses that the page asked for, in their order. */
  asked: string[];
  complaints: string[];
}

/** The page with the strictest policy; what it, the browser or the console objects to is noted. */
async function openStrictPage(): Promise<Watched> {
  const page = await visit(browser, 'about:blank');
  const [asked, complaints]: [string[], string[]] = [[], []];
  let token = '';
  page.on('request', (request) => {
    asked.push(request.url());
    if (request.url().endsWith('/chatkit')) token = request.headers()['authorization'] ?? token;
  });
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${stack.demoUrl}/strict.html`);
  const chat = new ChatWindow(page);
  await chat.open();
  return { chat, page, token: () => token, asked, complaints };
}

/** What an address answers to the visitor's own browser. */
function status(page: Page, url: string, token = ''): Promise<number> {
  return page.evaluate(
    async ([url, authorization]) => (await fetch(url, { headers: authorization ? { authorization } : {} })).status,
    [url, token] as const,
  );
}

test('files are uploaded, sent, answered, there after a reload, and gone with their thread', async () => {
  const { chat, page, token, asked, complaints } = await openStrictPage();
  await chat.attach(PHOTO, NOTES);
  await expect.poll(() => chat.tiles.getByText('1 kB').count()).toBe(2);
  await chat.ask('How high is the mast?');
  expect(await chat.log.innerText()).toContain('31 metres');
  const shown = async (): Promise<void> => {
    await chat.log.getByRole('list', { name: 'Attached files' }).getByText('notes.md').waitFor();
    const picture = chat.log.getByRole('img', { name: 'mast.png' });
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(2);
  };
  await shown();
  await page.reload();
  await chat.openIfClosed();
  await shown();

  const preview = await chat.log.getByRole('img', { name: 'mast.png' }).getAttribute('src');
  const files = [...new Set(asked.filter((url) => /\/v1\/files\/[^/]+$/.test(url)))];
  expect(files).toHaveLength(2);
  expect(await status(page, preview ?? '')).toBe(200);
  for (const file of files) expect(await status(page, file, token())).toBe(200);

  const threadId = await page.evaluate(() => Object.values(localStorage).find((value) => value.startsWith('thr_')));
  const deleted = await page.evaluate(
    async ([url, authorization, thread_id]) => {
      const headers = { authorization, 'content-type': 'application/json' };
      const body = JSON.stringify({ type: 'threads.delete', params: { thread_id } });
      return (await fetch(url, { method: 'POST', headers, body })).status;
    },
    [`${stack.chatUrl}/chatkit`, token(), threadId] as const,
  );
  expect(deleted).toBe(200);
  expect(complaints).toEqual([]);
  expect(await status(page, preview ?? '')).toBe(404);
  for (const file of files) expect(await status(page, file, token())).toBe(404);
});

test('a file that is taken off the draft is taken off the server', async () => {
  const { chat, page, token, asked, complaints } = await openStrictPage();
  await chat.attach(PHOTO);
  await chat.tiles.getByText('1 kB').waitFor();
  const file = asked.findLast((url) => url.includes('/v1/files/')) ?? '';
  expect(await status(page, file, token())).toBe(200);
  await chat.button('Remove: mast.png').click();
  await chat.tiles.waitFor({ state: 'detached' });
  await expect.poll(() => status(page, file, token())).toBe(404);
  expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
});

test('what the server finds to be something else is refused in words', async () => {
  const { chat } = await openStrictPage();
  await chat.attach({ ...PHOTO, buffer: Buffer.from('<html><script>alert(1)</script></html>') });
  await chat.panel.getByText('“mast.png” is of a type that is not accepted here.').waitFor();
  expect(await chat.button('Send message').getAttribute('aria-disabled')).toBe('true');
});
