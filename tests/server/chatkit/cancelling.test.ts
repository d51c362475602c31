import { describe, expect, test } from 'vitest';
import { addMessage, answer, CREATE, delta, makeServer } from './scripted-server.ts';

/** Says two words, then waits for what never comes. */
const stuck = (first = 'It ') => {
  const reached = Promise.withResolvers<void>();
  const server = makeServer(async function* ({ id }) {
    yield { type: 'thread.item.added', item: answer(id, 'msg_c', first) };
    yield { type: 'thread.item.added', item: { ...answer(id, 'msg_blank', ''), content: [] } };
    yield delta('msg_c', first.trim() === '' ? ' ' : 'left');
    reached.resolve();
    await new Promise(() => {});
  });
  return { ...server, reached: reached.promise };
};

describe('cancelling', () => {
  test('keeps the text shown and leaves a note for the model', async () => {
    const server = stuck();
    await server.seed('thr_c');
    const turn = await server.turn(addMessage('thr_c'));
    await server.reached;
    await turn.read().cancel();
    await turn.finished;
    const items = await server.items('thr_c');
    expect(items?.map(({ type }) => type)).toEqual(['user_message', 'assistant_message', 'sdk_hidden_context']);
    expect(items?.[1]).toEqual(answer('thr_c', 'msg_c', 'It left'));
    expect(JSON.stringify(await server.json({ type: 'items.list', params: { thread_id: 'thr_c' } }))).not.toContain(
      'sdk_hidden_context',
    );
  });

  test('keeps no blank text', async () => {
    const server = stuck('  ');
    await server.seed('thr_c');
    const turn = await server.turn(addMessage('thr_c'));
    await server.reached;
    turn.cancel();
    turn.cancel();
    await turn.finished;
    expect((await server.items('thr_c'))?.map(({ type }) => type)).toEqual(['user_message', 'sdk_hidden_context']);
  });

  test('by the signal of the request reaches the responder', async () => {
    const abort = new AbortController();
    const given = Promise.withResolvers<AbortSignal>();
    const server = makeServer(async function* (_thread, _item, context) {
      yield { type: 'progress_update', text: '…' };
      given.resolve(context.signal);
      await new Promise(() => {});
    });
    const context = { ...server.context, signal: abort.signal };
    const turn = await server.turn(CREATE, context);
    const signal = await given.promise;
    expect(signal.aborted).toBe(false);
    abort.abort();
    await turn.finished;
    expect(signal.aborted).toBe(true);
  });

  test('counts also when the responder just ends', async () => {
    const reached = Promise.withResolvers<void>();
    const server = makeServer(async function* ({ id }, _item, { signal }) {
      yield { type: 'thread.item.added', item: answer(id, 'msg_c', 'Half') };
      reached.resolve();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    });
    await server.seed('thr_c');
    const turn = await server.turn(addMessage('thr_c'));
    await reached.promise;
    turn.cancel();
    await turn.finished;
    expect((await server.items('thr_c'))?.[1]).toEqual(answer('thr_c', 'msg_c', 'Half'));
  });
});
