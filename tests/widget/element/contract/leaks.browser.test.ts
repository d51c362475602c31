import type { Browser, CDPSession, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../../../tools/chromium.ts';
import { type AppServer, startAppServer } from '../apps/app-server.ts';
import { buildApp } from '../apps/build-app.ts';
import { openPlainPage } from '../apps/plain-page.ts';

// What 200 mounts and unmounts leave behind, as the browser itself counts it.

const ROUNDS = 200;
/** Before the first count: code that is compiled, sheets and strings that are loaded once for all elements. */
const WARM_UP = 20;

let browser: Browser;
let server: AppServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), startAppServer()]);
});
afterAll(() => Promise.all([browser.close(), server.close()]));

interface Open {
  timers: number;
  objectUrls: number;
}

/** Counts what is begun and not ended: timers, frames and object URLs. */
function watch(): void {
  const open: Open = { timers: 0, objectUrls: 0 };
  const timers = new Set<unknown>();
  const once = (name: 'setTimeout' | 'requestAnimationFrame', end: 'clearTimeout' | 'cancelAnimationFrame') => {
    const begin = window[name] as (callback: (...args: unknown[]) => void, ...rest: unknown[]) => number;
    const cancel = window[end];
    const drop = (id: unknown) => {
      if (timers.delete(`${name} ${String(id)}`)) open.timers -= 1;
    };
    Object.assign(window, {
      [name](callback: (...args: unknown[]) => void, ...rest: unknown[]) {
        const id = begin(
          (...args) => {
            drop(id);
            callback(...args);
          },
          ...rest,
        );
        timers.add(`${name} ${id}`);
        open.timers += 1;
        return id;
      },
      [end](id: number) {
        drop(id);
        cancel(id);
      },
    });
  };
  once('setTimeout', 'clearTimeout');
  once('requestAnimationFrame', 'cancelAnimationFrame');
  const begin = window.setInterval.bind(window);
  const end = window.clearInterval.bind(window);
  const create = URL.createObjectURL.bind(URL);
  const revoke = URL.revokeObjectURL.bind(URL);
  Object.assign(window, {
    open,
    setInterval(...given: Parameters<typeof begin>) {
      open.timers += 1;
      return begin(...given);
    },
    clearInterval(id: number) {
      open.timers -= 1;
      end(id);
    },
  });
  URL.createObjectURL = (blob) => {
    open.objectUrls += 1;
    return create(blob);
  };
  URL.revokeObjectURL = (url) => {
    open.objectUrls -= 1;
    revoke(url);
  };
}

async function count(page: Page, devtools: CDPSession) {
  await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  const open = await page.evaluate(() => ({ ...(window as unknown as { open: Open }).open }));
  return { nodes: of('Nodes'), listeners: of('JSEventListeners'), heap: of('JSHeapUsedSize'), ...open };
}

/** Mounts and unmounts by turns with nothing more, in the middle of loading, and in the middle of an answer. */
async function rounds(page: Page, times: number): Promise<void> {
  await page.evaluate(async (total) => {
    const { cycle } = window as unknown as {
      cycle: { mount: (thread: string | null) => void; unmount: () => void; ready: () => Promise<void> };
    };
    for (let round = 0; round < total; round += 1) {
      cycle.mount(round % 3 === 1 ? 'thr_1' : null);
      if (round % 3 === 0) await new Promise(requestAnimationFrame);
      else await cycle.ready();
      if (round % 3 === 2) {
        const element = document.querySelector('openai-chatkit') as unknown as {
          sendUserMessage: (message: object) => Promise<void>;
          setComposerValue: (value: object) => Promise<void>;
        };
        await element.sendUserMessage({ text: 'Half?' });
        await element.setComposerValue({ text: 'draft' });
      }
      cycle.unmount();
      await new Promise((resolve) => setTimeout(resolve));
    }
  }, times);
  // Every timer of ours is shorter than this: what still counts then was forgotten.
  await page.waitForFunction(() => (window as unknown as { open: Open }).open.timers === 0, undefined, {
    timeout: 5_000,
  });
}

