import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../../tools/chromium.ts';
import type { WindowApi } from '../../../widget/embed/window-api.ts';
import { SITE_TOKEN, startTwoOrigins, type TwoOrigins } from './two-origins.ts';

// The built files in a real browser: a customer's page on one origin, the chat server on another. The chat element is
// a stand-in that the page defines, so that these tests are about the embed and the panel alone.

let browser: Browser;
let origins: TwoOrigins;
let page: Page;
/** What the page must never see of us: uncaught errors, unhandled rejections, CSP reports. */
let harm: string[];

beforeAll(async () => {
  browser = await launchChromium();
  origins = await startTwoOrigins();
});
afterAll(async () => {
  await browser.close();
  await origins.close();
});
beforeEach(async () => {
  origins.received.length = 0;
  origins.pages.clear();
  origins.answer = () => undefined;
  harm = [];
  page = await browser.newPage();
  page.setDefaultTimeout(5_000);
  page.on('pageerror', (error) => harm.push(error.message));
});
afterEach(async () => {
  await page.context().close();
});

const STAND_IN = `
  customElements.define('openai-chatkit', class extends HTMLElement {
    setOptions(options) {
      this.options = options;
      if (this.drawn) return;
      this.drawn = true;
      const input = document.createElement('textarea');
      this.attachShadow({ mode: 'open' }).append(input);
      setTimeout(() => this.dispatchEvent(new CustomEvent('chatkit.ready')), 100);
    }
    async focusComposer() { this.shadowRoot.querySelector('textarea').focus(); }
    async setThreadId() {}
    async sendUserMessage({ text }) {
      await this.options.api.fetch(this.options.api.url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ type: 'threads.create', params: { input: {
          content: [{ type: 'input_text', text }], attachments: [], inference_options: {} } } }),
      });
    }
  });`;

const tag = (attributes = '') =>
  `<script async src="${origins.chat}/widget.js" data-site-token="${SITE_TOKEN}" ${attributes}></script>`;

function serve(path: string, body: string, headers: Record<string, string> = {}, head = ''): void {
  const html = `<!doctype html><html lang="en"><head><title>Pricing</title>${head}</head><body>${body}</body></html>`;
  origins.pages.set(path, { html, headers });
}

/** A page with the tag, the stand-in and a sentence to be read. */
function servePage(path = '/', attributes = ''): void {
  serve(
    path,
    `<main><h1>Plans</h1><p>The pro plan costs 12 euros.</p></main><script>${STAND_IN}</script>${tag(attributes)}`,
  );
}

const launcher = () => page.locator('pagewise-widget button.launcher');
const dialog = () => page.locator('pagewise-widget [role=dialog]');
const composer = () => page.locator('pagewise-widget openai-chatkit textarea');
const paths = () => origins.received.map(({ path }) => path);

async function openPanel(): Promise<void> {
  await launcher().click();
  await composer().waitFor();
  await expect
    .poll(() => composer().evaluate((node) => (node.getRootNode() as ShadowRoot).activeElement === node))
    .toBe(true);
}

test('before interaction nothing but widget.js is requested, stored or set', async () => {
  servePage();
  await page.goto(origins.page);
  await launcher().waitFor();
  await page.waitForLoadState('networkidle');
  expect(paths()).toEqual(['/widget.js']);
  expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([0, 0, '']);
  const box = await launcher().boundingBox();
  expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
  expect(harm).toEqual([]);
});

test('a click opens the panel with the composer focused, Escape closes it and gives the focus back', async () => {
  servePage();
  await page.goto(origins.page);
  await openPanel();
  expect(await dialog().getAttribute('aria-label')).toBe('Lumen Docs');
  expect(await dialog().getAttribute('aria-modal')).toBeNull();
  await page.keyboard.press('Escape');
  await expect.poll(() => dialog().isVisible()).toBe(false);
  expect(await launcher().evaluate((node) => (node.getRootNode() as ShadowRoot).activeElement === node)).toBe(true);
  expect(harm).toEqual([]);
});

