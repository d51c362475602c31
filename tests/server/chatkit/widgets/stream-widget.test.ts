import { expect, test } from 'vitest';
import type { ThreadStreamEvent } from '../../../../protocol/event.ts';
import type { WidgetRoot } from '../../../../protocol/widget.ts';
import { streamWidget } from '../../../../server/chatkit/widgets/stream-widget.ts';

const NOW = '2026-11-24T10:00:00.000Z';
const options = { now: () => new Date(NOW) };
const thread = { id: 'thr_1' };

const card = (value: string, streaming: boolean): WidgetRoot => ({
  type: 'Card',
  children: [{ type: 'Text', id: 't', value, streaming }],
});

async function* stream(...states: WidgetRoot[]): AsyncGenerator<WidgetRoot> {
  yield* states;
}

async function read(events: AsyncIterable<ThreadStreamEvent>): Promise<ThreadStreamEvent[]> {
  return Array.fromAsync(events);
}

test('a finished widget is one event', async () => {
  const events = await read(streamWidget(thread, { type: 'Card', children: [] }, { ...options, copyText: '42' }));
  expect(events).toEqual([
    {
      type: 'thread.item.done',
      item: {
        type: 'widget',
        id: expect.stringMatching(/^msg_[0-9a-f]{32}$/),
        thread_id: 'thr_1',
        created_at: NOW,
        widget: { type: 'Card', children: [] },
        copy_text: '42',
      },
    },
  ]);
});

test('a streamed widget is added, updated and done as one item', async () => {
  const states = [card('', true), card('Par', true), card('Par', true), card('Parcel', true), card('Parcel', false)];
  const events = await read(streamWidget(thread, stream(...states), options));
  const [added] = events;
  if (added?.type !== 'thread.item.added') throw new Error('the first event adds the item');
  const { id } = added.item;
  const delta = { type: 'widget.streaming_text.value_delta', component_id: 't', done: false } as const;
  expect(events).toEqual([
    {
      type: 'thread.item.added',
      item: { type: 'widget', id, thread_id: 'thr_1', created_at: NOW, widget: card('', true) },
    },
    { type: 'thread.item.updated', item_id: id, update: { ...delta, delta: 'Par' } },
    { type: 'thread.item.updated', item_id: id, update: { ...delta, delta: 'cel' } },
    {
      type: 'thread.item.updated',
      item_id: id,
      update: { type: 'widget.root.updated', widget: card('Parcel', false) },
    },
    {
      type: 'thread.item.done',
      item: { type: 'widget', id, thread_id: 'thr_1', created_at: NOW, widget: card('Parcel', false) },
    },
  ]);
});

test('a streamed widget keeps the time at which it began, and its copy text', async () => {
  let seconds = 0;
  const now = () => new Date(Date.parse(NOW) + 1000 * seconds++);
  const events = await read(streamWidget(thread, stream(card('', true), card('a', true)), { now, copyText: 'a' }));
  const items = events.flatMap((event) => ('item' in event ? [event.item] : []));
  expect(items).toMatchObject([
    { created_at: NOW, copy_text: 'a' },
    { created_at: NOW, copy_text: 'a' },
  ]);
});

async function* growing(): AsyncGenerator<WidgetRoot> {
  const text = { type: 'Text', id: 't', value: '' };
  const root: WidgetRoot = { type: 'Card', children: [text] };
  for (const word of ['Par', 'cel']) {
    text.value += word;
    yield root;
  }
}

test('a state that is changed and yielded again is compared with what it was', async () => {
  const events = await read(streamWidget(thread, growing(), options));
  expect(events).toMatchObject([
    { type: 'thread.item.added', item: { widget: { children: [{ value: 'Par' }] } } },
    { type: 'thread.item.updated', update: { delta: 'cel' } },
    { type: 'thread.item.done', item: { widget: { children: [{ value: 'Parcel' }] } } },
  ]);
});

test('nulls leave the tree at every depth, other values stay as they are', async () => {
  const payload = JSON.parse('{"__proto__":{"a":null,"b":1},"list":[null,1,[null]],"no":false,"zero":0,"empty":""}');
  const widget: WidgetRoot = {
    type: 'Card',
    id: undefined as unknown as string,
    children: [{ type: 'Button', label: null, onClickAction: { type: 'go', payload } }, null],
  };
  const [event] = await read(streamWidget(thread, widget, options));
  expect(JSON.stringify(event && 'item' in event && event.item.type === 'widget' && event.item.widget)).toBe(
    '{"type":"Card","children":[{"type":"Button","onClickAction":{"type":"go","payload":' +
      '{"__proto__":{"b":1},"list":[1,[]],"no":false,"zero":0,"empty":""}}}]}',
  );
});

test('a stream without a state is an error', async () => {
  await expect(read(streamWidget(thread, stream(), options))).rejects.toThrow(
    'a widget was streamed that has no state',
  );
});

test('who stops listening stops the stream behind the widget', async () => {
  let isStopped = false;
  async function* endless(): AsyncGenerator<WidgetRoot> {
    try {
      for (;;) yield card('', true);
    } finally {
      isStopped = true;
    }
  }
  const events = streamWidget(thread, endless(), options);
  await events.next();
  await events.return(undefined);
  expect(isStopped).toBe(true);
});