async function measure(page: Page): Promise<void> {
  const running = new Set<Request>();
  page.on('request', (request) => running.add(request));
  page.on('requestfinished', (request) => running.delete(request));
  page.on('requestfailed', (request) => running.delete(request));
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  server.endpoint.script = async function* (_request, { say, held }) {
    yield { type: 'thread.item.added', item: say('Half') };
    await held;
  };
  await page.evaluate(() => (window as unknown as { cycle: { first: () => Promise<void> } }).cycle.first());
  await rounds(page, WARM_UP);
  const before = await count(page, devtools);
  await rounds(page, ROUNDS);
  const after = await count(page, devtools);
  expect({ timers: after.timers, objectUrls: after.objectUrls }).toEqual({ timers: 0, objectUrls: 0 });
  await expect.poll(() => [...running]).toEqual([]);
  // Fewer than one of either for ten rounds; an element that stays has some sixty nodes and twenty listeners.
  expect(after.nodes - before.nodes).toBeLessThan(ROUNDS / 10);
  expect(after.listeners - before.listeners).toBeLessThan(ROUNDS / 10);
  // An element that stays is more than 30 kB; devtools itself keeps a line for every request.
  expect((after.heap - before.heap) / ROUNDS).toBeLessThan(5_000);
}

// Shows 8, 151.
test('leaves nothing of 200 elements of a plain page', async () => {
  const { page } = await openPlainPage(browser, server);
  await page.evaluate(watch);
  await page.evaluate(() => {
    const cycle = {
      mount: (thread: string | null) => void window.plain.make({ initialThread: thread }),
      unmount: () => {
        window.plain.element.remove();
        window.plain.element = undefined as never;
        window.plain.heard.length = 0;
      },
      ready: () => window.plain.element.setComposerValue({ text: '' }),
      async first() {
        cycle.mount(null);
        await cycle.ready();
        await window.plain.element.sendUserMessage({ text: 'First' });
        while (!window.plain.heard.some(([name]) => name === 'thread.change')) await new Promise(requestAnimationFrame);
        cycle.unmount();
      },
    };
    Object.assign(window, { cycle });
  });
  await measure(page);
  await page.close();
});

// Shows 151.
test('leaves nothing of 200 elements of an app', async () => {
  server.put('/leaks.js', await buildApp('React 19'));
  server.put(
    '/leaks',
    '<!doctype html><title>App</title><script src="/chatkit.js"></script><script type="module" src="/leaks.js"></script>',
  );
  const page = await browser.newPage();
  await page.goto(`${server.origin}/leaks`);
  await page.evaluate(() => customElements.whenDefined('openai-chatkit').then(() => undefined));
  await page.evaluate(watch);
  await page.evaluate(() => {
    interface App {
      heard: [string, unknown][];
      calls: unknown[];
      chat: unknown;
      mount: (options: { thread?: string }) => void;
      unmount: () => void;
    }
    const { app } = window as unknown as { app: App };
    const heardOf = async (wanted: string) => {
      while (!app.heard.some(([name]) => name === wanted)) await new Promise(requestAnimationFrame);
    };
    const cycle = {
      mount: (thread: string | null) => app.mount(thread === null ? {} : { thread }),
      unmount() {
        app.unmount();
        app.chat = undefined;
        app.heard.length = 0;
      },
      ready: () => heardOf('onReady'),
      async first() {
        cycle.mount(null);
        await cycle.ready();
        await (
          document.querySelector('openai-chatkit') as unknown as { sendUserMessage: (message: object) => Promise<void> }
        ).sendUserMessage({ text: 'First' });
        await heardOf('onThreadChange');
        cycle.unmount();
      },
    };
    Object.assign(window, { cycle });
  });
  await measure(page);
  await page.close();
});
