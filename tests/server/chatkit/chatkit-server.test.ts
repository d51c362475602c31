import { describe, expect, test } from 'vitest';
import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import { CustomStreamError, StreamError } from '../../../server/chatkit/errors.ts';
import { makeContext } from '../../contract/store.ts';
import { addMessage, answer, CREATE, delta, makeServer, NOW, readAll } from './scripted-server.ts';

const silent = async function* (): AsyncGenerator<ThreadStreamEvent> {};
const types = (events: ThreadStreamEvent[]) => events.map(({ type }) => type);

describe('a new thread', () => {
  test('is announced, then the message, then what may be cancelled', async () => {
    const server = makeServer(silent);
    const events = await server.events(CREATE);
    const id = expect.stringMatching(/^thr_[0-9a-f]{32}$/) as string;
    expect(events).toEqual([
      {
        type: 'thread.created',
        thread: { id, created_at: NOW, status: { type: 'active' }, metadata: {}, items: { data: [], has_more: false } },
      },
      {
        type: 'thread.item.done',
        item: {
          type: 'user_message',
          id: expect.stringMatching(/^msg_[0-9a-f]{32}$/) as string,
          thread_id: id,
          created_at: NOW,
          content: [{ type: 'input_text', text: 'Hi' }],
          attachments: [],
          inference_options: {},
        },
      },
      { type: 'stream_options', stream_options: { allow_cancel: true } },
    ]);
    expect(server.writes).toEqual(['thread -', 'item user_message']);
  });

  test('is stored with its message before the turn begins', async () => {
    const server = makeServer(silent);
    await server.turn(CREATE);
    expect(server.writes).toEqual(['thread -', 'item user_message']);
  });
});

test('a first message that cannot be stored starts no turn and leaves no empty thread behind', async () => {
  const server = makeServer(silent);
  const failure = new Error('the disk is full');
  server.store.createThread = () => Promise.reject(failure);
  await expect(server.turn(CREATE)).rejects.toBe(failure);
  expect(server.writes).toEqual([]);
  expect(await server.json({ type: 'threads.list', params: {} })).toEqual({ data: [], has_more: false });
});

