import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../../../tools/chromium.ts';
import { type AppServer, startAppServer } from '../apps/app-server.ts';
import { buildApp } from '../apps/build-app.ts';
import { openPlainPage } from '../apps/plain-page.ts';
import { countLeftovers, cyclePlainPage, ROUNDS } from './mount-cycles.ts';

// What 200 mounts and unmounts leave behind, as the browser itself counts it.

let browser: Browser;
let server: AppServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), startAppServer()]);
});
afterAll(() => Promise.all([browser.close(), server.close()]));

async function expectNothingLeft(page: Page): Promise<void> {
  const { nodes, listeners, heap, ...open } = await countLeftovers(page, server);
  expect(open).toEqual({ timers: 0, objectUrls: 0, requests: 0 });
  // Fewer than one of either for ten rounds; an element that stays has some sixty nodes and twenty listeners.
  expect(nodes).toBeLessThan(ROUNDS / 10);
  expect(listeners).toBeLessThan(ROUNDS / 10);
  // An element that stays is more than 30 kB; devtools itself keeps a line for every request.
  expect(heap).toBeLessThan(5_000);
}

// Shows 8, 151.
test('leaves nothing of 200 elements of a plain page', async () => {
  const { page } = await openPlainPage(browser, server);
  await cyclePlainPage(page);
  await expectNothingLeft(page);
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
  await expectNothingLeft(page);
  await page.close();
});
