import type { OpenAIChatKit } from '@openai/chatkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../../../tools/chromium.ts';
import { axeViolations } from '../../../axe-violations.ts';
import { openStory, PICTURE } from '../story/open-story.ts';

// Files in the composer of the built element, under a policy that has no room for `blob:` pictures. Any console error,
// CSP report among them, fails the test.

const NOTES = { name: 'notes.md', mimeType: 'text/markdown', buffer: Buffer.from('# Notes') };
const PHOTO = { name: 'photo.png', mimeType: 'image/png', buffer: PICTURE };
const SIZE = { width: 400, height: 640 };
const LIMITS = {
  enabled: true,
  maxSize: { 'image/*': 1024, '*': 32 },
  maxCount: 3,
  accept: { 'image/png': ['.png'], 'text/markdown': ['.md'], 'text/plain': ['.txt'] },
};

let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(async () => {
  await page.close();
  expect(complaints).toEqual([]);
});

async function open(options: Record<string, unknown> = {}): Promise<void> {
  complaints = [];
  page = await openStory(browser, { options: { composer: { attachments: LIMITS }, ...options } }, SIZE);
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A request that a test refuses is told by the browser itself.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
}
const button = (name: string) => page.getByRole('button', { name, exact: true });
const tiles = () => page.getByRole('list', { name: 'Attached files' }).getByRole('listitem');
const status = () => page.getByRole('status').filter({ hasText: /\w/ });
const requests = () =>
  page.evaluate(() =>
    (window as unknown as { script: { requests: { request: Req }[] } }).script.requests.map(({ request }) => request),
  );
interface Req {
  type: string;
  params: Record<string, unknown> & { input?: { attachments: string[]; content: unknown[] } };
}

/** What a host page does: one attachment of its own, and one file to upload. */
const setValue = (name: string, type: string) =>
  page.evaluate(
    async ([name, type]) => {
      const { story } = window as unknown as { story: OpenAIChatKit };
      const given = { type: 'file' as const, id: 'atc_host', name: 'host.pdf', mime_type: 'application/pdf' };
      await story.setComposerValue({ attachments: [given], files: [new File(['Hello'], name, { type })] });
    },
    [name, type] as const,
  );
const heard = () =>
  page.evaluate(() => (window as unknown as { events: [string, unknown][] }).events.map(([name]) => name));

/** Picks files with the keyboard alone. */
async function pick(...files: (typeof NOTES)[]): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await button('Attach files').press('Enter');
  await (await chooser).setFiles(files);
}

/** What a drop or a paste carries; Playwright has no hand for either. */
async function transfer(
  type: 'drop' | 'paste' | 'dragenter',
  files: (typeof NOTES)[],
  words: Record<string, string> = {},
) {
  const given = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') }));
  await page.evaluate(
    ({ type, given, words }) => {
      const data = new DataTransfer();
      for (const { name, mimeType, base64 } of given)
        data.items.add(
          new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name, { type: mimeType }),
        );
      for (const [kind, text] of Object.entries(words)) data.setData(kind, text);
      const root = document.querySelector('openai-chatkit')?.shadowRoot;
      const init = { bubbles: true, cancelable: true, composed: true };
      root
        ?.querySelector(type === 'paste' ? 'textarea' : '.main')
        ?.dispatchEvent(
          type === 'paste'
            ? new ClipboardEvent(type, { ...init, clipboardData: data })
            : new DragEvent(type, { ...init, dataTransfer: data }),
        );
    },
    { type, given, words },
  );
}

// Shows 102, 108.
test('picks files, uploads each with the words of the server, and sends them without a text', async () => {
  await open();
  const uploads: { method: string; headers: Record<string, string>; body: string }[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/upload/'))
      uploads.push({ method: request.method(), headers: request.headers(), body: request.postData() ?? '' });
  });
  expect(await button('Send message').isDisabled()).toBe(true);
  await pick(NOTES, PHOTO);
  await expect.poll(() => tiles().getByText('1 kB').count()).toBe(2);
  expect(uploads[0]).toMatchObject({ method: 'POST', headers: { 'x-upload': 'atc_1' } });
  expect(uploads[0]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
  expect(uploads[0]?.body).toMatch(
    /name="file"; filename="notes\.md"\r\nContent-Type: text\/markdown\r\n\r\n# Notes\r\n/,
  );
  await button('Send message').click();
  await button('Copy answer').waitFor();
  expect(await page.getByRole('log').getByRole('img', { name: 'photo.png' }).isVisible()).toBe(true);
  expect(await page.getByRole('log').getByText('notes.md').isVisible()).toBe(true);
  expect(await button('Remove: notes.md').count()).toBe(0);
  expect((await requests()).find(({ type }) => type === 'threads.create')?.params.input).toEqual({
    content: [],
    quoted_text: '',
    attachments: ['atc_1', 'atc_2'],
    inference_options: {},
  });
});

// Shows 105.
test('takes what is dropped anywhere on it, and shows where before', async () => {
  await open();
  await transfer('dragenter', [NOTES]);
  await page.getByText('Drop files here').waitFor();
  await transfer('drop', [NOTES]);
  await page.getByText('Drop files here').waitFor({ state: 'detached' });
  await tiles().getByText('notes.md').waitFor();
});

// Shows 105.
test('takes a pasted picture, and leaves a pasted table to the text', async () => {
  await open();
  await transfer('paste', [PHOTO]);
  await tiles().getByText('photo.png').waitFor();
  await transfer('paste', [PHOTO], { 'text/plain': 'a\tb', 'text/html': '<table>' });
  await expect.poll(() => tiles().count()).toBe(1);
});

