import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../../../tools/chromium.ts';
import { ChatWindow } from '../../e2e/chat-window.ts';
import { SITE_TOKEN, sessionFor, type TwoOrigins } from '../embed/two-origins.ts';
import { ANSWER, startChattingOrigins } from './chatting-origins.ts';

// F, the host page, in Chromium: the built files on pages that are strict, broken or hostile. Each ends in one of two
// ways: the chat answers, or it says in the console, once, why it does not; and always the page goes on as if we were
// not there. The other rows are F14-F18 and F22 in widget/page, F20 there and in bench/page-context, F24 in
// panel/host-context, and F21 in server/agent/page-tools. F13 cannot apply yet: there are no approvals.

const QUESTION = 'How much does the zebra plan cost?';

let browser: Browser;
let origins: TwoOrigins;
let context: BrowserContext;
let page: Page;
let chat: ChatWindow;
/** Uncaught errors and unhandled rejections. */
let harm: string[];
let complaints: string[];

beforeAll(async () => {
  [browser, origins] = await Promise.all([launchChromium(), startChattingOrigins()]);
});
afterAll(async () => {
  await browser.close();
  await origins.close();
});
beforeEach(async () => {
  origins.received.length = 0;
  origins.pages.clear();
  context = await browser.newContext();
  page = await context.newPage();
  watch(page);
});
afterEach(() => context.close());

function watch(opened: Page): void {
  [harm, complaints] = [[], []];
  opened.setDefaultTimeout(10_000);
  opened.on('pageerror', (error) => harm.push(error.message));
  opened.on('console', (message) => {
    if (message.type() === 'error' && message.text().startsWith('Pagewise')) complaints.push(message.text());
  });
  chat = new ChatWindow(opened);
}

interface HostPage {
  script?: string;
  markup?: string;
  headers?: Record<string, string>;
  attributes?: string;
}

const tag = (attributes = '') =>
  `<script async src="${origins.chat}/widget.js" data-site-token="${SITE_TOKEN}" ${attributes}></script>`;

/** A page with a button of its own, which must keep working. `script` runs before everything else on it. */
async function open({ script = '', markup = '', headers = {}, attributes }: HostPage): Promise<void> {
  const html = `<!doctype html><html lang="en"><head><link rel="icon" href="data:,"><title>Plans</title>
    <script nonce="abc">
      window.reports = [];
      addEventListener('securitypolicyviolation', (event) => reports.push(event.violatedDirective));
      ${script}
    </script></head><body>${markup}
    <main><h1>Plans</h1><p>The zebra plan costs 12 euros a month. Call +4412 or write to ann@example.org.</p></main>
    <button id="own">0</button>
    <script nonce="abc">{
      const own = document.getElementById('own');
      own.onclick = () => { own.textContent = 'works' };
    }</script>${tag(attributes)}</body></html>`;
  origins.pages.set('/', { html, headers });
  await page.goto(origins.page);
}

async function expectUnharmed(): Promise<void> {
  await page.locator('#own').click();
  expect(await page.locator('#own').textContent()).toBe('works');
  expect(harm).toEqual([]);
  expect(await page.evaluate(() => (window as never as { reports: string[] }).reports)).toEqual([]);
}

async function expectAnswer(): Promise<void> {
  await chat.openIfClosed();
  await chat.ask(QUESTION);
  expect(await chat.log.innerText()).toContain(ANSWER);
}

const ZONE = `const Native = Promise;
  window.Promise = class Zone {
    constructor(work) { this.inner = new Native(work) }
    then(a, b) { return new Zone((resolve, reject) => this.inner.then(a, b).then(resolve, reject)) }
    catch(b) { return this.then(undefined, b) }
    finally(f) { return this.then(async (v) => { await f(); return v }, async (e) => { await f(); throw e }) }
    static resolve(value) { return new Zone((resolve) => resolve(value)) }
    static reject(error) { return new Zone((_, reject) => reject(error)) }
    static all(list) { return new Zone((resolve, reject) => Native.all(list).then(resolve, reject)) }
    static withResolvers() {
      let resolve, reject;
      const promise = new Zone((a, b) => { resolve = a; reject = b });
      return { promise, resolve, reject };
    }
  }`;

const FULL = `for (let size = 1 << 23; size > 0; size >>= 1)
  try { for (let i = 0; i < 8; i++) localStorage.setItem('f' + size + '.' + i, 'x'.repeat(size)) } catch {}`;

const BLOCKED = `for (const name of ['localStorage', 'sessionStorage'])
  Object.defineProperty(window, name, { get() { throw new DOMException('blocked', 'SecurityError') } });`;

