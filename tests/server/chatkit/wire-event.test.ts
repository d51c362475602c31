import { describe, expect, test } from 'vitest';
import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import type { ThreadItem, WidgetItem } from '../../../protocol/item.ts';
import type { StoredAttachment } from '../../../server/chatkit/store.ts';
import { makeMessage } from '../../contract/store.ts';
import { addMessage, makeServer, NOW } from './scripted-server.ts';

const at = { thread_id: 'thr_w', created_at: NOW };
const attachment: StoredAttachment = { type: 'file', id: 'atc_1', name: 'n.txt', mime_type: 'text/plain' };
const widget = (weight?: null): WidgetItem => ({
  ...at,
  id: 'wid_1',
  type: 'widget',
  widget: { type: 'Card', children: [{ type: 'Text', value: 'a', ...(weight === null && { weight }) }] },
});
const call = { ...at, id: 'tc_1', type: 'client_tool_call', status: 'completed', call_id: 'c', name: 'n' } as const;

/** As it may stand in a store, or come from a responder, and as a client gets it. */
const ITEMS: [string, ThreadItem, ThreadItem][] = [
  [
    'metadata of attachments',
    {
      ...makeMessage('thr_w', 'msg_1'),
      attachments: [{ ...attachment, metadata: { path: '/x' } } as StoredAttachment],
    },
    { ...makeMessage('thr_w', 'msg_1'), attachments: [attachment] },
  ],
  ['null in a widget', widget(null), widget()],
  [
    'null that a tool gave, though not null inside of a value',
    { ...call, arguments: { a: null }, output: null },
    { ...call, arguments: { a: null } },
  ],
];

const updates = (node: WidgetItem['widget']): ThreadStreamEvent[] => [
  { type: 'thread.item.updated', item_id: 'wid_1', update: { type: 'widget.root.updated', widget: node } },
  {
    type: 'thread.item.updated',
    item_id: 'wid_1',
    update: { type: 'widget.component.updated', component_id: 'c', component: node },
  },
];

describe('a client gets no', () => {
  test.each(ITEMS)('%s, in a list or a stream', async (_, stored, wire) => {
    const server = makeServer(async function* () {
      yield { type: 'thread.item.replaced', item: stored };
    });
    await server.seed('thr_w', stored);
    expect(await server.json({ type: 'items.list', params: { thread_id: 'thr_w' } })).toEqual({
      data: [wire],
      has_more: false,
    });
    expect((await server.events(addMessage('thr_w'))).at(-1)).toEqual({ type: 'thread.item.replaced', item: wire });
    expect((await server.items('thr_w'))?.[0]).toEqual(stored);
  });

  test('null in an updated widget', async () => {
    const server = makeServer(async function* () {
      yield* updates(widget(null).widget);
    });
    await server.seed('thr_w');
    expect((await server.events(addMessage('thr_w'))).slice(-2)).toEqual(updates(widget().widget));
  });
});