// Shows 106.
test.each([
  ['too large', { ...NOTES, buffer: Buffer.alloc(33 * 1024) }, '“notes.md” is larger than 32 kB.'],
  [
    'of a type that is not accepted',
    { ...NOTES, name: 'page.html', mimeType: 'text/html' },
    '“page.html” is of a type that is not accepted here.',
  ],
])('a file that is %s is not taken, and said why', async (_name, file, words) => {
  await open({ composer: { attachments: { ...LIMITS, maxSize: 32 * 1024 } } });
  await pick(file, PHOTO);
  await status().getByText(words).waitFor();
  await expect.poll(() => tiles().count()).toBe(1);
  await pick(NOTES);
  await status().getByText(words).waitFor({ state: 'detached' });
});

// Shows 106.
test('takes no more than a message may have', async () => {
  await open();
  await pick(NOTES, PHOTO, { ...NOTES, name: 'b.md' }, { ...NOTES, name: 'c.md' });
  await status().getByText('A message can have at most 3 files.').waitFor();
  await expect.poll(() => tiles().count()).toBe(3);
});

// Shows 103, 107.
test('an upload that breaks off is shown, tried again, and held back from sending until then', async () => {
  await open();
  await page.route('**/upload/atc_1', (route) => route.abort('connectionreset'));
  await page.getByRole('textbox').fill('Read this');
  await pick(NOTES);
  await status().getByText('“notes.md” could not be uploaded.').waitFor();
  await page.keyboard.press('Enter');
  expect(await button('Send message').getAttribute('aria-disabled')).toBe('true');
  expect(await page.getByRole('textbox').inputValue()).toBe('Read this');
  // What the failed upload had made is not left behind.
  expect((await requests()).at(-1)).toEqual({ type: 'attachments.delete', params: { attachment_id: 'atc_1' } });
  await button('Try again: notes.md').click();
  await page.getByText('1 kB').waitFor();
  await button('Send message').click();
  await button('Copy answer').waitFor();
  expect((await requests()).findLast(({ params }) => params.input)?.params.input?.attachments).toEqual(['atc_2']);
});

// Shows 107.
test('removing ends a running upload and deletes an uploaded file, and the focus goes on', async () => {
  await open();
  let ended = false;
  page.on('requestfailed', (request) => {
    ended ||= request.url().endsWith('/upload/atc_2');
  });
  await page.route('**/upload/atc_2', () => undefined);
  await pick(NOTES);
  await page.getByText('1 kB').waitFor();
  await pick(PHOTO);
  await page.getByText('Uploading', { exact: true }).waitFor();
  await button('Remove: photo.png').press('Enter');
  await expect.poll(() => ended).toBe(true);
  await expect.poll(async () => (await requests()).at(-1)?.params).toEqual({ attachment_id: 'atc_2' });
  expect(
    await button('Remove: notes.md').evaluate((node) => (node.getRootNode() as ShadowRoot).activeElement === node),
  ).toBe(true);
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await requests()).at(-1)?.params).toEqual({ attachment_id: 'atc_1' });
  await expect.poll(() => tiles().count()).toBe(0);
  expect(
    await button('Attach files').evaluate((node) => (node.getRootNode() as ShadowRoot).activeElement === node),
  ).toBe(true);
});

test('a message that is refused comes back with its files', async () => {
  await open();
  await page.evaluate(() => {
    (window as unknown as { script: { mode: string } }).script.mode = 'refuse';
  });
  await pick(NOTES);
  await page.getByText('1 kB').waitFor();
  await page.keyboard.type('Read this');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('textbox').inputValue()).toBe('Read this');
  await tiles().getByText('notes.md').waitFor();
});

// Shows 55.
test('a host can put files and its own attachments into the draft, and is told of those that are refused', async () => {
  await open();
  await setValue('a.txt', 'text/plain');
  await tiles().getByText('1 kB').waitFor();
  expect(await tiles().allInnerTexts()).toEqual(['host.pdf', 'a.txt\n1 kB']);
  await setValue('page.html', 'text/html');
  await status().getByText('“page.html” is of a type that is not accepted here.').waitFor();
  expect(await tiles().allInnerTexts()).toEqual(['host.pdf']);
  expect(await heard()).toEqual(['ready', 'error']);
});

test('says so where what handles files cannot be loaded', async () => {
  await open();
  await page.route('**/assets/attachments-*.js', (route) => route.abort());
  await pick(NOTES);
  await status().getByText('The chat service has a problem at the moment. Try again soon.').waitFor();
});

test('is clean to axe in every state of a file, in both schemes', async () => {
  for (const theme of ['light', 'dark']) {
    await open({ theme });
    await page.route('**/upload/atc_1', () => undefined);
    await page.route('**/upload/atc_2', (route) => route.abort('connectionreset'));
    await pick(NOTES);
    await pick({ ...NOTES, name: 'broken.md' });
    await button('Try again: broken.md').waitFor();
    await pick(PHOTO);
    await button('Remove: photo.png').waitFor();
    await transfer('dragenter', [NOTES]);
    await page.getByText('Drop files here').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await transfer('drop', []);
    await button('Remove: notes.md').click();
    await button('Remove: broken.md').click();
    await button('Send message').click();
    await button('Copy answer').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    if (theme === 'light') await page.close();
  }
});

test('has targets of 44 pixels for fingers', async () => {
  const context = await browser.newContext({ hasTouch: true, isMobile: true, viewport: SIZE });
  complaints = [];
  page = await openStory(
    context,
    { options: { composer: { attachments: LIMITS, dictation: { enabled: true } } } },
    SIZE,
  );
  for (const name of ['Attach files', 'Dictate', 'Send message'])
    expect(await button(name).boundingBox()).toMatchObject({ width: 44, height: 44 });
});