describe('the chat answers where a page', () => {
  test.each<[string, HostPage]>([
    [
      'F1 lets in nothing but our script and server, under Trusted Types',
      {
        headers: {
          'content-security-policy': `default-src 'none'; img-src data:; script-src 'nonce-abc' CHAT; connect-src CHAT; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'`,
        },
      },
    ],
    [
      'F3 counts requests in a fetch of its own',
      { script: 'const f = fetch; window.fetch = (u, o) => f(u, { ...o })' },
    ],
    [
      'F3 reads every answer whole before it passes it on',
      {
        script:
          'const f = fetch; window.fetch = async (u, o) => { const r = await f(u, o); return new Response(await r.text(), r) }',
      },
    ],
    ['F3 has other promises, as Angular does', { script: ZONE }],
    [
      'F3 adds methods that every loop meets, and a toJSON',
      {
        script: `Array.prototype.last = Object.prototype.extend = function () {};
          Array.prototype.toJSON = function () { return [...this] };`,
      },
    ],
    [
      'F3 has an Array.from of long ago',
      { script: 'Array.from = (list) => { const r = []; for (const i of list) r.push(i); return r }' },
    ],
    [
      'F3 has settings of ours on its prototype',
      {
        script: `for (const name of ['theme', 'accent', 'locale', 'label', 'context', 'userToken', 'user_token', 'position',
          'visitor_token', 'signIn', 'lapsed']) Object.prototype[name] = 'polluted'`,
      },
    ],
    [
      'F7 has given its elements our names',
      {
        markup: `<img name="currentScript"><form id="chat"></form><a id="pagewise"></a><form id="open"></form>
          <img name="title"><img name="head"><img name="documentElement"><img name="querySelector"><a id="fetch"></a>`,
      },
    ],
    ['F7 has an image called body', { markup: '<img name="body">' }],
    ['F11 has filled its storage', { script: FULL }],
    ['F11 has its storage blocked', { script: BLOCKED }],
    [
      'F11 has edited what we stored',
      {
        script: `localStorage.setItem('pagewise:site_test:visitor', '{"__proto__":1}');
          localStorage.setItem('pagewise:site_test:thread', '<img src=x onerror=alert(1)>');
          sessionStorage.setItem('pagewise:open', '2')`,
      },
    ],
    [
      'F12 undoes every style',
      {
        markup: `<style>*, pagewise-widget, pagewise-widget *
          { all: unset !important; display: none !important; opacity: 0 !important; transform: scale(0) !important }
          body, main, #own, html { display: block !important; opacity: 1 !important; transform: none !important }</style>`,
      },
    ],
    ['F3 has a console that throws', { script: `console.error = () => { throw new Error('no console') }` }],
  ])('%s', async (_name, host) => {
    const headers = Object.fromEntries(
      Object.entries(host.headers ?? {}).map(([name, value]) => [name, value.replaceAll('CHAT', origins.chat)]),
    );
    await open({ ...host, headers });
    await expectAnswer();
    await chat.button('Close').click();
    await expectUnharmed();
    expect(complaints).toEqual([]);
    expect(await page.evaluate(() => document.cookie)).toBe('');
    const sent = origins.received.map(({ headers: { cookie } }) => cookie);
    expect(new Set(sent)).toEqual(new Set([undefined]));
    expect(JSON.stringify(origins.received.map(({ body }) => body ?? ''))).not.toContain('polluted');
  });
});

const REFUSALS: [string, string][] = [
  ['F3 fetch throws', `window.fetch = () => { throw new Error('no fetch') }`],
  ['F3 fetch answers nothing', 'window.fetch = () => undefined'],
  ['F3 there is no fetch', 'window.fetch = null'],
  ['F3 JSON.stringify throws', `JSON.stringify = () => { throw new Error('no JSON') }`],
  ['F3 JSON.stringify writes nothing', 'JSON.stringify = () => undefined'],
  ['F3 there is no JSON', 'window.JSON = null'],
  ['F3 there is no Promise', 'window.Promise = undefined'],
  ['F3 Promise throws', `window.Promise = function () { throw new Error('no promise') }`],
  ['F3 there are no custom elements', `Object.defineProperty(window, 'customElements', { value: undefined })`],
  ['F3 every descriptor has a getter', 'Object.prototype.get = function () {}'],
  ['F3 every object has a length', 'Object.prototype.length = 3'],
];

/** Until the page has loaded: what drives the browser from here needs arrays as well. */
function spoilArrays(methods: (string | symbol)[]): string {
  const names = methods.map((name) => (typeof name === 'string' ? JSON.stringify(name) : 'Symbol.iterator'));
  return `{
    const spoilt = { ${names.map((name) => `[${name}]: Array.prototype[${name}]`).join(', ')} };
    for (const name of Reflect.ownKeys(spoilt)) Array.prototype[name] = () => { throw new Error('no ' + String(name)) };
    addEventListener('load', () => Object.assign(Array.prototype, spoilt));
  }`;
}

