import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../../../tools/chromium.ts';
import { answerPlainly, type Script } from '../../../fakes/chatkit-endpoint.ts';
import { type AppServer, startAppServer } from '../apps/app-server.ts';
import { heard, openPlainPage } from '../apps/plain-page.ts';

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

/** An answer that stops half-way until the test lets it go on. */
const halfway: Script = async function* (_request, { say, held }) {
  const whole = say('Half and whole.');
  yield {
    type: 'thread.item.added',
    item: { ...whole, content: [{ type: 'output_text', text: 'Half', annotations: [] }] },
  };
  await held;
  yield { type: 'thread.item.done', item: whole };
};
const log = () => page.getByRole('log');

// Shows 29, 32, 33, 34, 35.
test('tells ready first and with null, and each change of the thread with its loading in pairs', async () => {
  await page.evaluate(() => window.plain.make({}).sendUserMessage({ text: 'One' }));
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  await page.evaluate(async () => {
    const { element } = window.plain;
    await element.setThreadId(null);
    await element.setThreadId(null);
    await element.setThreadId('thr_1');
    await element.setThreadId('thr_1');
    await element.setThreadId('thr_gone').catch(() => undefined);
  });
  const events = (await heard(page)).filter(([name]) => name === 'ready' || name.startsWith('thread.'));
  expect(events).toEqual([
    ['ready', null],
    ['thread.change', { threadId: 'thr_1' }],
    ['thread.change', { threadId: null }],
    ['thread.load.start', { threadId: 'thr_1' }],
    ['thread.change', { threadId: 'thr_1' }],
    ['thread.load.end', { threadId: 'thr_1' }],
    ['thread.load.start', { threadId: 'thr_1' }],
    ['thread.load.end', { threadId: 'thr_1' }],
    ['thread.load.start', { threadId: 'thr_gone' }],
    ['thread.change', { threadId: 'thr_gone' }],
    ['thread.load.end', { threadId: 'thr_gone' }],
  ]);
  expect(complaints.splice(0)).toEqual([expect.stringContaining('404')]);

  // A thread that the options name begins to load before anybody can hear of it.
  await page.evaluate(() => {
    window.plain.heard.length = 0;
    window.plain.make({ initialThread: 'thr_1' });
  });
  const opening = async () => (await heard(page)).filter(([name]) => name === 'ready' || name.startsWith('thread.'));
  await expect.poll(opening).toEqual([
    ['ready', null],
    ['thread.load.start', { threadId: 'thr_1' }],
    ['thread.change', { threadId: 'thr_1' }],
    ['thread.load.end', { threadId: 'thr_1' }],
  ]);
});

// Shows 33, 42.
test('tells the history opening and closing once each, by hand and by method, and the thread picked there', async () => {
  await page.evaluate(() => window.plain.make({}).sendUserMessage({ text: 'Listed' }));
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  await page.evaluate(async () => {
    const { element } = window.plain;
    await element.setThreadId(null);
    window.plain.heard.length = 0;
    await element.showHistory();
    await element.showHistory();
    await element.hideHistory();
    await element.hideHistory();
  });
  await page.getByRole('button', { name: 'Chat history' }).click();
  await page
    .getByRole('button', { name: /Untitled chat/ })
    .first()
    .click();
  await log().getByText('Listed').waitFor();
  const names = (await heard(page)).map(([name]) => name);
  expect(names.filter((name) => name.startsWith('history.'))).toEqual([
    'history.open',
    'history.close',
    'history.open',
    'history.close',
  ]);
  expect((await heard(page)).find(([name]) => name === 'thread.change')).toEqual([
    'thread.change',
    { threadId: 'thr_1' },
  ]);
});

// Shows 36, 43.
test.each([
  [
    'an error of the server',
    async function* () {
      yield { type: 'error', code: 'custom', message: 'No.', allow_retry: true } as const;
    },
    'No.',
  ],
  [
    'a stream that is cut',
    async function* (_request, { say }) {
      yield { type: 'thread.item.added', item: say('Part') } as const;
    },
    'complete',
  ],
] as [string, Script, string][])('pairs response.start and .end once after %s', async (_name, script, message) => {
  server.endpoint.script = script;
  await page.evaluate(() => window.plain.make({}).sendUserMessage({ text: 'Well?' }));
  await page.getByRole('alert').waitFor();
  const events = await page.evaluate(() =>
    window.plain.heard.map(([name, detail]) => {
      const { error } = (detail ?? {}) as { error?: unknown };
      return [name, error instanceof Error ? error.message : null];
    }),
  );
  expect(events.filter(([name]) => name === 'response.start')).toHaveLength(1);
  expect(events.filter(([name]) => name === 'response.end')).toHaveLength(1);
  expect(events.find(([name]) => name === 'error')?.[1]).toContain(message);
});

