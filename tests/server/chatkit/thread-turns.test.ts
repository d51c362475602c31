import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BUSY_GRACE_MS } from '../../../server/chatkit/thread-turns.ts';
import { addMessage, answer, CREATE, makeServer } from './scripted-server.ts';

/** Says half, then waits until it is let go or cancelled. */
function halfway() {
  const gate = Promise.withResolvers<void>();
  const server = makeServer(async function* ({ id }) {
    const item = answer(id, `msg_${crypto.randomUUID()}`, 'Half');
    yield { type: 'thread.item.added', item };
    await gate.promise;
    yield { type: 'thread.item.done', item };
  });
  return { ...server, finish: gate.resolve };
}

const types = async (server: ReturnType<typeof halfway>) => (await server.items('thr_b'))?.map(({ type }) => type);

describe('a thread that is being answered', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each([
    addMessage('thr_b'),
    { type: 'threads.retry_after_item', params: { thread_id: 'thr_b', item_id: 'msg_1' } },
    { type: 'threads.add_client_tool_output', params: { thread_id: 'thr_b', result: 1 } },
    { type: 'threads.add_structured_input', params: { thread_id: 'thr_b', item_id: 'i', input: {} } },
    { type: 'threads.custom_action', params: { thread_id: 'thr_b', action: { type: 'a' } } },
  ])('refuses $type and stores nothing of it', async (request) => {
    const server = halfway();
    await server.seed('thr_b');
    const turn = await server.turn(addMessage('thr_b'));
    const writes = server.writes.length;
    const second = expect(server.turn(request)).rejects.toMatchObject({ code: 'thread_busy' });
    await vi.advanceTimersByTimeAsync(BUSY_GRACE_MS);
    await second;
    expect(server.writes).toHaveLength(writes);
    server.finish();
    await turn.finished;
    await (await server.turn(addMessage('thr_b'))).finished;
    expect(await types(server)).toEqual(['user_message', 'assistant_message', 'user_message', 'assistant_message']);
  });

  test('takes one of two that come at once', async () => {
    const server = halfway();
    await server.seed('thr_b');
    const both = Promise.allSettled([server.turn(addMessage('thr_b')), server.turn(addMessage('thr_b'))]);
    await vi.advanceTimersByTimeAsync(BUSY_GRACE_MS);
    expect((await both).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(await types(server)).toEqual(['user_message']);
  });

  test('takes the next message when a stop is noticed only after it came', async () => {
    const server = halfway();
    await server.seed('thr_b');
    const stopped = await server.turn(addMessage('thr_b'));
    const next = server.turn(addMessage('thr_b'));
    await vi.advanceTimersByTimeAsync(BUSY_GRACE_MS - 1);
    stopped.cancel();
    server.finish();
    await (await next).finished;
    expect(await types(server)).toEqual([
      'user_message',
      'assistant_message',
      'sdk_hidden_context',
      'user_message',
      'assistant_message',
    ]);
  });

  test('is free again after a request that failed', async () => {
    const server = halfway();
    await server.seed('thr_b');
    const output = { type: 'threads.add_client_tool_output', params: { thread_id: 'thr_b', result: 1 } };
    await expect(server.turn(output)).rejects.toMatchObject({ code: 'not_pending' });
    expect(await server.turn(addMessage('thr_b'))).toBeDefined();
  });

  test('does not keep another thread waiting', async () => {
    const server = halfway();
    await server.turn(CREATE);
    expect(await server.turn(CREATE)).toBeDefined();
  });
});

test('a thread that is deleted while it is answered stays deleted', async () => {
  const server = halfway();
  await server.seed('thr_b');
  const turn = await server.turn(addMessage('thr_b'));
  await server.json({ type: 'threads.delete', params: { thread_id: 'thr_b' } });
  await turn.finished;
  expect(await server.items('thr_b')).toBeUndefined();
  expect(server.reported).toEqual([]);
});