const ABSENCES: [string, string, string?][] = [
  ['F3 methods of arrays throw', spoilArrays(['map', 'filter', 'push', 'join', 'at', 'slice'])],
  ['F3 arrays cannot be gone through', spoilArrays([Symbol.iterator])],
  ['F3 there is no MutationObserver', 'window.MutationObserver = undefined'],
  ['F3 there are no style sheets to construct', 'window.CSSStyleSheet = undefined'],
  ['F3 there are no shadow roots', `Element.prototype.attachShadow = () => { throw new Error('no shadow') }`],
  ['F3 somebody guards our name', `Object.defineProperty(window, 'pagewise', { get() { throw new Error('mine') } })`],
  ['F7 images are called as what makes elements', '', '<img name="createElement"><img name="createElementNS">'],
];

describe('the chat says in the console, once, why it does not run where', () => {
  test.each(REFUSALS)('%s: a click is answered in words', async (_name, script) => {
    await open({ script });
    await chat.launcher.click();
    await page
      .locator('pagewise-widget')
      .getByText(/problem at the moment|cannot be reached|could not be loaded/)
      .waitFor();
    expect(complaints).toHaveLength(1);
    if (await chat.panel.isVisible()) await chat.button('Close').click();
    await expectUnharmed();
  });

  test.each(ABSENCES)('%s: nothing of it is on the page', async (_name, script, markup = '') => {
    await open({ script, markup });
    await expect
      .poll(() => complaints, { timeout: 10_000 })
      .toEqual([expect.stringContaining('the chat cannot run on this page')]);
    expect(await page.evaluate(() => document.getElementsByTagName('pagewise-widget').length)).toBe(0);
    await expectUnharmed();
  });
});

test('F10 in a sandboxed frame, where storage throws, the visitor lives in memory', async () => {
  await open({});
  const inner = origins.pages.get('/')?.html ?? '';
  origins.pages.set('/inner', { html: inner });
  origins.pages.set('/', {
    html: `<iframe sandbox="allow-scripts" src="/inner" width="900" height="700"></iframe>`,
  });
  await page.goto(origins.page);
  const frame = page.frameLocator('iframe').locator('pagewise-widget');
  await frame.getByRole('button', { name: 'Ask a question' }).click();
  const composer = frame.getByRole('textbox', { name: 'Message' });
  await composer.fill(QUESTION);
  await composer.press('Enter');
  await frame.getByText(ANSWER).first().waitFor();
  expect(harm).toEqual([]);
});

test('F9 loaded twice, injected again by a router, and reloaded by a tool: one widget, one stream', async () => {
  await open({ markup: tag() });
  await expectAnswer();
  for (let round = 0; round < 3; round += 1)
    await page.evaluate(
      ([src = '', token = '']) =>
        new Promise((resolve) => {
          const script = document.createElement('script');
          Object.assign(script, { src, onload: resolve });
          script.dataset.siteToken = token;
          document.body.append(script);
        }),
      [`${origins.chat}/widget.js?${round}`, SITE_TOKEN],
    );
  expect(await page.locator('pagewise-widget').count()).toBe(1);
  await chat.ask('And per year?');
  const streams = origins.received.filter(({ body }) => JSON.stringify(body ?? '').includes('And per year?'));
  expect(streams).toHaveLength(1);
  await expectUnharmed();
});

test('F9 back from the browser’s cache: one widget, which follows who has logged out meanwhile', async () => {
  const cached = await launchChromium({ backForwardCache: true });
  try {
    page = await cached.newPage();
    watch(page);
    await open({});
    await expectAnswer();
    await page.evaluate(() => Object.assign(window, { kept: true }));
    origins.pages.set('/next', { html: `<!doctype html><title>Next</title><button>Log out</button>` });
    await page.goto(`${origins.page}/next`);
    await page.evaluate(() => {
      localStorage.setItem('pagewise:site_test:visitor', 'visitor-of-the-next');
      localStorage.removeItem('pagewise:site_test:thread');
    });
    await page.goBack({ waitUntil: 'commit' });
    expect(await page.evaluate(() => (window as { kept?: true }).kept)).toBe(true);
    await chat.log.getByText(ANSWER).waitFor({ state: 'hidden' });
    await chat.composer.waitFor();
    expect(await page.locator('pagewise-widget').count()).toBe(1);
    expect(origins.received.findLast(({ path }) => path === '/v1/session')?.body).toEqual({
      visitor_token: 'visitor-of-the-next',
    });
    expect(harm).toEqual([]);
  } finally {
    await cached.close();
  }
});