// Shows 36.
test('pairs them once after a stop and after a lost network', async () => {
  server.endpoint.script = halfway;
  await page.evaluate(() => window.plain.make({}).sendUserMessage({ text: 'Stop me' }));
  await log().getByText('Half', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Stop answering' }).click();
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  await page.evaluate(() => window.plain.element.sendUserMessage({ text: 'Lose me' }));
  await log().getByText('Half', { exact: true }).nth(1).waitFor();
  await page.context().setOffline(true);
  await page.evaluate(() => window.plain.element.pagewise.stop());
  await page.evaluate(() => window.plain.element.sendUserMessage({ text: 'Offline' }));
  await page.getByRole('alert').waitFor();
  await page.context().setOffline(false);
  const names = (await heard(page)).map(([name]) => name).filter((name) => name.startsWith('response.'));
  expect(names).toEqual(Array.from({ length: 3 }, () => ['response.start', 'response.end']).flat());
  complaints.length = 0;
});

// Shows 37.
test('ends the response only after the client tools of its turn', async () => {
  server.endpoint.script = async function* (request, reply) {
    if (request.type === 'threads.add_client_tool_output') yield* answerPlainly(request, reply);
    else yield { type: 'thread.item.done', item: reply.call('slow', {}) };
  };
  await page.evaluate(() => {
    window.plain.make({
      onClientTool: async () => {
        window.plain.heard.push(['tool', null]);
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        return {};
      },
    });
    return window.plain.element.sendUserMessage({ text: 'Use it' });
  });
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  const names = (await heard(page)).map(([name]) => name);
  expect(names.slice(-4)).toEqual(['response.start', 'thread.change', 'tool', 'response.end']);
});

// Shows 38, 39, 45.
test('tells effects in their order, not again when the thread is loaded, whatever a listener throws', async () => {
  server.endpoint.script = async function* (request, reply) {
    for (const count of [1, 2, 3]) yield { type: 'client_effect', name: 'count', data: { count } };
    yield* answerPlainly(request, reply);
  };
  await page.evaluate(() => {
    const element = window.plain.make({});
    for (const name of ['ready', 'effect', 'response.start', 'response.end', 'thread.change'])
      element.addEventListener(`chatkit.${name}`, () => {
        throw new Error('the host is broken');
      });
    return element.sendUserMessage({ text: 'Effects' });
  });
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  await page.evaluate(() => window.plain.element.setThreadId(null));
  await page.evaluate(() => window.plain.element.setThreadId('thr_1'));
  await log().getByText('Effects', { exact: true }).waitFor();
  expect((await heard(page)).filter(([name]) => name === 'effect')).toEqual(
    [1, 2, 3].map((count) => ['effect', { name: 'count', data: { count } }]),
  );
  expect(new Set(complaints.splice(0))).toEqual(new Set(['the host is broken']));
});

// Shows 40.
test('tells a deeplink with its name and data, by click and by key, and goes nowhere', async () => {
  server.endpoint.script = async function* (_request, { say }) {
    yield {
      type: 'thread.item.done',
      item: say('See [page 4](chatkit-link://source?source_id=a%20b&locator=pp.+4-5).'),
    };
  };
  await page.evaluate(() => window.plain.make({}).sendUserMessage({ text: 'Where?' }));
  const link = page.getByRole('button', { name: 'page 4' });
  await link.click();
  await link.press('Enter');
  const told = ['deeplink', { name: 'source', data: { source_id: 'a b', locator: 'pp. 4-5' } }];
  expect((await heard(page)).filter(([name]) => name === 'deeplink')).toEqual([told, told]);
  expect(page.url()).toBe(`${server.origin}/plain`);
  expect(page.context().pages()).toHaveLength(1);
});

// Shows 44.
test('logs its requests and never what was said', async () => {
  await page.evaluate(() => window.plain.make({}).sendUserMessage({ text: 'my secret question' }));
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  const logged = (await heard(page, true)).filter(([name]) => name === 'log');
  expect(logged).toEqual([['log', { name: 'request', data: { type: 'threads.create' } }]]);
});

// Shows 154.
test('tells a message that was sent by hand or by method under a name of its own', async () => {
  await page.evaluate(() => window.plain.make({}));
  await page.getByRole('textbox').fill('By hand');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  await page.evaluate(() => window.plain.element.sendUserMessage({ text: 'By method', reply: 'forty-two' }));
  await page.getByRole('button', { name: 'Copy answer' }).nth(1).waitFor();
  const sent = (await heard(page)).filter(([name]) => name === 'user-message').map(([, detail]) => detail);
  expect(sent).toEqual([
    { threadId: null, content: [{ type: 'input_text', text: 'By hand' }], attachments: [] },
    { threadId: 'thr_1', content: [{ type: 'input_text', text: 'By method' }], reply: 'forty-two', attachments: [] },
  ]);
});
