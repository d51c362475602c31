import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../../../tools/chromium.ts';
import { axeViolations } from '../../../axe-violations.ts';
import { openStory } from '../story/open-story.ts';

// Sources, entities, tags and deeplinks of a thread that has them all, in the built element.

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
  page = await openStory(browser, { options: { initialThread: 'thr_cited', ...options } }, { width: 400, height: 640 });
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.getByText('The claim was closed').waitFor();
  // What comes in chunks of its own moves the rest: a press would begin on one thing and end on another.
  await page.locator('.hl-keyword').first().waitFor();
}

const calls = () => page.evaluate(() => (window as unknown as { calls: unknown[] }).calls);
const card = () => page.getByRole('tooltip');
const colour = (of: Locator) => of.evaluate((node) => getComputedStyle(node).color);
const place = async (of: Locator) => (await of.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };

// Shows 124.
test('groups the citations of one place, and keeps the sources behind their heading', async () => {
  await open();
  const groups = await page
    .locator('.citations')
    .evaluateAll((nodes) => nodes.map((node) => [...node.children].map((child) => child.textContent)));
  expect(groups).toEqual([['A-1023'], ['2', '3'], ['4', '5']]);
  const sources = page.locator('details.sources');
  expect(await sources.getAttribute('open')).toBeNull();
  await page.getByText('Sources').click();
  await sources.getByText('letter-2026-05-04.pdf').waitFor();
  // A file leads nowhere, and neither does an address that may not be followed.
  expect(await sources.locator('a, button').allTextContents()).toEqual([
    expect.stringContaining('Claim A-1023'),
    expect.stringContaining('Letters to customers'),
    expect.stringContaining('Ana Prado'),
  ]);
  expect(await axeViolations(page)).toEqual([]);
});

// Shows 125.
test('tells the page of a click on an entity, wherever it stands', async () => {
  await open();
  await page.getByRole('button', { name: 'Source 1: Claim A-1023' }).click();
  await page.getByRole('button', { name: 'Claim A-1023', exact: true }).click();
  await page.getByText('Sources').click();
  await page
    .getByRole('button', { name: /Ana Prado/ })
    .last()
    .click();
  expect(await calls()).toEqual([
    { id: 'claim_1', title: 'Claim A-1023', interactive: true, data: { kind: 'claim' }, group: 'Claims' },
    { id: 'claim_1', title: 'Claim A-1023', interactive: true, data: { no: '1023' }, group: 'Claims' },
    { id: 'person_7', title: 'Ana Prado', interactive: true, data: { kind: 'claim' } },
  ]);
});

// Shows 125.
test('shows the preview of the page on hover, and its own card where there is none', async () => {
  await open();
  const entity = page.getByRole('button', { name: 'Source 1: Claim A-1023' });
  await entity.hover();
  await card().getByText('1,250 EUR to Ana Prado').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  // The pointer may go onto the card, which closes when it has left.
  await card().hover();
  await page.mouse.move(0, 0);
  await card().waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'Source 4: Ana Prado' }).hover();
  await card().getByText('Customer since 2019').waitFor();
  const { x, width } = await place(card());
  expect(x).toBeGreaterThanOrEqual(0);
  expect(x + width).toBeLessThanOrEqual(400);
});

test('a preview that comes near the edge has the room that its words need', async () => {
  await open();
  const entity = page.getByRole('button', { name: 'Source 1: Claim A-1023' });
  await entity.hover();
  const words = card().getByText('1,250 EUR to Ana Prado');
  await words.waitFor();
  const width = (await place(words)).width;
  expect((await place(entity)).x + width).toBeGreaterThan(400);
  const lines = await words.evaluate(
    (node) => node.getBoundingClientRect().height / parseFloat(getComputedStyle(node).lineHeight),
  );
  expect(Math.round(lines)).toBe(1);
});

test('shows a card by keyboard alone, closes it with Escape, and follows a source with Enter', async () => {
  await open();
  const link = page.getByRole('link', { name: 'Source 2: Letters to customers' });
  await link.focus();
  await card().getByText('Every closed claim ends with a letter.').waitFor();
  expect(await link.evaluate((node) => node.getAttribute('aria-describedby'))).toBe(await card().getAttribute('id'));
  await page.keyboard.press('Escape');
  await card().waitFor({ state: 'detached' });
  expect(await link.getAttribute('href')).toBe('https://docs.example.com/letters');
  await page.keyboard.press('Tab');
  await card().getByText('letter-2026-05-04.pdf').waitFor();
});

// Shows 40.
test('hands a deeplink to the page, which goes nowhere', async () => {
  await open();
  const before = page.url();
  await page.getByRole('button', { name: 'page 4' }).click();
  expect(await calls()).toEqual([{ name: 'source', data: { source_id: 'doc_1', locator: 'pp. 4-5' } }]);
  expect(page.url()).toBe(before);
});

// Shows 119.
test('E20 draws what the visitor typed as it was typed', async () => {
  await open();
  const bubble = page.locator('.bubble');
  expect(await bubble.textContent()).toBe('Is Claim A-1023 of Ana closed? **Not bold** <b>nor this</b>');
  expect(await bubble.locator('b, strong').count()).toBe(0);
  expect(await page.locator('.quoted').textContent()).toBe('Claims are closed within thirty days.');
});

test('colours the words of code, clean to axe in both schemes', async () => {
  for (const theme of ['light', 'dark']) {
    await open({ theme });
    const keyword = page.locator('.hl-keyword', { hasText: 'export' });
    await keyword.waitFor();
    expect(await colour(keyword)).not.toBe(await colour(page.locator('.code code')));
    expect(await page.locator('.code code').textContent()).toContain(
      '// Refunds the claim, once.\nexport async function',
    );
    expect(await axeViolations(page)).toEqual([]);
    if (theme === 'light') await page.close();
  }
});

// Shows 123.
test('copies code as it was written, and says so', async () => {
  await open();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy code' }).press('Enter');
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^\/\/ Refunds the claim, once\.\nexport async function refund\(/);
  expect(copied).toContain('note: `Claim ${id}` });\n}');
});

// Shows 123.
test('scrolls a wide table and wide code by themselves', async () => {
  await open();
  for (const wide of ['.table', '.code pre']) {
    const { own, left } = await page
      .locator(wide)
      .evaluate((node) => ({ own: getComputedStyle(node).overflowX, left: node.scrollWidth - node.clientWidth }));
    expect(own).toBe('auto');
    expect(left).toBeGreaterThan(0);
  }
  expect(await page.getByRole('log').evaluate((log) => log.scrollWidth - log.clientWidth)).toBe(0);
  expect(await page.locator('.task input').evaluateAll((boxes) => boxes.map((box) => box.ariaLabel))).toEqual([
    'Done',
    'Not done',
  ]);
});
