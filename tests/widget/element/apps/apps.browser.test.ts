import type { OpenAIChatKit } from '@openai/chatkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../../../../tools/chromium.ts';
import { answerPlainly } from '../../../fakes/chatkit-endpoint.ts';
import { type AppServer, startAppServer } from './app-server.ts';
import { buildApp, FLAVOURS, type Flavour } from './build-app.ts';

// The built element under apps as their authors write them: React 19, React 18 and Preact, and a page without either.
// Each talks to a ChatKit server over real HTTP. Any console error fails the test.

const PAGE = (scripts: string) => `<!doctype html><html lang="en"><head><title>App</title>
<style>body{margin:0}.chat-box{height:600px}</style></head><body>${scripts}</body></html>`;
const OURS = '<script async src="/chatkit.js"></script>';

let browser: Browser;
let server: AppServer;
let page: Page;
let complaints: string[] = [];

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), startAppServer()]);
});
afterAll(() => Promise.all([browser.close(), server.close()]));
afterEach(async () => {
  await page.close();
  expect(complaints).toEqual([]);
});

async function open(path: string): Promise<void> {
  complaints = [];
  server.endpoint.threads.clear();
  server.endpoint.requests.length = 0;
  server.endpoint.script = answerPlainly;
  page = await browser.newPage({ viewport: { width: 480, height: 700 } });
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.goto(server.origin + path);
}

interface App {
  version: string;
  heard: [string, unknown][];
  calls: unknown[];
  chat: Record<string, (...params: unknown[]) => Promise<unknown>>;
  rerender: () => void;
  setTheme: (theme: string) => void;
  mount: (options?: { strict?: boolean; thread?: string }) => void;
  unmount: () => void;
}
const heard = () => page.evaluate(() => (window as unknown as { app: App }).app.heard);
const names = async () => (await heard()).map(([name]) => name);
const mount = (options?: { strict?: boolean; thread?: string }) =>
  page.evaluate((given) => (window as unknown as { app: App }).app.mount(given), options);
const unmount = () => page.evaluate(() => (window as unknown as { app: App }).app.unmount());

