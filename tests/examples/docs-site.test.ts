import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../tools/chromium.ts';
import { ChatWindow } from '../e2e/chat-window.ts';
import { runSite } from '../e2e/run-site.ts';
import { type Stack, startStack } from '../e2e/stack.ts';
import { freePort } from '../fakes/free-port.ts';
import { type Example, openExample } from './example.ts';

// The documentation site as its owner makes it: a site is added, its token goes into the build, and the built pages are
// served beside the real server.

const BUILT = join(import.meta.dirname, '..', '..', 'examples', 'docs-site', '.vitepress', 'dist');

let browser: Browser;
let stack: Stack;
let example: Example;
let siteUrl: string;
let siteToken: string;
let context: BrowserContext;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  [browser, stack] = await Promise.all([launchChromium(), startStack({ DEMO_PORT: '0' })]);
  const port = await freePort();
  siteUrl = `http://localhost:${port}`;
  const printed = await runSite(stack, 'add', 'docs', siteUrl);
  siteToken = /data-site-token="([^"]+)"/.exec(printed)?.[1] ?? '';
  example = openExample('docs-site', { PAGEWISE_URL: stack.chatUrl, PAGEWISE_SITE_TOKEN: siteToken });
  await example.run('vitepress', 'build');
  await example.serve(siteUrl, 'vitepress', 'preview', '--port', String(port));
});
afterAll(async () => {
  await browser.close();
  await example.close();
  await stack.close();
});

beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  page = await context.newPage();
  complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
});
afterEach(async () => {
  await context.close();
  expect(complaints).toEqual([]);
});

/** Opens a page of the site by its address, which is the only way that loads a document. */
async function visit(path: string): Promise<ChatWindow> {
  await page.goto(`${siteUrl}${path}`);
  const chat = new ChatWindow(page);
  await chat.open();
  return chat;
}

/** Follows a link of the site, which its router answers without a reload. */
async function follow(link: string, heading: string): Promise<void> {
  await page.getByRole('link', { name: link, exact: true }).first().click();
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
}

test('the tag stands in every built page, as the server printed it', async () => {
  const tag = `<script async src="${stack.chatUrl}/widget.js" data-site-token="${siteToken}"></script>`;
  for (const built of ['index.html', 'guide/install.html', 'reference/settings.html', '404.html'])
    expect(await readFile(join(BUILT, built), 'utf8')).toContain(tag);
});

test('a reader asks, goes on without a reload, and is answered about the page that is shown', async () => {
  const chat = await visit('/guide/install.html');
  const documentOfThisVisit = await page.evaluateHandle(() => document);
  await chat.panel.getByText('About this page: Install').waitFor();
  await chat.ask('How much memory does Tern need while it waits?');
  expect(await chat.log.innerText()).toContain('40 MB');

  await follow('When files conflict', 'When files conflict');
  await chat.panel.getByText('About this page: When files conflict').waitFor();
  await chat.ask('For how long are old versions kept?');
  expect(await chat.log.innerText()).toContain('45 days');

  await follow('tern.toml', 'tern.toml');
  await chat.ask('What does the quiet setting mean?');
  expect(await chat.log.innerText()).toContain('how long a file must be left alone');

  await page.goBack();
  await chat.panel.getByText('About this page: When files conflict').waitFor();
  expect(await documentOfThisVisit.evaluate((seen) => seen === document)).toBe(true);
  expect(await page.locator('pagewise-widget').count()).toBe(1);
});

test('the answer links to the passage on the page that it came from', async () => {
  const chat = await visit('/guide/share.html');
  await chat.ask('For how long is an invitation good?');
  expect(await chat.log.innerText()).toContain('15 minutes');
  const href = await chat.log.getByRole('link').last().getAttribute('href');
  expect(href).toMatch(new RegExp(`^${siteUrl}/guide/share\\.html#:~:text=`));
});

test('the history is there on another page and after a reload', async () => {
  const chat = await visit('/guide/share.html');
  await chat.ask('What does read only do?');
  await page.goto(`${siteUrl}/reference/settings.html`);
  await chat.openIfClosed();
  await chat.asked('What does read only do?').waitFor();
  await page.reload();
  await chat.openIfClosed();
  await chat.asked('What does read only do?').waitFor();
});

test('what is typed to the chat is no shortcut of the site', async () => {
  const chat = await visit('/guide/share.html');
  await chat.composer.click();
  await page.keyboard.type('/etc/tern');
  expect(await chat.composer.inputValue()).toBe('/etc/tern');
  expect(await page.locator('.VPLocalSearchBox').count()).toBe(0);
  // With a modifier it is meant: the site's own search opens from here as from everywhere.
  await page.keyboard.press('Control+k');
  await page.locator('.VPLocalSearchBox').waitFor();
});
