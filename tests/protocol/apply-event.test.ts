import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyEvent } from '../../protocol/apply-event.ts';
import type { ThreadStreamEvent } from '../../protocol/event.ts';
import type { AssistantMessageItem, ThreadItem } from '../../protocol/item.ts';
import type { Thread } from '../../protocol/thread.ts';
import { anyStream } from './arbitrary-events.ts';

const CREATED_AT = '2026-01-02T03:04:05Z';
const ANNOTATION = {
  type: 'annotation',
  source: { type: 'url', title: 'T', url: 'https://a.example' },
  index: 2,
} as const;

function thread(...data: ThreadItem[]): Thread {
  return {
    id: 'thr_1',
    created_at: CREATED_AT,
    status: { type: 'active' },
    metadata: {},
    items: { data, has_more: false },
  };
}

function answer(id: string, ...texts: string[]): AssistantMessageItem {
  const content = texts.map((text) => ({ type: 'output_text' as const, text, annotations: [] }));
  return { id, thread_id: 'thr_1', created_at: CREATED_AT, type: 'assistant_message', content };
}

function delta(item_id: string, content_index: number, text: string): ThreadStreamEvent {
  const update = { type: 'assistant_message.content_part.text_delta', content_index, delta: text } as const;
  return { type: 'thread.item.updated', item_id, update };
}

function fold(start: Thread, ...events: ThreadStreamEvent[]): Thread {
  return events.reduce(applyEvent, start);
}

// Shows 81.
test('added, deltas and done give the text of done', () => {
  const end = fold(
    thread(),
    { type: 'thread.item.added', item: answer('m') },
    delta('m', 0, 'Hel'),
    delta('m', 0, 'lo'),
  );
  expect(end.items.data).toEqual([answer('m', 'Hello')]);
  expect(fold(end, { type: 'thread.item.done', item: answer('m', 'Hello.') }).items.data).toEqual([
    answer('m', 'Hello.'),
  ]);
});

// Shows 81.
test('an item that was never added appears with its done', () => {
  expect(fold(thread(), { type: 'thread.item.done', item: answer('m', 'Hi') }).items.data).toEqual([answer('m', 'Hi')]);
});

// Shows 82.
test('a delta of a later part pads the missing ones', () => {
  expect(fold(thread(answer('m')), delta('m', 2, 'x')).items.data).toEqual([answer('m', '', '', 'x')]);
});

// Shows 83.
test('a replaced item keeps its place, a removed one leaves', () => {
  const start = thread(answer('a', '1'), answer('b', '2'), answer('c', '3'));
  const end = fold(
    start,
    { type: 'thread.item.replaced', item: answer('b', 'two') },
    { type: 'thread.item.removed', item_id: 'a' },
  );
  expect(end.items.data).toEqual([answer('b', 'two'), answer('c', '3')]);
});

test('the end of a part keeps the annotations shown before', () => {
  const update = {
    type: 'assistant_message.content_part.annotation_added',
    content_index: 0,
    annotation_index: 0,
  } as const;
  const done = { type: 'assistant_message.content_part.done', content_index: 0 } as const;
  const end = fold(
    thread(answer('m', 'Hi')),
    { type: 'thread.item.updated', item_id: 'm', update: { ...update, annotation: ANNOTATION } },
    {
      type: 'thread.item.updated',
      item_id: 'm',
      update: { ...done, content: { type: 'output_text', text: 'Hi', annotations: [] } },
    },
  );
  expect(end.items.data[0]).toMatchObject({ content: [{ text: 'Hi', annotations: [ANNOTATION] }] });
});

const cited = (annotation_index: number, title: string): ThreadStreamEvent => ({
  type: 'thread.item.updated',
  item_id: 'm',
  update: {
    type: 'assistant_message.content_part.annotation_added',
    content_index: 0,
    annotation_index,
    annotation: { type: 'annotation', index: 1, source: { type: 'file', title, filename: title } },
  },
});

// Shows 84.
test('an annotation goes to its place among those that are there', () => {
  const end = fold(thread(answer('m', 'Hi')), cited(0, 'c'), cited(0, 'a'), cited(1, 'b'));
  const [item] = end.items.data;
  expect(item?.type === 'assistant_message' && item.content[0]?.annotations.map(({ source }) => source.title)).toEqual([
    'a',
    'b',
    'c',
  ]);
});

// Shows 85.
test('an updated thread keeps its items', () => {
  const end = fold(thread(answer('m', 'Hi')), { type: 'thread.updated', thread: { ...thread(), title: 'New' } });
  expect(end.title).toBe('New');
  expect(end.items.data).toEqual([answer('m', 'Hi')]);
});

test('a widget grows by component, wherever it stands', () => {
  const text = { type: 'Text', id: 't', value: 'a', streaming: true };
  const item: ThreadItem = {
    id: 'w',
    thread_id: 'thr_1',
    created_at: CREATED_AT,
    type: 'widget',
    widget: { type: 'Card', children: [{ type: 'Row', children: text }, { type: 'Divider' }] },
  };
  const update = { type: 'widget.streaming_text.value_delta', component_id: 't', delta: 'b', done: true } as const;
  const end = fold(thread(item), { type: 'thread.item.updated', item_id: 'w', update });
  expect(end.items.data[0]).toMatchObject({
    widget: {
      children: [{ type: 'Row', children: { ...text, value: 'ab', streaming: false } }, { type: 'Divider' }],
    },
  });
});

test.each<[string, ThreadStreamEvent]>([
  ['an update of an unknown item', delta('nobody', 0, 'x')],
  [
    'an update of another type',
    { type: 'thread.item.updated', item_id: 'm', update: { type: 'widget.root.updated', widget: { type: 'Card' } } },
  ],
  ['a removal of an unknown item', { type: 'thread.item.removed', item_id: 'nobody' }],
  ['progress', { type: 'progress_update', text: 'x' }],
  ['an unknown event', { type: 'thread.from_the_future' } as unknown as ThreadStreamEvent],
])('%s changes nothing, not even the identity', (_name, event) => {
  const start = thread(answer('m', 'Hi'));
  expect(applyEvent(start, event)).toBe(start);
});

test('what did not change stays the same object, and the thread before is left as it was', () => {
  const start = thread(answer('a', '1'), answer('b', '2'));
  const frozen = structuredClone(start);
  const end = fold(start, delta('b', 0, '!'));
  expect(end.items.data[0]).toBe(start.items.data[0]);
  expect(start).toEqual(frozen);
});

// Shows 81, 83.
test('whatever came before, an item ended by done or replaced is shown as it was sent', () => {
  fc.assert(
    fc.property(anyStream, (events) => {
      let shown = thread();
      for (const event of events) {
        shown = applyEvent(shown, event);
        if (event.type === 'thread.item.done' || event.type === 'thread.item.replaced')
          expect(shown.items.data.filter(({ id }) => id === event.item.id)).toEqual([event.item]);
      }
    }),
  );
});
