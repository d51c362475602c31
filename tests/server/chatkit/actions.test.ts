import { describe, expect, test } from 'vitest';
import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import type { HiddenContextItem, WidgetItem } from '../../../protocol/item.ts';
import { addMessage, answer, makeServer, NOW } from './scripted-server.ts';

const silent = async function* (): AsyncGenerator<ThreadStreamEvent> {};

const widget: WidgetItem = {
  type: 'widget',
  id: 'wid_1',
  thread_id: 'thr_a',
  created_at: NOW,
  widget: { type: 'Card', children: [{ type: 'Text', value: 'Confirm?' }] },
};
const bought: WidgetItem = { ...widget, widget: { type: 'Card', children: [{ type: 'Text', value: 'Bought' }] } };

const act = (type: string, item_id?: string | null) => ({
  type,
  params: { thread_id: 'thr_a', item_id, action: { type: 'buy', payload: { n: 7, no: null }, handler: 'server' } },
});

describe('an action', () => {
  test.each(['wid_1', null, undefined])('of the sender %s is answered by a stream', async (itemId) => {
    const given: unknown[] = [];
    const server = makeServer(silent, {
      async *action(thread, action, sender) {
        given.push(thread.id, action, sender);
        yield { type: 'thread.item.replaced', item: bought };
      },
    });
    await server.seed('thr_a', widget);
    const events = await server.events(act('threads.custom_action', itemId));
    expect(events.slice(1)).toEqual([{ type: 'thread.item.replaced', item: bought }]);
    expect(given).toEqual(['thr_a', { type: 'buy', payload: { n: 7, no: null } }, itemId ? widget : undefined]);
    expect(await server.items('thr_a')).toEqual([bought]);
  });

  test('of what is no widget is one error event', async () => {
    const server = makeServer(silent);
    await server.seed('thr_a', answer('thr_a', 'msg_1', 'x'));
    expect(await server.events(act('threads.custom_action', 'msg_1'))).toEqual([
      { type: 'error', code: 'stream.error', allow_retry: false },
    ]);
    await expect(server.json(act('threads.sync_custom_action', 'msg_1'))).rejects.toMatchObject({
      code: 'invalid_request',
    });
    expect(server.writes).toEqual([]);
  });

  test.each(['threads.custom_action', 'threads.sync_custom_action'])(
    'of an unknown sender is refused (%s)',
    async (type) => {
      const server = makeServer(silent);
      await server.seed('thr_a');
      await expect(server.turn(act(type, 'wid_nope'))).rejects.toMatchObject({ code: 'not_found' });
    },
  );

  test('that nobody answers ends the stream with an error', async () => {
    const server = makeServer(silent);
    await server.seed('thr_a');
    expect((await server.events(act('threads.custom_action'))).at(-1)).toEqual({
      type: 'error',
      code: 'stream.error',
      allow_retry: false,
    });
    await expect(server.json(act('threads.sync_custom_action'))).rejects.toMatchObject({ code: 'not_implemented' });
  });
});

describe('an action that does not stream', () => {
  test('answers with the item, which is not stored, beside a turn at work', async () => {
    const gate = Promise.withResolvers<void>();
    const server = makeServer(
      async function* () {
        yield { type: 'progress_update', text: '…' };
        await gate.promise;
      },
      { syncAction: async () => ({ updated_item: bought }) },
    );
    await server.seed('thr_a', widget);
    const turn = await server.turn(addMessage('thr_a'));
    expect(await server.json(act('threads.sync_custom_action', 'wid_1'))).toEqual({ updated_item: bought });
    gate.resolve();
    await turn.finished;
    expect((await server.items('thr_a'))?.[0]).toEqual(widget);
  });

  test.each([{}, { updated_item: { ...widget, type: 'hidden_context_item', content: 'x' } as HiddenContextItem }])(
    'answers with nothing for nothing, and for what is hidden',
    async (result) => {
      const server = makeServer(silent, { syncAction: async () => result });
      await server.seed('thr_a', widget);
      expect(await server.json(act('threads.sync_custom_action', 'wid_1'))).toEqual({});
    },
  );
});

test('a recording reaches the transcriber as bytes, with its type whole and in part', async () => {
  const given: unknown[] = [];
  const server = makeServer(silent, {
    async transcribe(recording) {
      given.push({ ...recording, audio: [...recording.audio] });
      return { text: 'Hello' };
    },
  });
  const params = { audio_base64: 'AAEC', mime_type: 'audio/webm;codecs=opus' };
  expect(await server.json({ type: 'input.transcribe', params })).toEqual({ text: 'Hello' });
  expect(given).toEqual([{ audio: [0, 1, 2], mimeType: 'audio/webm;codecs=opus', mediaType: 'audio/webm' }]);
});
