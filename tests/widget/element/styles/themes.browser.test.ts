import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../../../tools/chromium.ts';
import { axeViolations } from '../../../axe-violations.ts';
import { openStory, type Story } from '../story/open-story.ts';
import { changeOptions } from '../story/states.ts';

// What a theme, a page's own CSS and a reader's settings change of the built element.

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
  await page.emulateMedia({ reducedMotion: 'reduce' });
}

async function openAnswer(): Promise<void> {
  await open({ options: { initialThread: 'thr_1' } });
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
}

const style = (selector: string, property: string) =>
  page
    .locator(`openai-chatkit ${selector}`)
    .first()
    .evaluate((node, name) => getComputedStyle(node).getPropertyValue(name), property);

const faces = () =>
  page.evaluate(() => [...document.fonts].map((face) => [face.family, face.weight, face.style, face.display]));

const pageStyle = (css: string) =>
  page.evaluate((rules) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets.push(sheet);
  }, css);

test('takes every token of a theme, and goes back to the default when it is gone', async () => {
  await openAnswer();
  const before = await style('.bubble', 'background-color');
  await changeOptions(page, {
    theme: {
      colorScheme: 'dark',
      radius: 'sharp',
      density: 'compact',
      typography: { baseSize: 18, fontFamily: 'Georgia', fontFamilyMono: 'Courier' },
      color: {
        grayscale: { hue: 220, tint: 6, shade: -1 },
        accent: { primary: '#7c3aed', level: 3 },
        surface: { background: '#0b1020', foreground: '#182038' },
      },
    },
  });
  await expect.poll(() => style('.chat', 'background-color')).toBe('rgb(11, 16, 32)');
  expect(await style('.chat', 'font-size')).toBe('18px');
  expect(await style('.chat', 'font-family')).toBe('Georgia');
  expect(await style('.markdown code', 'font-family')).toBe('Courier');
  expect(await style('.composer', 'border-radius')).toBe('3px');
  expect(await style('.code', 'border-radius')).toBe('3px');
  expect(await style('.composer', 'background-color')).toBe('rgb(24, 32, 56)');
  expect(await style('.bubble', 'background-color')).toBe('rgb(124, 58, 237)');
  expect(await style('.bubble', 'padding-top')).toBe('6.4px');
  await changeOptions(page, { theme: 'light' });
  await expect.poll(() => style('.chat', 'font-size')).toBe('15px');
  expect(await style('.bubble', 'background-color')).toBe(before);
  expect(await style('.code', 'border-radius')).toBe('12px');
});

test('survives a theme of wrong values', async () => {
  await open();
  for (const theme of [
    { typography: null, color: 'red', radius: 'round-ish', density: 3 },
    {
      typography: { baseSize: 'big', fontSources: [null, 4, { family: 'X', src: 'http://[' }] },
      color: { accent: { primary: 5 } },
    },
    { color: { accent: { primary: 'no colour', level: 9 }, grayscale: { hue: 'blue', tint: 99, shade: Number.NaN } } },
  ]) {
    await changeOptions(page, { theme });
    expect(await style('.chat', 'font-size')).toBe('15px');
    await page.getByRole('textbox', { name: 'Message' }).fill('still here');
  }
});

test('follows the reader where the theme is auto', async () => {
  await open({ options: { theme: 'auto' } });
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await style('.chat', 'background-color');
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await style('.chat', 'background-color')).not.toBe(light);
});

test('makes the fonts of a theme known to the document, once', async () => {
  await open();
  const source = { family: 'Story "Sans"', src: '/story.woff2', weight: 600, style: 'italic', display: 'swap' };
  for (const radius of ['round', 'soft'])
    await changeOptions(page, { theme: { radius, typography: { fontFamily: 'Story', fontSources: [source] } } });
  await expect.poll(faces).toEqual([['"Story \\"Sans\\""', '600', 'italic', 'swap']]);
});

const ACCENTS = ['#ffe600', '#0000ff', 'hotpink', 'hsl(200 60% 50%)', '#777', 'oklch(0.9 0.1 140)', 'black', 'white'];