describe.each(Object.keys(FLAVOURS) as Flavour[])('%s', (flavour) => {
  beforeAll(async () => {
    server.put('/app.js', await buildApp(flavour));
    server.put('/', PAGE(`${OURS}<script type="module" src="/app.js"></script>`));
  });

  // Shows 12, 147.
  test('sends, streams, runs a client tool, changes the thread, and comes back after an unmount', async () => {
    await open('/');
    await mount();
    await expect.poll(names).toEqual(['onReady']);
    const { version } = FLAVOURS[flavour];
    if (version) expect(await page.evaluate(() => (window as unknown as { app: App }).app.version)).toBe(version);
    const message = page.getByRole('textbox', { name: 'Message' });
    expect(await message.getAttribute('placeholder')).toBe('Ask the app');
    expect(await page.locator('openai-chatkit').evaluate((node) => node.clientHeight)).toBe(600);
    await message.fill('What is six times seven?');
    await page.keyboard.press('Enter');
    await page.getByRole('log').getByText('It is forty-two.').waitFor();
    await expect.poll(heard).toEqual([
      ['onReady', null],
      ['onResponseStart', null],
      ['onThreadChange', { threadId: 'thr_1' }],
      ['onResponseEnd', null],
    ]);

    server.endpoint.script = async function* (request, reply) {
      if (request.type !== 'threads.add_client_tool_output') {
        yield { type: 'client_effect', name: 'glow', data: { colour: 'red' } };
        yield { type: 'thread.item.done', item: reply.call('read_page', { from: 3 }) };
      } else yield* answerPlainly(request, reply);
    };
    await page.evaluate(() => (window as unknown as { app: App }).app.chat.sendUserMessage?.({ text: 'Read on' }));
    await expect
      .poll(async () => (await heard()).slice(4))
      .toEqual([
        ['onResponseStart', null],
        ['onEffect', { name: 'glow', data: { colour: 'red' } }],
        ['onResponseEnd', null],
      ]);
    expect(await page.evaluate(() => (window as unknown as { app: App }).app.calls)).toEqual([
      { name: 'read_page', params: { from: 3 } },
    ]);
    expect(server.endpoint.requests.at(-1)?.request).toMatchObject({
      type: 'threads.add_client_tool_output',
      params: { thread_id: 'thr_1', result: { render: 1 } },
    });

    await page.evaluate(() => (window as unknown as { app: App }).app.chat.setThreadId?.(null));
    await page.getByText('What can I help with today?').waitFor();
    await page.evaluate(() => (window as unknown as { app: App }).app.chat.setThreadId?.('thr_1'));
    await page.getByRole('log').getByText('What is six times seven?').waitFor();
    expect((await heard()).slice(7)).toEqual([
      ['onThreadChange', { threadId: null }],
      ['onThreadLoadStart', { threadId: 'thr_1' }],
      ['onThreadChange', { threadId: 'thr_1' }],
      ['onThreadLoadEnd', { threadId: 'thr_1' }],
    ]);

    await unmount();
    await mount({ thread: 'thr_1' });
    await page.getByRole('log').getByText('What is six times seven?').waitFor();
    expect((await heard()).slice(11)).toEqual([
      ['onReady', null],
      ['onThreadLoadStart', { threadId: 'thr_1' }],
      ['onThreadChange', { threadId: 'thr_1' }],
      ['onThreadLoadEnd', { threadId: 'thr_1' }],
    ]);
  });

  // Shows 30.
  test('hears `onReady` at each of 100 cold mounts, the first before the tag is defined', async () => {
    await open('/');
    await page.evaluate(async () => {
      const { app } = window as unknown as { app: App };
      for (let round = 1; round <= 100; round += 1) {
        app.mount({ strict: round % 2 === 0 });
        const ready = () => app.heard.filter(([name]) => name === 'onReady').length;
        for (const end = performance.now() + 5_000; ready() < round && performance.now() < end; )
          await new Promise((resolve) => setTimeout(resolve, 5));
        app.unmount();
      }
    });
    expect(await names()).toEqual(Array.from({ length: 100 }, () => 'onReady'));
  });

  // Shows 149.
  test('keeps one set of listeners and one ready in StrictMode', async () => {
    await open('/');
    await mount({ strict: true });
    await expect.poll(names).toEqual(['onReady']);
    await page.evaluate(() => (window as unknown as { app: App }).app.chat.sendUserMessage?.({ text: 'Once?' }));
    await expect.poll(names).toEqual(['onReady', 'onResponseStart', 'onThreadChange', 'onResponseEnd']);
    expect(server.endpoint.requests.map(({ request }) => request.type)).toEqual(['threads.create']);
  });

  // Shows 148.
  test('takes new functions without new options, and a new value with exactly one call', async () => {
    await open('/');
    await mount();
    await expect.poll(names).toEqual(['onReady']);
    await page.evaluate(() => {
      const element = document.querySelector('openai-chatkit') as OpenAIChatKit;
      const given: unknown[] = [];
      const setOptions = element.setOptions.bind(element);
      element.setOptions = (options) => {
        given.push(options);
        setOptions(options);
      };
      Object.assign(window, { given });
    });
    const given = () => page.evaluate(() => (window as unknown as { given: unknown[] }).given.length);
    await page.evaluate(() => (window as unknown as { app: App }).app.rerender());
    server.endpoint.script = async function* (request, reply) {
      if (request.type === 'threads.add_client_tool_output') yield* answerPlainly(request, reply);
      else yield { type: 'thread.item.done', item: reply.call('read_page', {}) };
    };
    await page.evaluate(() => (window as unknown as { app: App }).app.chat.sendUserMessage?.({ text: 'Read' }));
    await expect
      .poll(() => server.endpoint.requests.at(-1)?.request)
      .toMatchObject({ params: { result: { render: 2 } } });
    expect(await given()).toBe(0);
    await page.evaluate(() => (window as unknown as { app: App }).app.setTheme('dark'));
    await expect.poll(given).toBe(1);
  });

  // Shows 150.
  test('fails in a method before the tag is defined as the original does, and works after it', async () => {
    server.put('/late', PAGE('<script type="module" src="/app.js"></script>'));
    await open('/late');
    await mount();
    const send = () =>
      page.evaluate(async () => {
        const { app } = window as unknown as { app: App };
        try {
          const promise = app.chat.sendUserMessage?.({ text: 'Hello' });
          return (await promise) ?? 'sent';
        } catch (error) {
          return (error as Error).name;
        }
      });
    expect(await send()).toBe('TypeError');
    await page.addScriptTag({ url: '/chatkit.js' });
    await expect.poll(names).toEqual(['onReady']);
    expect(await send()).toBe('sent');
    await page.getByRole('log').getByText('It is forty-two.').waitFor();
  });
});