test('a question carries the session and the page, unless the visitor took the page off', async () => {
  servePage();
  await page.goto(`${origins.page}/?code=secret#access_token=secret`);
  await page.evaluate(() =>
    (window as never as { pagewise: { ask(text: string): Promise<void> } }).pagewise.ask('How much?'),
  );
  const asked = () => origins.received.filter(({ path }) => path === '/chatkit');
  expect(asked()).toHaveLength(1);
  expect(asked()[0]?.headers.authorization).toBe('Bearer session-1');
  expect(asked()[0]?.body).toHaveProperty('metadata.pageContext.url', `${origins.page}/`);
  expect(asked()[0]?.body).toHaveProperty('metadata.pageContext.text', expect.stringContaining('12 euros'));
  await page.getByRole('button', { name: 'Do not send this page' }).click();
  await page.evaluate(() =>
    (window as never as { pagewise: { ask(text: string): Promise<void> } }).pagewise.ask('And now?'),
  );
  expect(asked()[1]?.body).toHaveProperty('metadata', {});
});

test('a question goes out alone while what reads the page cannot be had, and takes the page again when it can', async () => {
  servePage();
  let missing = true;
  origins.answer = ({ path }) => (missing && path.includes('/page-reader-') ? { status: 404, body: {} } : undefined);
  await page.goto(origins.page);
  const ask = () => page.evaluate(() => (window as never as { pagewise: WindowApi }).pagewise.ask('How much?'));
  const metadata = () => origins.received.findLast(({ path }) => path === '/chatkit')?.body;
  await ask();
  expect(metadata()).toHaveProperty('metadata', {});
  missing = false;
  await ask();
  expect(metadata()).toHaveProperty('metadata.pageContext.title', 'Pricing');
  expect(harm).toEqual([]);
});

test('F9 loaded twice there is one widget; destroyed a hundred times there is none, and a later load works', async () => {
  servePage();
  await page.goto(origins.page);
  await launcher().waitFor();
  const load = () =>
    page.evaluate(
      ([src, token]) =>
        new Promise((resolve) => {
          const script = document.createElement('script');
          script.src = src ?? '';
          script.dataset.siteToken = token ?? '';
          script.addEventListener('load', resolve);
          document.head.append(script);
        }),
      [`${origins.chat}/widget.js`, SITE_TOKEN],
    );
  await load();
  expect(await page.locator('pagewise-widget').count()).toBe(1);
  for (let round = 0; round < 100; round += 1) {
    await page.evaluate(() => (window as never as { pagewise: { destroy(): void } }).pagewise.destroy());
    if (round === 0)
      expect(await page.evaluate(() => [document.querySelector('pagewise-widget'), 'pagewise' in window])).toEqual([
        null,
        false,
      ]);
    await load();
  }
  expect(await page.locator('pagewise-widget').count()).toBe(1);
  await openPanel();
  expect(harm).toEqual([]);
});

test('F9 it stays when client-side navigation replaces the body', async () => {
  servePage();
  await page.goto(origins.page);
  await openPanel();
  await composer().fill('half a question');
  await page.evaluate(() => {
    history.pushState({}, '', '/next');
    document.title = 'Next page';
    const body = document.createElement('body');
    body.textContent = 'The next page';
    document.body.replaceWith(body);
  });
  await expect.poll(() => page.evaluate(() => document.querySelector('pagewise-widget')?.isConnected)).toBe(true);
  expect(await composer().inputValue()).toBe('half a question');
  await page.getByText('About this page: Next page').waitFor();
});

test('the next page of the site shows the panel again, and does not take the focus', async () => {
  servePage('/');
  servePage('/next');
  await page.goto(origins.page);
  await openPanel();
  await page.goto(`${origins.page}/next`);
  await composer().waitFor();
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
});

test('F12 a hostile style sheet does not reach the launcher or the panel', async () => {
  servePage('/', '');
  const html = origins.pages.get('/')?.html ?? '';
  const sheet =
    '<style>body *{all:unset!important;display:none!important;visibility:hidden!important;opacity:0!important}</style>';
  origins.pages.set('/', { html: html.replace('</head>', `${sheet}</head>`) });
  await page.goto(origins.page);
  await openPanel();
  expect(await dialog().evaluate((node) => getComputedStyle(node).display)).toBe('flex');
});

