import { beforeEach, expect, test } from 'vitest';
import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import type { AssistantMessageItem, UserMessageItem } from '../../../protocol/item.ts';
import type { ChatKitRequest } from '../../../protocol/request.ts';
import type { Thread } from '../../../protocol/thread.ts';
import { type Chat, createChat } from '../../../widget/element/state/chat.ts';
import { en } from '../../../widget/element/strings/en.ts';
import type { ApiClient } from '../../../widget/element/transport/api-client.ts';
import { RequestFailure } from '../../../widget/element/transport/request-failure.ts';

const AT = '2026-11-20T09:00:00Z';
const THREAD: Thread = {
  id: 'thr_1',
  created_at: AT,
  status: { type: 'active' },
  metadata: {},
  items: { data: [], has_more: false },
};
const question: UserMessageItem = {
  id: 'msg_q',
  thread_id: 'thr_1',
  created_at: AT,
  type: 'user_message',
  content: [{ type: 'input_text', text: 'Why?' }],
  attachments: [],
  inference_options: {},
};
const answer = (text: string): AssistantMessageItem => ({
  id: 'msg_a',
  thread_id: 'thr_1',
  created_at: AT,
  type: 'assistant_message',
  content: [{ type: 'output_text', text, annotations: [] }],
});
const delta = (text: string): ThreadStreamEvent => ({
  type: 'thread.item.updated',
  item_id: 'msg_a',
  update: { type: 'assistant_message.content_part.text_delta', content_index: 0, delta: text },
});
const OPENING: ThreadStreamEvent[] = [
  { type: 'thread.created', thread: THREAD },
  { type: 'thread.item.done', item: question },
  { type: 'thread.item.added', item: answer('') },
];

type Step = ThreadStreamEvent | { wait: Promise<void> } | { fail: Error };
let steps: Step[];
let requests: ChatKitRequest[];
let events: [string, unknown][];
let frames: (() => void)[];
let chat: Chat;
let answers: Record<string, unknown>;

beforeEach(() => {
  requests = [];
  events = [];
  frames = [];
  answers = {};
  const api: ApiClient = {
    async json(request) {
      requests.push(request);
      const given = answers[request.type];
      if (given instanceof Error) throw given;
      return given;
    },
    async *stream(request, signal) {
      requests.push(request);
      for (const step of steps) {
        if ('wait' in step) await step.wait;
        else if ('fail' in step) throw step.fail;
        else yield step;
        signal.throwIfAborted();
      }
    },
    endpoint: () => ({ url: '/chatkit', fetch: undefined, locale: 'en', uploadUrl: undefined }),
  };
  chat = createChat(
    api,
    (name, ...detail) => events.push([name, detail[0]]),
    (callback) => frames.push(callback),
    () => ({ onClientTool: undefined, onWidgetAction: undefined }),
  );
});

const ask = (text = 'Why?') => chat.send({ content: [{ type: 'input_text', text }] });
const names = () => events.map(([name]) => name).filter((name) => name !== 'chatkit.log');
const texts = () =>
  chat.state.get().thread?.items.data.map((item) => ('content' in item ? JSON.stringify(item.content) : item.type));

// Shows 70, 81.
test('creates a thread, folds the answer and tells it in order', async () => {
  steps = [...OPENING, delta('Be'), delta('cause'), { type: 'thread.item.done', item: answer('Because') }];
  await ask();
  expect(names()).toEqual([
    'pagewise.user-message',
    'chatkit.response.start',
    'chatkit.thread.change',
    'chatkit.response.end',
  ]);
  const { thread, turn, pending, failure } = chat.state.get();
  expect([turn, pending, failure]).toEqual([undefined, undefined, undefined]);
  expect(thread?.items.data).toEqual([question, answer('Because')]);
  expect(requests).toEqual([
    {
      type: 'threads.create',
      params: {
        input: {
          content: [{ type: 'input_text', text: 'Why?' }],
          quoted_text: '',
          attachments: [],
          inference_options: {},
        },
      },
    },
  ]);
});

