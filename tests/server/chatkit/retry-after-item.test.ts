import { describe, expect, test } from 'vitest';
import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import { makeMessage } from '../../contract/store.ts';
import { answer, makeServer } from './scripted-server.ts';

const silent = async function* (): AsyncGenerator<ThreadStreamEvent> {};
const types = (events: ThreadStreamEvent[]) => events.map(({ type }) => type);

const question = (id: string) => makeMessage('thr_r', id);

const retry = (item_id: string) => ({ type: 'threads.retry_after_item', params: { thread_id: 'thr_r', item_id } });

describe('trying again', () => {
  test('deletes what followed, newest first, over several pages, and answers the same message', async () => {
    const given: unknown[] = [];
    const server = makeServer((_thread, item) => {
      given.push(item?.id);
      return silent();
    });
    const later = Array.from({ length: 45 }, (_, n) => answer('thr_r', `msg_${n}`, 'x'));
    await server.seed('thr_r', question('usr_1'), question('usr_2'), ...later);
    const events = await server.events({
      type: 'threads.retry_after_item',
      params: { thread_id: 'thr_r', item_id: 'usr_2' },
    });
    expect(types(events)).toEqual(['stream_options']);
    expect(given).toEqual(['usr_2']);
    expect(server.writes).toEqual(later.toReversed().map(({ id }) => `delete ${id}`));
    expect((await server.items('thr_r'))?.map(({ id }) => id)).toEqual(['usr_1', 'usr_2']);
  });

  test('of an answer is refused and deletes nothing', async () => {
    const server = makeServer(silent);
    await server.seed('thr_r', question('usr_1'), answer('thr_r', 'msg_0', 'x'));
    await expect(server.turn(retry('msg_0'))).rejects.toMatchObject({ code: 'invalid_request' });
    expect(server.writes).toEqual([]);
  });

  test('of an unknown item is an empty stream and deletes nothing', async () => {
    const server = makeServer(silent);
    await server.seed('thr_r', question('usr_1'), answer('thr_r', 'msg_0', 'x'));
    expect(await server.events(retry('nope'))).toEqual([]);
    expect(server.writes).toEqual([]);
  });
});