test('F1 under a strict policy with Trusted Types nothing is violated', async () => {
  const policy = `default-src 'none'; script-src 'nonce-abc' ${origins.chat}; connect-src ${origins.chat}; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'`;
  const watch = `addEventListener('securitypolicyviolation', (event) => { (window.violations ??= []).push(event.violatedDirective + ' ' + event.blockedURI) });`;
  serve(
    '/',
    `<p>Text</p><script nonce="abc">${STAND_IN}</script>${tag()}`,
    { 'content-security-policy': policy },
    `<script nonce="abc">${watch}</script>`,
  );
  await page.goto(origins.page);
  await openPanel();
  await page.keyboard.press('Escape');
  expect(await page.evaluate(() => (window as { violations?: string[] }).violations)).toBeUndefined();
  expect(harm).toEqual([]);
});

test('F10 without storage, in a sandboxed frame, the visitor lives in memory', async () => {
  servePage('/inner');
  serve('/', `<iframe sandbox="allow-scripts" src="/inner" width="800" height="800"></iframe>`);
  await page.goto(origins.page);
  const frame = page.frameLocator('iframe');
  await frame.locator('button.launcher').click();
  await frame.locator('openai-chatkit textarea').waitFor();
  expect(harm).toEqual([]);
});

test('a chunk that is gone: the launcher says so, the page is unharmed, the next click tries again', async () => {
  servePage();
  let missing = true;
  origins.answer = ({ path }) => (missing && path.includes('/panel-') ? { status: 404, body: {} } : undefined);
  await page.goto(origins.page);
  await launcher().click();
  await page.getByText('The chat could not be loaded').waitFor();
  expect(await launcher().getAttribute('aria-expanded')).toBe('false');
  missing = false;
  await openPanel();
  expect(await page.getByText('The chat could not be loaded').count()).toBe(0);
  expect(harm).toEqual([]);
});

test('a script that outlived its chunks fetches itself once more and goes on', async () => {
  servePage();
  const stale = new Set<string>();
  let scripts = 0;
  origins.answer = ({ path }) => {
    if (path === '/widget.js') scripts += 1;
    // The first copy of the script names a chunk that this deployment no longer has.
    if (path.includes('/panel-') && scripts === 1) {
      stale.add(path);
      return { status: 404, body: {} };
    }
    return undefined;
  };
  await page.goto(origins.page);
  await openPanel();
  expect([stale.size, scripts]).toEqual([1, 2]);
  expect(await page.locator('pagewise-widget').count()).toBe(1);
});

test.each([
  ['origin_not_allowed', 403, 'not switched on for this website'],
  ['token_invalid', 401, 'not set up correctly'],
  ['storage_unavailable', 503, 'a problem at the moment'],
])('a refusal with %s is said in words, and can be tried again', async (code, status, words) => {
  servePage();
  let refuses = true;
  origins.answer = ({ path }) =>
    refuses && path === '/v1/session' ? { status, body: { error: { code, message: 'the detail' } } } : undefined;
  const consoleLines: string[] = [];
  page.on('console', (message) => consoleLines.push(message.text()));
  await page.goto(origins.page);
  await launcher().click();
  await page.getByText(words).waitFor();
  expect(consoleLines.join('\n')).toContain(`the detail (${code})`);
  refuses = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await composer().waitFor();
  expect(harm).toEqual([]);
});

test('a server that is down is said in words', async () => {
  servePage();
  await page.route('**/v1/session', (route) => route.abort());
  await page.goto(origins.page);
  await launcher().click();
  await page.getByText('cannot be reached').waitFor();
  expect(harm).toEqual([]);
});

test('on a phone the panel fills the screen', async () => {
  servePage();
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto(origins.page);
  await openPanel();
  await dialog().evaluate((node) => Promise.all(node.getAnimations().map((animation) => animation.finished)));
  expect(await dialog().boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 800 });
  expect(await launcher().isVisible()).toBe(false);
  await page.getByRole('button', { name: 'Close' }).click();
  expect(await launcher().isVisible()).toBe(true);
});