// Shows 142.
test.each(['light', 'dark'])(
  'keeps the contrast of AA whatever accent and greys a host chooses, %s',
  async (colorScheme) => {
    await openAnswer();
    for (const [index, primary] of ACCENTS.entries()) {
      const color = {
        accent: { primary, level: index % 4 },
        grayscale: { hue: index * 45, tint: 9, shade: index % 2 ? 4 : -4 },
      };
      await changeOptions(page, { theme: { colorScheme, color } });
      expect(await axeViolations(page), JSON.stringify(color)).toEqual([]);
    }
  },
);

// Shows 154.
test('can be styled by the page: custom properties, and the parts that people try', async () => {
  await openAnswer();
  await pageStyle(`
    openai-chatkit { --chatkit-accent: rgb(200, 0, 0); --chatkit-on-accent: #fff; --chatkit-radius: 6px;
      --chatkit-background: rgb(250, 240, 230); --chatkit-font: Georgia; --chatkit-font-size: 17px; }
    :root { --accent-text: lime; --text: lime; --radius: 99px; }`);
  await page.getByRole('textbox', { name: 'Message' }).fill('?');
  expect(await style('.send', 'background-color')).toBe('rgb(200, 0, 0)');
  expect(await style('.composer', 'border-radius')).toBe('6px');
  expect(await style('.chat', 'background-color')).toBe('rgb(250, 240, 230)');
  expect(await style('.chat', 'font-family')).toBe('Georgia');
  expect(await style('.chat', 'font-size')).toBe('17px');
  expect(await style('.answer .markdown a:not(.citation)', 'color')).toBe(await style('.answer', 'color'));
  const parts = {
    header: '.header',
    composer: '.foot',
    'composer-input': 'textarea, [contenteditable]',
    'message-user': '.bubble',
    'message-list': '.scroller',
    'input-container': '.composer',
    'new-thread-button': '.new-chat',
    citations: '.citations',
    sources: '.sources',
  };
  await pageStyle(
    Object.keys(parts)
      .map((name) => `openai-chatkit::part(${name}) { letter-spacing: 3px; }`)
      .join('\n'),
  );
  for (const selector of Object.values(parts)) expect(await style(selector, 'letter-spacing'), selector).toBe('3px');
});

// Shows 142.
test('stands still for who wants no motion, and has its borders in forced colours', async () => {
  await open({ script: { mode: 'think' } });
  await page.getByRole('textbox', { name: 'Message' }).fill('Is it insured?');
  await page.keyboard.press('Enter');
  await page.getByText('Reading “Plans and limits”').waitFor();
  const moving = () =>
    page.evaluate(
      () =>
        (document.querySelector('openai-chatkit')?.shadowRoot?.getAnimations() ?? []).filter(
          ({ playState }) => playState === 'running',
        ).length,
    );
  await expect.poll(moving).toBe(0);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await expect.poll(moving).toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: 'reduce', forcedColors: 'active' });
  expect(await style('.send', 'border-top-style')).toBe('solid');
  expect(await style('.bubble', 'border-top-style')).toBe('solid');
  expect(await style('.progress', 'color')).not.toBe('rgba(0, 0, 0, 0)');
});

// Shows 116.
test('has fields that a phone does not zoom into, and ends above the keyboard', async () => {
  await open({ options: { theme: { typography: { baseSize: 14 } } } });
  await page.close();
  const context = await browser.newContext({ hasTouch: true, isMobile: true });
  page = await openStory(
    context,
    { options: { theme: { typography: { baseSize: 14 } } } },
    { width: 390, height: 700 },
  );
  const field = page.getByRole('textbox', { name: 'Message' });
  expect(Number.parseFloat(await field.evaluate((node) => getComputedStyle(node).fontSize))).toBeGreaterThanOrEqual(16);
  await field.focus();
  // A keyboard as iOS shows it: the layout viewport stays, the visual one ends above it.
  await page.evaluate(() => {
    Object.defineProperty(visualViewport, 'height', { configurable: true, value: 400 });
    visualViewport?.dispatchEvent(new Event('resize'));
  });
  const bottom = async () => {
    const box = await field.boundingBox();
    return (box?.y ?? 0) + (box?.height ?? 0);
  };
  await expect.poll(bottom).toBeLessThan(400);
  await page.evaluate(() => {
    Reflect.deleteProperty(visualViewport as VisualViewport, 'height');
    visualViewport?.dispatchEvent(new Event('resize'));
  });
  await expect.poll(bottom).toBeGreaterThan(600);
});
