import { describe, expect, test } from 'vitest';
import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import type { ClientToolCallItem } from '../../../protocol/item.ts';
import { answer, makeServer, NOW } from './scripted-server.ts';

const silent = async function* (): AsyncGenerator<ThreadStreamEvent> {};

function call(id: string, status: ClientToolCallItem['status'] = 'pending'): ClientToolCallItem {
  return {
    type: 'client_tool_call',
    id,
    thread_id: 'thr_t',
    created_at: NOW,
    status,
    call_id: `call_${id}`,
    name: 'pick_color',
    arguments: { palette: 'warm' },
  };
}

const output = (result: unknown) => ({
  type: 'threads.add_client_tool_output',
  params: { thread_id: 'thr_t', result },
});

describe('the output of a client tool', () => {
  test.each([{ hex: '#fa0' }, null, 'text', 0, [null]])(
    '%j is kept in its call, and the answer goes on',
    async (result) => {
      const given: unknown[] = [];
      const server = makeServer((_thread, item) => {
        given.push(item);
        return silent();
      });
      await server.seed('thr_t', call('tc_1'));
      expect(await server.events(output(result))).toEqual([
        { type: 'stream_options', stream_options: { allow_cancel: true } },
      ]);
      expect(given).toEqual([undefined]);
      expect(await server.items('thr_t')).toEqual([{ ...call('tc_1', 'completed'), output: result }]);
    },
  );

  test('drops the calls before it that nobody answered', async () => {
    const server = makeServer(silent);
    await server.seed(
      'thr_t',
      call('tc_old'),
      call('tc_done', 'completed'),
      answer('thr_t', 'msg_1', 'x'),
      call('tc_1'),
    );
    await server.events(output(1));
    expect(server.writes).toEqual(['item client_tool_call', 'delete tc_old']);
    expect((await server.items('thr_t'))?.map(({ id }) => id)).toEqual(['tc_done', 'msg_1', 'tc_1']);
  });

  test.each([
    ['given twice', [call('tc_1', 'completed')]],
    ['after something else was said', [call('tc_1'), answer('thr_t', 'msg_1', 'x')]],
    ['of an empty thread', []],
  ])('%s is refused and changes nothing', async (_, items) => {
    const server = makeServer(silent);
    await server.seed('thr_t', ...items);
    await expect(server.turn(output(1))).rejects.toMatchObject({ code: 'not_pending' });
    expect(server.writes).toEqual([]);
  });
});