// Shows 80.
test('shows the message at once and lets the server copy take its place under the same key', async () => {
  steps = OPENING;
  const shown = new Set<string>();
  chat.state.subscribe(() => {
    const { thread, pending } = chat.state.get();
    const questions = [...(thread?.items.data ?? []), ...(pending ? [pending] : [])].filter(
      ({ type }) => type === 'user_message',
    );
    shown.add(questions.map(({ id }) => id).join(' and '));
  });
  const sent = ask();
  const { pending } = chat.state.get();
  expect(pending?.content).toEqual(question.content);
  await sent;
  // One of the two at every moment: never both, never neither.
  expect([...shown]).toEqual([pending?.id, 'msg_q']);
  expect(chat.state.get().keys).toEqual({ msg_q: pending?.id });
});

test('folds deltas once a frame', async () => {
  const { promise: wait, resolve: release } = Promise.withResolvers<void>();
  steps = [...OPENING, delta('a'), delta('b'), delta('c'), { wait }];
  const sent = ask();
  await new Promise(setImmediate);
  expect(frames).toHaveLength(1);
  expect(texts()?.[1]).toContain('"text":""');
  frames[0]?.();
  expect(texts()?.[1]).toContain('"text":"abc"');
  release();
  await sent;
});

// Shows 88.
test('stops at once, keeps what was said, drops other unfinished items and ends once', async () => {
  const { promise: wait, resolve: release } = Promise.withResolvers<void>();
  const task = {
    id: 'tsk_1',
    thread_id: 'thr_1',
    created_at: AT,
    type: 'task' as const,
    task: { type: 'thought' as const, content: '…', status_indicator: 'loading' as const },
  };
  steps = [...OPENING, { type: 'thread.item.added', item: task }, delta('Half an'), { wait }, delta(' answer')];
  const sent = ask();
  await new Promise(setImmediate);
  chat.stop();
  expect(chat.state.get().turn).toBeUndefined();
  expect(chat.state.get().thread?.items.data).toEqual([question, answer('Half an')]);
  release();
  await sent;
  expect(chat.state.get().thread?.items.data).toEqual([question, answer('Half an')]);
  expect(names().filter((name) => name === 'chatkit.response.end')).toHaveLength(1);
  expect(chat.state.get().failure).toBeUndefined();
});

test('gives the text back when the server never took the message', async () => {
  steps = [{ fail: new RequestFailure(503) }];
  chat.setDraft('typed since');
  await ask('Why?');
  const { draft, pending, failure, thread } = chat.state.get();
  expect(draft).toBe('Why?\ntyped since');
  expect([pending, thread]).toEqual([undefined, undefined]);
  expect(failure?.retry).toBe('draft');
  expect(failure?.describe(en)).toBe(en.unavailable);
});

// Shows 75.
test('leaves no spinner when the body ends in the middle', async () => {
  steps = [...OPENING, delta('Half')];
  await ask();
  const { turn, failure, thread } = chat.state.get();
  expect(turn).toBeUndefined();
  expect(failure?.describe(en)).toBe(en.lost);
  expect(failure?.retry).toBe('turn');
  expect(thread?.items.data.at(-1)).toEqual(answer('Half'));
});

// Shows 92.
test('retries with the id of the question and takes the old answer away', async () => {
  steps = [...OPENING, { type: 'thread.item.done', item: answer('Old') }];
  await ask();
  steps = [{ fail: new RequestFailure(503) }];
  chat.retry();
  expect(chat.state.get().thread?.items.data).toEqual([question]);
  await new Promise(setImmediate);
  expect(requests.at(-1)).toEqual({
    type: 'threads.retry_after_item',
    params: { thread_id: 'thr_1', item_id: 'msg_q' },
  });
  // The server refused before it touched anything: the old answer is still there.
  expect(chat.state.get().thread?.items.data).toEqual([question, answer('Old')]);
});

// Shows 89.
test('shows the words of a custom error and offers what the server allows', async () => {
  steps = [...OPENING, { type: 'error', code: 'custom', message: 'Quota reached.', allow_retry: false }];
  await ask();
  expect(chat.state.get().failure?.describe(en)).toBe('Quota reached.');
  expect(chat.state.get().failure?.retry).toBeUndefined();
  expect(names()).toContain('chatkit.error');
});

