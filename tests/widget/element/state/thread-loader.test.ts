import { beforeEach, expect, test } from 'vitest';
import type { ThreadItem, UserMessageItem } from '../../../../protocol/item.ts';
import type { JsonRequest } from '../../../../protocol/request.ts';
import { RequestFailure } from '../../../../widget/element/transport/request-failure.ts';
import { added, answer, createScriptedChat, done, question, type ScriptedChat, threadOf } from './scripted-chat.ts';

// A server that keeps sixty turns, and a chat that opens their thread.

const TURNS = 60;
const ask = (id: string): UserMessageItem => ({ ...question, id });
const stored = Array.from({ length: TURNS }, (_, n): ThreadItem[] => [
  ask(`msg_q${n}`),
  answer('Because', `msg_a${n}`),
]).flat();
const ids = (items: readonly ThreadItem[] | undefined) => items?.map(({ id }) => id);

let script: ScriptedChat;
let items: ThreadItem[];
beforeEach(() => {
  items = stored;
  script = createScriptedChat();
  script.answers['threads.get_by_id'] = () => ({
    ...threadOf(),
    items: { data: items.slice(0, 20), has_more: items.length > 20, after: items[19]?.id },
  });
  script.answers['items.list'] = ({ params }: Extract<JsonRequest, { type: 'items.list' }>) => {
    const ordered = params.order === 'desc' ? items.toReversed() : items;
    const start = params.after ? ordered.findIndex(({ id }) => id === params.after) + 1 : 0;
    const data = ordered.slice(start, start + (params.limit ?? 20));
    const has_more = start + data.length < ordered.length;
    return { data, has_more, ...(has_more ? { after: data.at(-1)?.id } : {}) };
  };
});
const shown = () => script.chat.state.get().thread?.items;

test('opens a long thread at its newest page, in two requests', async () => {
  await script.chat.openThread('thr_1');
  expect(ids(shown()?.data)).toEqual(ids(stored.slice(-40)));
  expect(shown()).toMatchObject({ has_more: true, after: 'msg_q40' });
  expect(script.requests).toEqual([
    { type: 'threads.get_by_id', params: { thread_id: 'thr_1' } },
    { type: 'items.list', params: { thread_id: 'thr_1', limit: 40, order: 'desc' } },
  ]);
});

test('takes a short thread as it comes, in one', async () => {
  items = stored.slice(0, 6);
  await script.chat.openThread('thr_1');
  expect(ids(shown()?.data)).toEqual(ids(items));
  expect(script.requests).toHaveLength(1);
});

test('reads on until there is a question, which a retry needs', async () => {
  items = [...stored, ...Array.from({ length: 70 }, (_, n) => answer('More', `msg_more${n}`))];
  await script.chat.openThread('thr_1');
  expect(shown()?.data.some(({ type }) => type === 'user_message')).toBe(true);
  expect(shown()?.data).toHaveLength(80);
});

test('goes back page by page to the beginning, each asked for once', async () => {
  await script.chat.openThread('thr_1');
  await Promise.all([script.chat.loadOlder(), script.chat.loadOlder()]);
  expect(shown()?.data).toHaveLength(80);
  await script.chat.loadOlder();
  expect(ids(shown()?.data)).toEqual(ids(stored));
  expect(shown()?.has_more).toBe(false);
  await script.chat.loadOlder();
  expect(script.requests).toHaveLength(4);
});

test('keeps an answer that arrives while older items are on their way', async () => {
  await script.chat.openThread('thr_1');
  const { promise: wait, resolve: release } = Promise.withResolvers<void>();
  script.streams.push([done(ask('msg_new')), added(answer('', 'msg_newer')), { wait }]);
  const sent = script.chat.send({ content: [{ type: 'input_text', text: 'Why?' }] });
  await new Promise(setImmediate);
  await script.chat.loadOlder();
  expect(ids(shown()?.data)).toEqual(ids([...stored.slice(-80), ask('msg_new'), answer('', 'msg_newer')]));
  release();
  await sent;
});

test('says that a page is missing, and can ask for it again', async () => {
  await script.chat.openThread('thr_1');
  const list = script.answers['items.list'];
  script.answers['items.list'] = new RequestFailure(500);
  await script.chat.loadOlder();
  expect(script.chat.state.get().older).toBe('failed');
  expect(script.heard.at(-1)?.[0]).toBe('chatkit.error');
  script.answers['items.list'] = list;
  await script.chat.loadOlder();
  expect(script.chat.state.get().older).toBe('idle');
  expect(shown()?.data).toHaveLength(80);
});

test('stops at a cursor that stands still', async () => {
  script.answers['items.list'] = () => ({ data: stored.slice(0, 2), has_more: true, after: 'msg_q0' });
  await script.chat.openThread('thr_1');
  await script.chat.loadOlder();
  expect(shown()?.has_more).toBe(false);
});

test('drops older items that come when another thread is shown', async () => {
  await script.chat.openThread('thr_1');
  const { promise, resolve } = Promise.withResolvers<unknown>();
  script.answers['items.list'] = () => promise;
  const loaded = script.chat.loadOlder();
  await script.chat.openThread(null);
  resolve({ data: stored.slice(0, 2), has_more: false });
  await loaded;
  expect(script.chat.state.get()).toMatchObject({ thread: undefined, older: 'idle' });
});

test('reads the thread again as far back as it was known', async () => {
  await script.chat.openThread('thr_1');
  await script.chat.loadOlder();
  items = [...stored, answer('Told elsewhere', 'msg_else')];
  await script.chat.refresh();
  expect(shown()?.data.length).toBeGreaterThanOrEqual(80);
  expect(shown()?.data.at(-1)?.id).toBe('msg_else');
});

test('goes on after the element was taken away and put back', async () => {
  await script.chat.openThread('thr_1');
  script.chat.dispose();
  await script.chat.loadOlder();
  expect(shown()?.data).toHaveLength(80);
});
