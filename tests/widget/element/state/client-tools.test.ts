import { beforeEach, expect, test, vi } from 'vitest';
import type { ThreadItem } from '../../../../protocol/item.ts';
import { en } from '../../../../widget/element/strings/en.ts';
import { RequestFailure } from '../../../../widget/element/transport/request-failure.ts';
import {
  added,
  answer,
  base,
  createScriptedChat,
  done,
  question,
  type ScriptedChat,
  threadOf,
  toolCall,
} from './scripted-chat.ts';

let script: ScriptedChat;
let tool: ReturnType<typeof vi.fn<(call: unknown) => unknown>>;

beforeEach(() => {
  script = createScriptedChat();
  tool = vi.fn(() => ({ text: 'more' }));
  script.handlers.onClientTool = tool;
});

const opening = [{ type: 'thread.created' as const, thread: threadOf() }, done(question)];
const ask = () => script.chat.send({ content: question.content });
const items = () => script.chat.state.get().thread?.items.data;
const names = () => script.heard.map(([name]) => name);
const outputs = () => script.requests.slice(1).map(({ params }) => params);
const settle = () => new Promise(setImmediate);

// Shows 94, 95.
test('runs the tool once the stream is over and goes on with its result in the same turn', async () => {
  script.streams = [
    [...opening, { type: 'progress_update', text: 'Reading on' }, done(toolCall('tc_1'))],
    [added(answer('')), done(answer('Because'))],
  ];
  await ask();
  expect(tool.mock.calls).toEqual([[{ name: 'read_more', params: { n: 1 } }]]);
  expect(script.requests.slice(1)).toEqual([
    { type: 'threads.add_client_tool_output', params: { thread_id: 'thr_1', result: { text: 'more' } } },
  ]);
  expect(names()).toEqual([
    'pagewise.user-message',
    'chatkit.response.start',
    'chatkit.thread.change',
    'chatkit.response.end',
  ]);
  expect(items()?.map(({ id }) => id)).toEqual(['msg_q', 'tc_1', 'msg_a']);
  expect(script.chat.state.get()).toMatchObject({ turn: undefined, failure: undefined });
});

test('stays busy and keeps its progress while the tool works', async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  tool.mockReturnValue(promise);
  script.streams = [
    [...opening, { type: 'progress_update', text: 'Reading on' }, done(toolCall('tc_1'))],
    [done(answer('Because'))],
  ];
  const sent = ask();
  await settle();
  expect(tool).toHaveBeenCalled();
  expect(script.chat.isBusy()).toBe(true);
  expect(script.chat.state.get().turn).toMatchObject({ allowCancel: true, progress: 'Reading on' });
  resolve({});
  await sent;
  expect(script.chat.isBusy()).toBe(false);
});

test('takes several calls one after the other', async () => {
  tool.mockReturnValueOnce({ at: 1 }).mockReturnValueOnce({ at: 2 });
  script.streams = [[...opening, done(toolCall('tc_1'))], [done(toolCall('tc_2'))], [done(answer('Because'))]];
  await ask();
  expect(outputs()).toEqual([
    { thread_id: 'thr_1', result: { at: 1 } },
    { thread_id: 'thr_1', result: { at: 2 } },
  ]);
});

// Shows 94.
test('answers a call once, though no event says that it is answered', async () => {
  script.streams = [[...opening, done(toolCall('tc_1'))], []];
  await ask();
  expect(tool).toHaveBeenCalledTimes(1);
  expect(items()?.at(-1)).toMatchObject({ status: 'completed', output: { text: 'more' } });
});

test('stops while the tool works: nothing is sent, and the turn ends once', async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  tool.mockReturnValue(promise);
  script.streams = [[...opening, done(toolCall('tc_1'))]];
  const sent = ask();
  await settle();
  script.chat.stop();
  await sent;
  resolve({ late: true });
  await settle();
  expect(script.requests).toHaveLength(1);
  expect(names().filter((name) => name === 'chatkit.response.end')).toHaveLength(1);
  expect(script.chat.state.get()).toMatchObject({ turn: undefined, failure: undefined });
});

