import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../../../tools/chromium.ts';
import { ar } from '../../../../widget/element/strings/ar.ts';
import { openStory, type Story } from '../story/open-story.ts';

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(() => page.close());

async function open(story: Story): Promise<void> {
  page = await openStory(browser, story, { width: 400, height: 640 });
  page.setDefaultTimeout(10_000);
}

const direction = (selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((node) => getComputedStyle(node).direction);
const left = async (name: string) => (await page.getByRole('button', { name }).boundingBox())?.x ?? Number.NaN;

// Shows 144, 145, 146.
test('speaks Arabic from the first drawing on, mirrored, with each message in the direction of its words', async () => {
  await open({ script: { mode: 'work' }, options: { locale: 'ar' } });
  expect(await page.locator('.chat').getAttribute('lang')).toBe('ar');
  expect(await left(String(ar.history))).toBeGreaterThan(await left(String(ar.newChat)));
  await page.getByRole('textbox', { name: String(ar.message) }).fill('كم رسالة؟');
  await page.keyboard.press('Enter');
  await page.getByText('parcel insurance for boats').first().waitFor();
  // A label of one line has the direction of its words, and begins where the layout begins its lines.
  await page.locator('summary').click();
  const label = page.locator('.step-body > p').first();
  expect(
    await label.evaluate((node) => [
      getComputedStyle(node).direction,
      getComputedStyle(node).textAlign.replace('-webkit-', ''),
    ]),
  ).toEqual(['ltr', 'right']);
  await page.evaluate(() => (window as unknown as { script: { release(): void } }).script.release());
  await page.getByText('مدة التفكير: 12 ثانية').waitFor();
  await page.getByRole('button', { name: String(ar.copy) }).waitFor();
  expect(await direction('.bubble')).toBe('rtl');
  expect(await direction('.answer .markdown')).toBe('ltr');
});

// Shows 145.
test('sets an Arabic message from right to left in an English chat', async () => {
  await open({});
  await page.getByRole('textbox', { name: 'Message' }).fill('كم رسالة؟');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  expect(await direction('.bubble')).toBe('rtl');
  expect(await direction('.answer .markdown')).toBe('ltr');
  expect(await direction('.chat')).toBe('ltr');
});

// Shows 144.
test('changes its language in the middle of a conversation, and speaks English where it has no other', async () => {
  await open({ options: { initialThread: 'thr_1' } });
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  const speak = (locale: string) =>
    page.evaluate((next) => {
      const { story } = window as unknown as { story: { options: object; setOptions(options: object): void } };
      story.setOptions({ ...story.options, locale: next });
    }, locale);
  await speak('ar-EG');
  await page.getByRole('button', { name: String(ar.copy) }).waitFor();
  expect(await page.locator('.chat').getAttribute('lang')).toBe('ar-EG');
  await speak('xh');
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  expect(await page.locator('.chat').getAttribute('dir')).toBe('ltr');
});