describe('the events of an answer', () => {
  test('are stored before they are sent; what is not done is not stored', async () => {
    const server = makeServer(async function* ({ id }) {
      yield { type: 'thread.item.added', item: { ...answer(id, 'msg_a', ''), content: [] } };
      expect(server.writes.slice(2)).toEqual([]);
      yield delta('msg_a', 'Yes.');
      yield { type: 'thread.item.done', item: answer(id, 'msg_a', 'Yes.') };
      expect(server.writes.slice(2)).toEqual(['item assistant_message']);
      yield { type: 'thread.item.replaced', item: answer(id, 'msg_a', 'No.') };
      yield { type: 'thread.item.removed', item_id: 'msg_a' };
      yield { type: 'notice', level: 'info', message: 'ok' };
    });
    const events = await server.events(CREATE);
    expect(types(events).slice(3)).toEqual([
      'thread.item.added',
      'thread.item.updated',
      'thread.item.done',
      'thread.item.replaced',
      'thread.item.removed',
      'notice',
    ]);
    expect(server.writes.slice(2)).toEqual(['item assistant_message', 'item assistant_message', 'delete msg_a']);
  });

  test('cannot be read before they are stored', async () => {
    const [asked, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const server = makeServer(async function* ({ id }) {
      yield { type: 'thread.item.done', item: answer(id, 'msg_a', 'Yes.') };
    });
    const saveItem = server.store.saveItem.bind(server.store);
    server.store.saveItem = async (context, threadId, item) => {
      if (item.type === 'assistant_message') {
        asked.resolve();
        await gate.promise;
      }
      return saveItem(context, threadId, item);
    };
    const turn = await server.turn(CREATE);
    const reader = turn.read().getReader();
    await asked.promise;
    await reader.read();
    const next = reader.read();
    const first = await Promise.race([next, new Promise((resolve) => setImmediate(resolve, 'nothing yet'))]);
    expect(first).toBe('nothing yet');
    gate.resolve();
    expect(new TextDecoder().decode((await next).value)).toContain('Yes.');
  });

  test('end with an error when one cannot be stored, and the answer is made no further', async () => {
    let ended = false;
    const server = makeServer(async function* ({ id }) {
      try {
        yield { type: 'thread.item.done', item: answer(id, 'msg_a', 'Yes.') };
        yield { type: 'thread.item.done', item: answer(id, 'msg_b', 'No.') };
      } finally {
        ended = true;
      }
    });
    const failure = new Error('the disk is full');
    server.store.saveItem = () => Promise.reject(failure);
    const events = await server.events(CREATE);
    expect(types(events).slice(3)).toEqual(['error']);
    expect(server.reported).toEqual([failure]);
    expect(ended).toBe(true);
  });

  test('end with an error where one updates a task that its workflow does not have', async () => {
    const base = { type: 'workflow' as const, id: 'wf_1', thread_id: 't', created_at: NOW };
    const server = makeServer(async function* () {
      yield {
        type: 'thread.item.added',
        item: { ...base, workflow: { type: 'custom', tasks: [], expanded: false } },
      };
      const task = { type: 'custom' as const, status_indicator: 'none' as const };
      yield {
        type: 'thread.item.updated',
        item_id: 'wf_1',
        update: { type: 'workflow.task.updated', task_index: 0, task },
      };
    });
    const events = await server.events(CREATE);
    expect(events.at(-1)).toEqual({ type: 'error', code: 'stream.error', allow_retry: true });
    expect(types(events).slice(3)).toEqual(['thread.item.added', 'error']);
  });

  test('of hidden items stay here', async () => {
    const hidden = { type: 'hidden_context_item' as const, id: 'hid', thread_id: 't', created_at: NOW, content: 'x' };
    const server = makeServer(async function* () {
      yield { type: 'thread.item.added', item: hidden };
      yield { type: 'thread.item.done', item: hidden };
      yield { type: 'thread.item.replaced', item: hidden };
      yield { type: 'thread.item.removed', item_id: 'hid' };
    });
    expect(types(await server.events(CREATE)).slice(3)).toEqual([]);
    expect(server.writes.slice(2)).toEqual(['item hidden_context_item', 'item hidden_context_item', 'delete hid']);
  });

  test('follow a change of the thread, which is saved first and whose metadata stays here', async () => {
    const server = makeServer(async function* (thread) {
      thread.title = 'Mid';
      thread.metadata.secret = 1;
      yield { type: 'progress_update', text: '…' };
      yield { type: 'progress_update', text: '……' };
    });
    const events = await server.events(CREATE);
    expect(types(events).slice(3)).toEqual(['progress_update', 'thread.updated', 'progress_update']);
    expect(events[4]).toMatchObject({ thread: { title: 'Mid', metadata: {}, items: { data: [], has_more: false } } });
    expect(server.writes.at(-1)).toBe('thread Mid');
  });

  test('end with a change that came after the last of them', async () => {
    const server = makeServer(async function* (thread) {
      yield { type: 'progress_update', text: '…' };
      thread.status = { type: 'closed' };
    });
    expect((await server.events(CREATE)).at(-1)).toMatchObject({
      type: 'thread.updated',
      thread: { status: { type: 'closed' } },
    });
  });
});

const fail = (error: Error) =>
  makeServer(async function* (thread) {
    yield { type: 'thread.item.added', item: answer(thread.id, 'msg_p', 'Part') };
    thread.title = 'Set';
    throw error;
  });

describe('a failure of the responder', () => {
  test.each([
    ['unknown', new Error('db password=1'), { type: 'error', code: 'stream.error', allow_retry: true }],
    ['StreamError', new StreamError(), { type: 'error', code: 'stream.error', allow_retry: true }],
    ['another code', new StreamError('quota'), { type: 'error', code: 'quota', allow_retry: false }],
    [
      'CustomStreamError',
      new CustomStreamError('Try later'),
      { type: 'error', code: 'custom', message: 'Try later', allow_retry: false },
    ],
    [
      'CustomStreamError with retry',
      new CustomStreamError('Try later', true),
      { type: 'error', code: 'custom', message: 'Try later', allow_retry: true },
    ],
  ])('%s is one error event, before the change of the thread', async (_, error, expected) => {
    const server = fail(error);
    const events = await server.events(CREATE);
    expect(events.at(-2)).toEqual(expected);
    expect(events.at(-1)?.type).toBe('thread.updated');
    expect(server.reported).toEqual([error]);
    expect(server.writes).toEqual(['thread -', 'item user_message', 'thread Set']);
  });

  test('and a thread that was deleted meanwhile are the same to a reader', async () => {
    const server = makeServer(async function* (thread, _item, context) {
      await server.store.deleteThread(context, thread.id);
      yield { type: 'thread.item.done', item: answer(thread.id, 'msg_d', 'Late') };
    });
    expect((await server.events(CREATE)).at(-1)).toEqual({ type: 'error', code: 'stream.error', allow_retry: true });
  });
});

describe('requests without a stream', () => {
  test('a thread comes with its oldest 20 items, without hidden ones and its metadata', async () => {
    const server = makeServer(silent);
    const hidden = { type: 'hidden_context_item' as const, id: 'hid', thread_id: 'thr_g', created_at: NOW };
    const items = Array.from({ length: 25 }, (_, n) => answer('thr_g', `msg_${n}`, 'x'));
    await server.seed('thr_g', hidden, ...items);
    const thread = await server.json({ type: 'threads.get_by_id', params: { thread_id: 'thr_g' } });
    expect(thread).toEqual({
      id: 'thr_g',
      created_at: NOW,
      status: { type: 'active' },
      metadata: {},
      items: { data: items.slice(0, 19), has_more: true, after: 'msg_18' },
    });
  });

  test.each([
    [{}, 20],
    [{ limit: 0 }, 20],
    [{ limit: null }, 20],
    [{ limit: -3 }, 1],
    [{ limit: 9_999 }, 100],
  ])('a list with %j has at most %i entries, newest first', async (params, length) => {
    const server = makeServer(silent);
    await server.seed('thr_l', ...Array.from({ length: 120 }, (_, n) => answer('thr_l', `msg_${n}`, 'x')));
    const page = await server.json({ type: 'items.list', params: { thread_id: 'thr_l', ...params } });
    expect(page).toMatchObject({ has_more: true, after: `msg_${120 - length}` });
    expect((page as { data: unknown[] }).data).toHaveLength(length);
  });

  test('threads are listed, renamed and deleted', async () => {
    const server = makeServer(silent);
    await server.seed('thr_1', answer('thr_1', 'msg_1', 'x'));
    const renamed = { id: 'thr_1', title: 'New', created_at: NOW, status: { type: 'active' }, metadata: {} };
    const wire = { ...renamed, items: { data: [], has_more: false } };
    expect(await server.json({ type: 'threads.update', params: { thread_id: 'thr_1', title: 'New' } })).toEqual(wire);
    expect(await server.json({ type: 'threads.list', params: {} })).toEqual({ data: [wire], has_more: false });
    expect(await server.json({ type: 'threads.delete', params: { thread_id: 'thr_1' } })).toEqual({});
    expect(await server.json({ type: 'threads.list', params: {} })).toEqual({ data: [], has_more: false });
  });

  test('feedback on anything is taken', async () => {
    const server = makeServer(silent);
    const params = { thread_id: 'nope', item_ids: ['x'], kind: 'negative' };
    expect(await server.json({ type: 'items.feedback', params })).toEqual({});
  });
});

const refused = async (request: unknown, context = makeContext()) => {
  const server = makeServer(silent);
  await server.seed('thr_x', answer('thr_x', 'msg_x', 'x'));
  const error: unknown = await server.turn(request, context).catch((error: unknown) => error);
  expect(server.writes).toEqual([]);
  return (error as { code?: string }).code;
};

describe('refusals', () => {
  const thread_id = 'thr_x';
  test.each([
    addMessage('thr_x'),
    { type: 'threads.get_by_id', params: { thread_id } },
    { type: 'items.list', params: { thread_id } },
    { type: 'threads.update', params: { thread_id, title: 'Mine' } },
    { type: 'threads.retry_after_item', params: { thread_id, item_id: 'msg_x' } },
    { type: 'threads.add_client_tool_output', params: { thread_id, result: 1 } },
    { type: 'threads.add_structured_input', params: { thread_id, item_id: 'i', input: {} } },
    { type: 'threads.custom_action', params: { thread_id, action: { type: 'a' } } },
    { type: 'threads.sync_custom_action', params: { thread_id, action: { type: 'a' } } },
  ])('$type of another owner is not found', async (request) => {
    expect(await refused(request)).toBe('not_found');
  });

  test.each([
    { type: 'threads.list', params: { after: 'thr_nope' } },
    { type: 'items.list', params: { thread_id, after: 'msg_nope' } },
  ])('$type from an unknown cursor', async (request) => {
    const server = makeServer(silent);
    await server.seed('thr_x');
    await expect(server.json(request)).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test.each([
    { type: 'attachments.create', params: { name: 'n', size: 1, mime_type: 'm' } },
    { type: 'attachments.delete', params: { attachment_id: 'a' } },
    { type: 'input.transcribe', params: { audio_base64: '', mime_type: 'm' } },
  ])('$type of a server that was not set up for it', async (request) => {
    expect(await refused(request)).toBe('not_configured');
  });
});

test('a reader that comes late reads all of it', async () => {
  const server = makeServer(async function* ({ id }) {
    yield { type: 'thread.item.done', item: answer(id, 'msg_a', 'Yes.') };
  });
  const turn = await server.turn(CREATE);
  await turn.finished;
  expect(types(await readAll(turn))).toEqual([
    'thread.created',
    'thread.item.done',
    'stream_options',
    'thread.item.done',
  ]);
});
