import type { CDPSession, Page, Request } from 'playwright-core';
import type { AppServer } from '../apps/app-server.ts';
import type { Plain } from '../apps/plain-page.ts';

// Mounts and unmounts an element over and over, and counts what stays, as the browser itself does.

/** How often, after the warm-up. */
export const ROUNDS = 200;
/** Before the first count: code that is compiled, sheets and strings that are loaded once for all elements. */
const WARM_UP = 20;

/** How a page shows its element and takes it away again. */
export interface Cycle {
  mount: (thread: string | null) => void;
  unmount: () => void;
  /** Resolves when the element that was mounted last can be used. */
  ready: () => Promise<void>;
  /** One whole mount, answer and unmount: what is loaded once is there after it. */
  first: () => Promise<void>;
}

declare global {
  interface Window {
    cycle: Cycle;
  }
}

/** What 200 rounds left behind. */
export interface Leftovers {
  nodes: number;
  listeners: number;
  timers: number;
  objectUrls: number;
  requests: number;
  /** Bytes of the heap for each round. */
  heap: number;
}

/** Of a page of `openPlainPage`: gives it a `cycle` of its own. */
export function cyclePlainPage(page: Page): Promise<void> {
  return page.evaluate(() => {
    const { plain } = window as unknown as { plain: Plain };
    const cycle: Cycle = {
      mount: (thread) => void plain.make({ initialThread: thread }),
      unmount() {
        plain.element.remove();
        plain.element = undefined as never;
        plain.heard.length = 0;
      },
      ready: () => plain.element.setComposerValue({ text: '' }),
      async first() {
        cycle.mount(null);
        await cycle.ready();
        await plain.element.sendUserMessage({ text: 'First' });
        while (!plain.heard.some(([name]) => name === 'thread.change')) await new Promise(requestAnimationFrame);
        cycle.unmount();
      },
    };
    Object.assign(window, { cycle });
  });
}

/** Runs the rounds of `window.cycle`, a third of them in the middle of an answer of `server`. */
export async function countLeftovers(page: Page, server: AppServer): Promise<Leftovers> {
  await page.evaluate(watch);
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
  await page.evaluate(() => window.cycle.first());
  await rounds(page, WARM_UP);
  const before = await count(page, devtools);
  await rounds(page, ROUNDS);
  const { timers, objectUrls, ...after } = await count(page, devtools);
  // A request that was given up is told of a moment later.
  for (const ended = Date.now() + 5_000; running.size > 0 && Date.now() < ended; ) await page.evaluate(() => undefined);
  return {
    nodes: after.nodes - before.nodes,
    listeners: after.listeners - before.listeners,
    timers,
    objectUrls,
    requests: running.size,
    heap: (after.heap - before.heap) / ROUNDS,
  };
}

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
    const { cycle } = window;
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