// Shows 96, 97.
test('reports a failure to the model and to the page', async () => {
  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;
  const cases: [unknown, string][] = [
    [() => Promise.reject(new Error('no such section')), 'no such section'],
    [
      () => {
        throw 'gone';
      },
      'gone',
    ],
    [() => cyclic, 'circular'],
    [() => 10n, 'BigInt'],
    [() => () => 1, 'gave a function'],
    [undefined, 'no client tool "read_more"'],
  ];
  for (const [handler, words] of cases) {
    script = createScriptedChat();
    script.handlers.onClientTool = handler as never;
    script.streams = [[...opening, done(toolCall('tc_1'))], [done(answer('Because'))]];
    await ask();
    expect(outputs()).toEqual([{ thread_id: 'thr_1', result: { error: expect.stringContaining(words) } }]);
    expect(script.heard).toContainEqual(['chatkit.error', { error: expect.any(Error) }]);
    expect(items()?.at(-1)).toEqual(answer('Because'));
  }
});

// Shows 95.
test('sends plain JSON, and an empty object for nothing', async () => {
  tool.mockReturnValueOnce(undefined).mockReturnValueOnce({ at: new Date(0), skip: undefined, list: [1] });
  script.streams = [[...opening, done(toolCall('tc_1'))], [done(toolCall('tc_2'))], [done(answer('Because'))]];
  await ask();
  expect(outputs()).toEqual([
    { thread_id: 'thr_1', result: {} },
    { thread_id: 'thr_1', result: { at: '1970-01-01T00:00:00.000Z', list: [1] } },
  ]);
});

test('takes a workflow that is open at the call for stored, and everything else that is open for lost', async () => {
  const workflow: ThreadItem = {
    ...base,
    id: 'wf_1',
    type: 'workflow',
    workflow: { type: 'reasoning', tasks: [], expanded: false },
  };
  script.streams = [[...opening, added(workflow), done(toolCall('tc_1'))], [done(answer('Because'))]];
  await ask();
  expect(items()?.map(({ id }) => id)).toEqual(['msg_q', 'wf_1', 'tc_1', 'msg_a']);
  expect(script.chat.state.get().failure).toBeUndefined();

  script = createScriptedChat();
  script.handlers.onClientTool = tool;
  tool.mockClear();
  script.streams = [[...opening, added(answer('Half')), done(toolCall('tc_1'))]];
  await ask();
  expect(tool).not.toHaveBeenCalled();
  expect(script.chat.state.get().failure?.describe(en)).toBe(en.lost);
});

test('runs no tool after an error of the server', async () => {
  script.streams = [[...opening, done(toolCall('tc_1')), { type: 'error', code: 'stream.error', allow_retry: true }]];
  await ask();
  expect(tool).not.toHaveBeenCalled();
  expect(script.chat.state.get().failure?.retry).toBe('turn');
});

test('offers the turn again when the result cannot be delivered', async () => {
  script.streams = [[...opening, done(toolCall('tc_1'))], [{ fail: new RequestFailure(503) }]];
  await ask();
  const { failure, turn } = script.chat.state.get();
  expect(turn).toBeUndefined();
  expect(failure?.describe(en)).toBe(en.unavailable);
  expect(failure?.retry).toBe('turn');
  expect(items()?.map(({ id }) => id)).toEqual(['msg_q', 'tc_1']);
});

// Shows 98.
test('does not run the pending call of a thread that was opened, and offers its turn again', async () => {
  script.answers['threads.get_by_id'] = threadOf(question, toolCall('tc_1'));
  await script.chat.openThread('thr_1');
  expect(tool).not.toHaveBeenCalled();
  const { failure } = script.chat.state.get();
  expect(failure?.describe(en)).toBe(en.interrupted);
  script.streams = [[done(answer('Because'))]];
  script.chat.retry();
  await settle();
  expect(script.requests.at(-1)).toEqual({
    type: 'threads.retry_after_item',
    params: { thread_id: 'thr_1', item_id: 'msg_q' },
  });
  expect(items()).toEqual([question, answer('Because')]);
  expect(script.chat.state.get().failure).toBeUndefined();
});

// Shows 98.
test('leaves a call of an older turn alone, even where a later one adds nothing behind it', async () => {
  script.answers['threads.get_by_id'] = threadOf(question, toolCall('tc_1'));
  await script.chat.openThread('thr_1');
  script.streams = [[]];
  await ask();
  expect(tool).not.toHaveBeenCalled();
});
