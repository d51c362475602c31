import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../../../tools/chromium.ts';
import { answerPlainly } from '../../../fakes/chatkit-endpoint.ts';
import { type AppServer, startAppServer } from '../apps/app-server.ts';
import { openPlainPage } from '../apps/plain-page.ts';

let browser: Browser;
let server: AppServer;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), startAppServer()]);
});
afterAll(() => Promise.all([browser.close(), server.close()]));
beforeEach(async () => {
  ({ page, complaints } = await openPlainPage(browser, server));
});
afterEach(async () => {
  await page.close();
  expect(complaints).toEqual([]);
});

const log = () => page.getByRole('log');
const requests = () => server.endpoint.requests.map(({ request }) => request);

// Shows 18.
test('replaces all options: what the next call leaves out is gone', async () => {
  await page.evaluate(() => window.plain.make({ disclaimer: { text: 'Check facts.' } }));
  await page.getByText('Check facts.').waitFor();
  await page.evaluate(() => window.plain.element.setOptions({ api: { url: '/chatkit', domainKey: 'x' } }));
  await page.getByText('Check facts.').waitFor({ state: 'detached' });
});

// Shows 22.
test('changes nothing of the page and asks nothing when the same options come again', async () => {
  await page.evaluate(() => window.plain.make({ startScreen: { greeting: 'Same' }, theme: 'dark' }));
  await page.getByText('Same', { exact: true }).waitFor();
  await page.evaluate(() => window.plain.element.sendUserMessage({ text: 'Hello' }));
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  // What the composer loads after its first drawing has come.
  await page.waitForLoadState('networkidle');
  const before = requests().length;
  const changes = await page.evaluate(async () => {
    const { element } = window.plain;
    const records: string[] = [];
    const observer = new MutationObserver((list) =>
      records.push(...list.map(({ type, attributeName }) => `${type} ${attributeName}`)),
    );
    const all = { subtree: true, childList: true, attributes: true, characterData: true };
    observer.observe(element.shadowRoot as ShadowRoot, all);
    for (let count = 0; count < 3; count += 1)
      element.setOptions({
        api: { url: '/chatkit', domainKey: 'local' },
        startScreen: { greeting: 'Same' },
        theme: 'dark',
      });
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return records;
  });
  expect(changes).toEqual([]);
  expect(requests()).toHaveLength(before);
});

// Shows 23.
test('keeps stream, scroll position and draft under a theme that changes', async () => {
  server.endpoint.script = async function* (_request, { say, held }) {
    const whole = say(`${'A line of the answer.\n\n'.repeat(60)}The end.`);
    const [part] = whole.content;
    if (!part) return;
    yield { type: 'thread.item.added', item: { ...whole, content: [{ ...part, text: part.text.slice(0, -8) }] } };
    await held;
    yield { type: 'thread.item.done', item: whole };
  };
  await page.evaluate(() => window.plain.make({}));
  await page.evaluate(() => window.plain.element.sendUserMessage({ text: 'Long?' }));
  await log().getByText('A line of the answer.').last().waitFor();
  await page.getByRole('textbox').fill('kept');
  const scrollTo = (top: number | undefined) =>
    log().evaluate((node, given) => {
      if (given !== undefined) node.scrollTo({ top: given, behavior: 'instant' });
      return node.scrollTop;
    }, top);
  await expect.poll(() => scrollTo(300)).toBe(300);
  await page.evaluate(() =>
    window.plain.element.setOptions({ api: { url: '/chatkit', domainKey: 'local' }, theme: 'dark' }),
  );
  const { colorScheme } = await page.evaluate(() => ({
    colorScheme: getComputedStyle(window.plain.element.shadowRoot?.firstElementChild as Element).colorScheme,
  }));
  expect(colorScheme).toBe('dark');
  expect(await scrollTo(undefined)).toBe(300);
  server.endpoint.release();
  await log().getByText('The end.').waitFor();
  expect(await page.getByRole('textbox').inputValue()).toBe('kept');
  expect(requests()).toHaveLength(1);
});

// Shows 24.
test('leaves the thread alone when `initialThread` changes later', async () => {
  await page.evaluate(() => window.plain.make({}));
  await page.evaluate(() => window.plain.element.sendUserMessage({ text: 'First thread' }));
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  await page.evaluate(() =>
    window.plain.element.setOptions({ api: { url: '/chatkit', domainKey: 'local' }, initialThread: 'thr_other' }),
  );
  await page.evaluate(() => window.plain.element.fetchUpdates());
  expect(await log().getByText('First thread').isVisible()).toBe(true);
  expect(requests().at(-1)).toEqual({ type: 'threads.get_by_id', params: { thread_id: 'thr_1' } });
});

// Shows 25, 27.
test('uses a new address from the next request on, with a real, a dummy or no domain key', async () => {
  await page.evaluate(() => window.plain.make({}));
  const paths = await page.evaluate(async () => {
    const { element } = window.plain;
    const seen: string[] = [];
    const fetch = (url: string) => {
      seen.push(new URL(url).pathname);
      return Promise.resolve(new Response('data: {"type":"notice","level":"info","message":"x"}\n\n'));
    };
    for (const api of [{ url: '/a', domainKey: 'domain_pk_real' }, { url: '/b', domainKey: '' }, { url: '/c' }]) {
      element.setOptions({ api: { ...api, fetch } as never });
      await element.sendUserMessage({ text: 'Where?' });
      while (
        await element.focusComposer().then(
          () => false,
          () => true,
        )
      )
        await new Promise(requestAnimationFrame);
    }
    return seen;
  });
  expect(paths).toEqual(['/a', '/b', '/c']);
});

// Shows 26.
test('calls the functions of the newest options, in the middle of a turn too', async () => {
  let asked = 0;
  server.endpoint.script = async function* (request, reply) {
    asked += 1;
    if (asked > 2) yield* answerPlainly(request, reply);
    else yield { type: 'thread.item.done', item: reply.call('read_page', {}) };
  };
  await page.evaluate(() => {
    const api = { url: '/chatkit', domainKey: 'local' };
    window.plain.make({
      onClientTool() {
        window.plain.element.setOptions({ api, onClientTool: () => ({ by: 'the second' }) });
        return { by: 'the first' };
      },
    });
    return window.plain.element.sendUserMessage({ text: 'Read' });
  });
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  const results = requests().flatMap(({ type, params }) =>
    type === 'threads.add_client_tool_output' ? [params.result] : [],
  );
  expect(results).toEqual([{ by: 'the first' }, { by: 'the second' }]);
});

// Shows 20, 28.
test('never throws: options that cannot work are explained on the spot and reported once', async () => {
  const errors = await page.evaluate(async () => {
    const element = window.plain.make();
    const odd: unknown[] = [
      undefined,
      null,
      7,
      'x',
      [],
      {},
      { api: 3 },
      { api: { url: '' } },
      { api: { getClientSecret: () => 'x' } },
    ];
    for (const options of odd) element.setOptions(options as never);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return window.plain.heard.map(([name, detail]) => [name, (detail as { error: Error }).error instanceof Error]);
  });
  expect(errors).toEqual([
    ['error', true],
    ['error', true],
  ]);
  await page.getByRole('alert').getByText('getClientSecret').waitFor();
  await page.evaluate(() => window.plain.element.setOptions({ api: { url: '/chatkit', domainKey: 'local' } }));
  await page.getByRole('textbox').waitFor();
});