test('pairs load events on failure too, and the thread can be tried again', async () => {
  answers['threads.get_by_id'] = new RequestFailure(404);
  await expect(chat.openThread('thr_9')).rejects.toThrow();
  expect(names()).toEqual([
    'chatkit.thread.load.start',
    'chatkit.thread.change',
    'chatkit.error',
    'chatkit.thread.load.end',
  ]);
  expect(chat.state.get().failure?.retry).toBe('load');
});

test('keeps draft and thread while the history opens and closes', async () => {
  answers['threads.list'] = { data: [THREAD], has_more: false };
  chat.setDraft('unsent');
  chat.showHistory();
  chat.showHistory();
  await new Promise(setImmediate);
  expect(chat.state.get().history.threads).toEqual([THREAD]);
  chat.hideHistory();
  expect(chat.state.get().draft).toBe('unsent');
  expect(names()).toEqual(['chatkit.history.open', 'chatkit.history.close']);
});

// Shows 85.
test('gives a new title and status to the header and to an open history', async () => {
  answers['threads.list'] = { data: [THREAD], has_more: false };
  const status = { type: 'locked' as const, reason: 'Done' };
  const { promise: wait, resolve: release } = Promise.withResolvers<void>();
  steps = [...OPENING, { wait }, { type: 'thread.updated', thread: { ...THREAD, title: 'Why indeed', status } }];
  const sent = ask();
  await new Promise(setImmediate);
  chat.showHistory();
  await new Promise(setImmediate);
  release();
  await sent;
  expect(chat.state.get().thread).toMatchObject({ title: 'Why indeed', status });
  expect(chat.state.get().history.threads).toMatchObject([{ id: 'thr_1', title: 'Why indeed', status }]);
});

// Shows 86.
test('shows progress until the next item, or the end of the turn', async () => {
  const { promise: wait, resolve: release } = Promise.withResolvers<void>();
  const progress: ThreadStreamEvent = { type: 'progress_update', text: 'Reading' };
  steps = [...OPENING, progress, { wait }, { type: 'thread.item.done', item: { ...answer('Because'), id: 'msg_b' } }];
  const sent = ask();
  await new Promise(setImmediate);
  expect(chat.state.get().turn?.progress).toBe('Reading');
  release();
  await new Promise(setImmediate);
  await sent;
  expect(chat.state.get().turn).toBeUndefined();
  const next = Promise.withResolvers<void>();
  steps = [progress, { type: 'thread.item.added', item: { ...answer(''), id: 'msg_c' } }, { wait: next.promise }];
  const again = ask();
  await new Promise(setImmediate);
  expect(chat.state.get().turn).toMatchObject({ progress: undefined });
  next.resolve();
  await again;
});

// Shows 87.
test('knows whether the turn may be stopped', async () => {
  const { promise: wait, resolve: release } = Promise.withResolvers<void>();
  steps = [...OPENING, { type: 'stream_options', stream_options: { allow_cancel: false } }, { wait }];
  const sent = ask();
  expect(chat.state.get().turn?.allowCancel).toBe(true);
  await new Promise(setImmediate);
  expect(chat.state.get().turn?.allowCancel).toBe(false);
  release();
  await sent;
});

// Shows 127.
test('rates all items of a turn, and the other way at the second thumb', async () => {
  answers['items.feedback'] = {};
  steps = [...OPENING, { type: 'thread.item.done', item: answer('Because') }];
  await ask();
  chat.rate('msg_a', ['wf_1', 'msg_a'], 'positive');
  chat.rate('msg_a', ['wf_1', 'msg_a'], 'positive');
  chat.rate('msg_a', ['wf_1', 'msg_a'], 'negative');
  expect(chat.state.get().feedback).toEqual({ msg_a: 'negative' });
  const params = { thread_id: 'thr_1', item_ids: ['wf_1', 'msg_a'] };
  expect(requests.filter(({ type }) => type === 'items.feedback').map((request) => request.params)).toEqual([
    { ...params, kind: 'positive' },
    { ...params, kind: 'negative' },
  ]);
});

// Shows 44.
test('tells the log nothing that was said', async () => {
  steps = [...OPENING, delta('a secret answer'), { type: 'thread.item.done', item: answer('a secret answer') }];
  await ask('a secret question');
  const log = events.filter(([name]) => name === 'chatkit.log');
  expect(log.length).toBeGreaterThan(0);
  expect(JSON.stringify(log)).not.toContain('secret');
});