test('F23 with Global Privacy Control a question carries at most what identifies the page', async () => {
  await open({
    script: `Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })`,
    attributes: 'data-context="page"',
  });
  await expectAnswer();
  const asked = origins.received.findLast(({ path, body }) => path === '/chatkit' && isQuestion(body));
  expect(asked?.body).toHaveProperty('metadata.pageContext.title', 'Plans');
  expect(asked?.body).not.toHaveProperty('metadata.pageContext.text');
  expect(asked?.body).toHaveProperty('metadata.clientTools', []);
  expect(new Set(origins.received.map(({ path }) => path.replace(/^\/assets\/.*/, '/assets')))).toEqual(
    new Set(['/widget.js', '/assets', '/v1/session', '/chatkit']),
  );
});

test('F6 __proto__ and constructor in an answer, in an attribute or in what the page adds change no prototype', async () => {
  const usual = origins.answer;
  const poison = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}';
  const poisoned = (value: unknown): string => JSON.stringify(value).replaceAll('{"', `{${poison},"`);
  origins.answer = async (request) => {
    if (request.path === '/v1/session') return { status: 200, body: poisoned(sessionFor({})) };
    const answer = await usual(request);
    // An event a line: each object in it is poisoned.
    if (typeof answer?.body === 'string') return { ...answer, body: answer.body.replaceAll('{"', `{${poison},"`) };
    return answer;
  };
  try {
    await open({
      script: `window.pagewise = [['setContext', JSON.parse('{${poison}}')]]`,
      attributes: 'data-accent="__proto__" data-theme="constructor" data-locale="__proto__" data-context="toString"',
    });
    await expectAnswer();
    await expectUnharmed();
    expect(await page.evaluate(() => [({} as { polluted?: 1 }).polluted, Object.keys(Object.prototype)])).toEqual([
      undefined,
      [],
    ]);
    expect(complaints).toHaveLength(4);
  } finally {
    origins.answer = usual;
  }
});

test('F18 what a page shows of cards, keys and people stays in the browser', async () => {
  await open({
    markup: `<article><h2>Card 4111 1111 1111 1111</h2><p>IBAN DE89 3704 0044 0532 0130 00, key AKIAIOSFODNN7EXAMPLE,
      token eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln, mail ann@example.org, <a href="mailto:help@example.org">help@example.org</a></p></article>`,
  });
  await page.evaluate(() => document.querySelector('main')?.remove());
  await expectAnswer();
  const sent = JSON.stringify(origins.received.filter(({ body }) => isQuestion(body)));
  expect(sent).toContain('help@example.org');
  expect(sent).not.toMatch(/4111|0532|AKIA|eyJhbGciOiJub25lIn0|ann@example/);
});

test('F25 destroyed a hundred times it leaves no element, no listener, no connection and no memory', async () => {
  await open({});
  await expectAnswer();
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  const measure = async (): Promise<{ heap: number; listeners: number }> => {
    for (let round = 0; round < 3; round += 1) await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? 0;
    return { heap: of('JSHeapUsedSize'), listeners: of('JSEventListeners') };
  };
  const cycle = (rounds: number): Promise<void> =>
    page.evaluate(
      async ([src = '', token = '', times = '0']) => {
        for (let round = 0; round < Number(times); round += 1) {
          (window as never as { pagewise: { destroy(): void } }).pagewise.destroy();
          await new Promise((resolve) => {
            const script = document.createElement('script');
            Object.assign(script, { src, onload: resolve });
            script.dataset.siteToken = token;
            document.head.append(script);
            script.remove();
          });
          await (window as never as { pagewise: { open(): Promise<void> } }).pagewise.open();
        }
      },
      [`${origins.chat}/widget.js`, SITE_TOKEN, String(rounds)],
    );
  // The first rounds fill caches that then stay as they are.
  await cycle(10);
  const before = await measure();
  await cycle(100);
  const after = await measure();
  expect(await page.locator('pagewise-widget').count()).toBe(1);
  expect(after.listeners - before.listeners).toBeLessThanOrEqual(0);
  expect(after.heap - before.heap).toBeLessThan(1_000_000);
  await page.evaluate(() => (window as never as { pagewise: { destroy(): void } }).pagewise.destroy());
  const requests = origins.received.length;
  await page.evaluate(() => {
    for (const event of ['storage', 'pageshow']) window.dispatchEvent(new Event(event));
  });
  await expectUnharmed();
  expect(await page.evaluate(() => [document.querySelector('pagewise-widget'), 'pagewise' in window])).toEqual([
    null,
    false,
  ]);
  expect(origins.received).toHaveLength(requests);
});

function isQuestion(body: unknown): boolean {
  return ['threads.create', 'threads.add_user_message'].includes((body as { type?: string } | undefined)?.type ?? '');
}
