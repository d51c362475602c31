import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../../../tools/chromium.ts';
import type { Script } from '../../../fakes/chatkit-endpoint.ts';
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
const requests = () => server.endpoint.requests.map(({ request }) => request);

const inputs = () =>
  requests().flatMap(({ params }) => ('input' in params && 'content' in params.input ? [params.input] : []));

/** What became of a call: its error's name and message, or what it gave. */
const outcome = (call: string) =>
  page.evaluate<unknown>(`(() => {
    const promise = window.plain.element.${call};
    if (!(promise instanceof Promise)) return 'not a promise';
    return promise.then((value) => value ?? null, ({ name, message }) => name + ': ' + message);
  })()`);

// Shows 46, 50, 51, 52, 53.
test('sends a message as it was given: text, content, quote, attachments, tool and model', async () => {
  await page.evaluate(() => window.plain.make({}));
  expect(await outcome("sendUserMessage({ text: 'Plain' })")).toBe(null);
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  await page.getByRole('textbox').fill('a draft of mine');
  const file = `{ type: 'file', id: 'atc_1', name: 'a.pdf', mime_type: 'application/pdf' }`;
  const content = `[{ type: 'input_text', text: 'See ' }, { type: 'input_tag', id: 't1', text: 'Ada', data: { a: '1' } }]`;
  await outcome(
    `sendUserMessage({ content: ${content}, reply: 'forty-two', attachments: [${file}], toolChoice: { id: 'search' }, model: 'big' })`,
  );
  await page.getByRole('button', { name: 'Copy answer' }).nth(1).waitFor();
  expect(inputs()).toEqual([
    { content: [{ type: 'input_text', text: 'Plain' }], quoted_text: '', attachments: [], inference_options: {} },
    {
      content: [
        { type: 'input_text', text: 'See ' },
        { type: 'input_tag', id: 't1', text: 'Ada', data: { a: '1' }, interactive: false },
      ],
      quoted_text: 'forty-two',
      attachments: ['atc_1'],
      inference_options: { tool_choice: { id: 'search' }, model: 'big' },
    },
  ]);
  expect(await page.getByRole('textbox').inputValue()).toBe('a draft of mine');
  expect(await outcome('sendUserMessage({})')).toBe('Error: sendUserMessage: nothing to send');
});

// Shows 47.
test('keeps what is called before ready, and does it in order once there are options', async () => {
  const first = await page.evaluate(async () => {
    const element = window.plain.make();
    const calls = [
      element.sendUserMessage({ text: 'First' }),
      element.sendUserMessage({ text: 'Second' }),
      element.showHistory(),
    ];
    await new Promise((resolve) => setTimeout(resolve, 200));
    const quiet = window.plain.heard.length;
    element.setOptions({ api: { url: '/chatkit', domainKey: 'local' } });
    await Promise.all(calls);
    return quiet;
  });
  expect(first).toBe(0);
  await expect
    .poll(() => inputs().map(({ content }) => content))
    .toEqual([[{ type: 'input_text', text: 'First' }], [{ type: 'input_text', text: 'Second' }]]);
  expect((await heard(page)).map(([name]) => name)[0]).toBe('ready');
});

// Shows 46, 48.
test('refuses by name what cannot be done while an answer streams, and does the rest', async () => {
  server.endpoint.script = halfway;
  await page.evaluate(() => window.plain.make({}).sendUserMessage({ text: 'Wait' }));
  await log().getByText('Half', { exact: true }).waitFor();
  for (const call of [
    "sendUserMessage({ text: 'x' })",
    "setThreadId('thr_1')",
    "sendCustomAction({ type: 'x' })",
    'focusComposer()',
    'fetchUpdates()',
  ])
    expect(await outcome(call)).toMatch(/^BusyError: /);
  for (const call of ['showHistory()', 'hideHistory()', "setComposerValue({ text: 'x' })"])
    expect(await outcome(call)).toBe(null);
  server.endpoint.release();
  await log().getByText('Half and whole.').waitFor();
  expect(await outcome('focusComposer()')).toBe(null);
});

