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

test('shows the message at once and lets the server copy take its place under the same key', async () => {
  steps = OPENING;
  const sent = ask();
  const { pending } = chat.state.get();
  expect(pending?.content).toEqual(question.content);
  await sent;
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

test('leaves no spinner when the body ends in the middle', async () => {
  steps = [...OPENING, delta('Half')];
  await ask();
  const { turn, failure, thread } = chat.state.get();
  expect(turn).toBeUndefined();
  expect(failure?.describe(en)).toBe(en.lost);
  expect(failure?.retry).toBe('turn');
  expect(thread?.items.data.at(-1)).toEqual(answer('Half'));
});

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
