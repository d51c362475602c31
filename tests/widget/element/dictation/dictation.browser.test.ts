import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../../../tools/chromium.ts';
import { axeViolations } from '../../../axe-violations.ts';
import { openStory } from '../story/open-story.ts';

// The built element with a real recorder; the microphone is Chromium's own fake, which beeps.

const SIZE = { width: 400, height: 640 };

let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(() => context.close());

async function open(permissions: string[] = ['microphone'], options: Record<string, unknown> = {}): Promise<void> {
  context = await browser.newContext({ permissions });
  page = await openStory(context, { options: { composer: { dictation: { enabled: true } }, ...options } }, SIZE);
  page.setDefaultTimeout(10_000);
}

const button = (name: string) => page.getByRole('button', { name, exact: true });
const field = () => page.getByRole('textbox', { name: 'Message' });
interface Transcription {
  type: string;
  params: { audio_base64: string; mime_type: string };
}
const transcriptions = () =>
  page.evaluate(() =>
    (window as unknown as { script: { requests: { request: Transcription }[] } }).script.requests
      .map(({ request }) => request)
      .filter(({ type }) => type === 'input.transcribe'),
  );
const isListening = () =>
  page.evaluate(() =>
    (window as unknown as { tracks: MediaStreamTrack[] }).tracks.some((track) => track.readyState === 'live'),
  );

/** Notes every track that the element is given, so that a test can see whether one is left open. */
async function watchMicrophone(): Promise<void> {
  await page.evaluate(() => {
    const tracks: MediaStreamTrack[] = [];
    Object.assign(window, { tracks });
    const { mediaDevices } = navigator;
    const ask = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (constraints) => {
      const stream = await ask(constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
  });
}

// Shows 114.
test('records, and puts the words at the caret', async () => {
  await open();
  await watchMicrophone();
  await field().fill('Say it: now');
  await field().evaluate((node: HTMLTextAreaElement) => node.setSelectionRange(7, 7));
  await button('Dictate').click();
  await page.getByRole('status').getByText('Recording', { exact: true }).waitFor();
  await page.getByRole('timer').getByText('0:01').waitFor();
  const loudest = () =>
    page.locator('.levels i').evaluateAll((bars) => Math.max(...bars.map((bar) => bar.getBoundingClientRect().height)));
  await expect.poll(loudest).toBeGreaterThan(10);
  expect(await isListening()).toBe(true);
  expect(await field().isVisible()).toBe(false);
  await page.keyboard.press('Enter');
  await field().waitFor();
  expect(await field().inputValue()).toBe('Say it: as I said now');
  expect(await isListening()).toBe(false);
  const [sent] = await transcriptions();
  expect(sent?.params.mime_type).toBe('audio/webm;codecs=opus');
  // The first bytes of every WebM file.
  expect(
    Buffer.from(sent?.params.audio_base64 ?? '', 'base64')
      .subarray(0, 4)
      .toString('hex'),
  ).toBe('1a45dfa3');
  expect(await field().evaluate((node) => (node.getRootNode() as ShadowRoot).activeElement === node)).toBe(true);
});

test('Escape throws the recording away, and only that', async () => {
  await open();
  await watchMicrophone();
  await page.evaluate(() => {
    document.addEventListener('keydown', (event) => Object.assign(window, { heard: event.key }));
  });
  await button('Dictate').click();
  await page.getByText('Recording', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await field().waitFor();
  await expect.poll(isListening).toBe(false);
  expect(await transcriptions()).toEqual([]);
  expect(await page.evaluate(() => (window as unknown as { heard?: string }).heard)).toBeUndefined();
});

// Shows 8.
test('an element that leaves the document stops listening', async () => {
  await open();
  await watchMicrophone();
  await button('Dictate').click();
  await page.getByText('Recording', { exact: true }).waitFor();
  await page.evaluate(() => document.querySelector('openai-chatkit')?.remove());
  await expect.poll(isListening).toBe(false);
  expect(await transcriptions()).toEqual([]);
});

// Shows 114.
test('says that the microphone is blocked', async () => {
  await open([]);
  await button('Dictate').click();
  await page
    .getByRole('status')
    .getByText('The microphone is blocked. Allow it for this page in the browser.')
    .waitFor();
  await button('Dictate').waitFor();
});

test('has no button where the browser cannot record', async () => {
  context = await browser.newContext();
  await context.addInitScript(() => Reflect.deleteProperty(window, 'MediaRecorder'));
  page = await openStory(context, { options: { composer: { dictation: { enabled: true } } } }, SIZE);
  expect(await button('Dictate').count()).toBe(0);
});

test('is clean to axe while it records, in both schemes', async () => {
  for (const theme of ['light', 'dark']) {
    await open(['microphone'], { theme });
    await button('Dictate').click();
    await page.getByText('Recording', { exact: true }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    if (theme === 'light') await context.close();
  }
});