// Shows 49.
test('begins a new thread for a message that asks for one', async () => {
  await page.evaluate(() => window.plain.make({}).sendUserMessage({ text: 'One' }));
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  await outcome("sendUserMessage({ text: 'Two', newThread: true })");
  await log().getByText('Two', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  expect(requests().map(({ type }) => type)).toEqual(['threads.create', 'threads.create']);
  expect(await log().getByText('One', { exact: true }).count()).toBe(0);
});

// Shows 54, 154.
test('puts a value into the composer without sending it, and tells what stands there', async () => {
  await page.evaluate(() =>
    window.plain.make({
      composer: {
        tools: [{ id: 'search', label: 'Search', icon: 'search' }],
        models: [{ id: 'big', label: 'Big' }],
      },
    }),
  );
  await page.getByRole('textbox').fill('old');
  const content = [
    { type: 'input_text', text: 'Ask ' },
    { type: 'input_tag', id: 't1', text: 'Ada', data: {}, interactive: false },
  ];
  const given = { content, reply: 'forty-two', selectedToolId: 'search', selectedModelId: 'big' };
  expect(await outcome(`setComposerValue(${JSON.stringify(given)})`)).toBe(null);
  const value = () => page.evaluate<unknown>('window.plain.element.pagewise.getComposerValue()');
  expect(await value()).toEqual({ text: 'Ask @Ada', attachments: [], ...given });
  expect(await outcome("setComposerValue({ text: 'new words', selectedToolId: null })")).toBe(null);
  await expect.poll(() => page.getByRole('textbox').inputValue()).toBe('new words');
  expect(await value()).toMatchObject({
    text: 'new words',
    content: [{ type: 'input_text', text: 'new words' }],
    reply: 'forty-two',
    selectedToolId: null,
    selectedModelId: 'big',
  });
  expect(requests()).toEqual([]);
});

// Shows 57, 58, 59.
test('ends an action with its stream, rejects with what the server reports, and without a thread says why', async () => {
  await page.evaluate(() => window.plain.make({}));
  expect(await outcome("sendCustomAction({ type: 'early' })")).toBe(
    'Error: the action "early" needs a thread, and none is active',
  );
  await outcome("sendUserMessage({ text: 'One' })");
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  expect(await outcome("sendAction({ type: 'save', payload: { day: 5 } }, 'item_1')")).toBe(null);
  await log().getByText('It is forty-two.').nth(1).waitFor();
  expect(requests().at(-1)).toEqual({
    type: 'threads.custom_action',
    params: { thread_id: 'thr_1', item_id: 'item_1', action: { type: 'save', payload: { day: 5 } } },
  });
  server.endpoint.script = async function* () {
    yield { type: 'error', code: 'custom', message: 'That day is taken.', allow_retry: false };
  };
  expect(await outcome("sendCustomAction({ type: 'save' })")).toBe('Error: That day is taken.');
});

// Shows 60.
test('rejects a thread that is not there, says so, and goes on', async () => {
  await page.evaluate(() => window.plain.make({}).sendUserMessage({ text: 'One' }));
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  expect(await outcome("setThreadId('thr_gone')")).toContain('no such thread');
  await page.getByRole('alert').waitFor();
  await page.getByRole('button', { name: 'New chat' }).click();
  await page.getByRole('textbox').fill('Still here?');
  await page.keyboard.press('Enter');
  await log().getByText('It is forty-two.').waitFor();
  expect(await outcome("setThreadId('thr_1')")).toBe(null);
  expect(complaints.splice(0)).toEqual([expect.stringContaining('404')]);
});

// Shows 61.
test('rejects showing a history that is switched off', async () => {
  await page.evaluate(() => window.plain.make({ history: { enabled: false } }));
  expect(await outcome('showHistory()')).toBe('Error: showHistory: the history is not enabled');
});

// Shows 62.
test('shows a lock that was made on the server, and keeps the draft', async () => {
  await page.evaluate(() => window.plain.make({}).sendUserMessage({ text: 'One' }));
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  await page.getByRole('textbox').fill('for later');
  const thread = server.endpoint.threads.get('thr_1');
  if (thread) thread.status = { type: 'locked', reason: 'Under review' };
  expect(await outcome('fetchUpdates()')).toBe(null);
  const composer = page.getByRole('textbox');
  await expect.poll(() => composer.isDisabled()).toBe(true);
  expect(await composer.getAttribute('placeholder')).toBe('Under review');
  expect(await composer.inputValue()).toBe('for later');
});

// Shows 154.
test('stops an answer by a method of its own, and is as high as its content where it is asked to be', async () => {
  server.endpoint.script = halfway;
  await page.evaluate(() => {
    const element = window.plain.make({});
    element.dataset.pagewiseAutoHeight = '';
    return element.sendUserMessage({ text: 'Stop' });
  });
  await log().getByText('Half', { exact: true }).waitFor();
  await page.evaluate(() => window.plain.element.pagewise.stop());
  await page.getByRole('button', { name: 'Copy answer' }).waitFor();
  expect((await heard(page)).at(-1)).toEqual(['response.end', null]);
  server.endpoint.script = async function* (_request, { say }) {
    yield { type: 'thread.item.done', item: say('A line.\n\n'.repeat(80)) };
  };
  await outcome("sendUserMessage({ text: 'Long' })");
  await log().getByText('A line.').last().waitFor();
  const { height, inner } = await page.evaluate(() => {
    const { element } = window.plain;
    const scroller = element.shadowRoot?.querySelector('[role=log]') as HTMLElement;
    return { height: element.offsetHeight, inner: scroller.scrollHeight - scroller.clientHeight };
  });
  expect(height).toBeGreaterThan(2_000);
  expect(inner).toBe(0);
});
