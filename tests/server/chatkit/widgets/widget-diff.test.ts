import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyEvent } from '../../../../protocol/apply-event.ts';
import type { ThreadItemUpdate } from '../../../../protocol/event.ts';
import type { Thread } from '../../../../protocol/thread.ts';
import type { WidgetNode, WidgetRoot } from '../../../../protocol/widget.ts';
import { diffWidget } from '../../../../server/chatkit/widgets/widget-diff.ts';

const card = (...children: WidgetNode[]): WidgetRoot => ({ type: 'Card', children });
const text = (value: string, props: Record<string, unknown> = {}): WidgetNode => ({
  type: 'Text',
  id: 't',
  value,
  ...props,
});
const withoutId = (value: string): WidgetNode => ({ type: 'Text', value });

test('the same widget needs no update', () => {
  expect(diffWidget(card(text('Hi')), card(text('Hi')))).toEqual([]);
});

test('text that grew travels as a delta, done unless it goes on', () => {
  expect(diffWidget(card(text('Hel', { streaming: true })), card(text('Hello', { streaming: true })))).toEqual([
    { type: 'widget.streaming_text.value_delta', component_id: 't', delta: 'lo', done: false },
  ]);
  const markdown = (value: string): WidgetRoot => card({ type: 'Markdown', id: 'm', value });
  expect(diffWidget(markdown(''), markdown('# T'))).toEqual([
    { type: 'widget.streaming_text.value_delta', component_id: 'm', delta: '# T', done: true },
  ]);
});

test('several texts grow in document order, however deep they stand', () => {
  const [a, b, c] = [{ type: 'Markdown', id: 'a' }, text('2', { id: 'b' }), text('3', { id: 'c' })];
  const before = card({ type: 'Row', children: [{ ...a, value: '1' }, withoutId('still')] }, b, c);
  const after = card({ type: 'Row', children: [{ ...a, value: '1x' }, withoutId('still')] }, { ...b, value: '2y' }, c);
  expect(diffWidget(before, after)).toEqual([
    { type: 'widget.streaming_text.value_delta', component_id: 'a', delta: 'x', done: true },
    { type: 'widget.streaming_text.value_delta', component_id: 'b', delta: 'y', done: true },
  ]);
});

test.each<[string, WidgetRoot, WidgetRoot]>([
  ['another type of root', { type: 'Card', children: [] }, { type: 'ListView', children: [] }],
  ['another key', card(text('1', { key: 'a' })), card(text('1', { key: 'b' }))],
  ['another id', card(text('1')), card(text('1', { id: 'u' }))],
  ['another prop', card(text('1', { size: 'sm' })), card(text('1', { size: 'md' }))],
  ['a prop that came', card(text('1')), card(text('12', { weight: 'bold' }))],
  ['a prop that went', card(text('1', { streaming: true })), card(text('12'))],
  ['text that was rewritten', card(text('Hel')), card(text('Bye'))],
  ['text that shrank', card(text('Hello')), card(text('Hel'))],
  [
    'text that grew as its streaming ended',
    card(text('H', { streaming: true })),
    card(text('Hi', { streaming: false })),
  ],
  [
    'text that grew in another kind of node',
    card({ type: 'Title', id: 't', value: 'H' }),
    card({ type: 'Title', id: 't', value: 'Hi' }),
  ],
  ['text that grew into another type', card(text('H')), card({ ...text('Hi'), type: 'Markdown' })],
  ['a child that came', card(text('1')), card(text('1'), { ...text(''), id: 'u' })],
  ['a child that went', card(text('1'), withoutId('2')), card(text('1'))],
  ['children that traded places', card(text('1'), withoutId('2')), card(withoutId('2'), text('1'))],
  ['growth beside another difference', card(text('1'), withoutId('2')), card(text('12'), withoutId('3'))],
  [
    'a nested payload',
    card({ type: 'Button', onClickAction: { type: 'a', payload: { n: [1] } } }),
    card({ type: 'Button', onClickAction: { type: 'a', payload: { n: [2] } } }),
  ],
])('the whole root is sent for %s', (_case, before, after) => {
  expect(diffWidget(before, after)).toEqual([{ type: 'widget.root.updated', widget: after }]);
});

test.each<[string, (value: string) => WidgetRoot]>([
  ['has no id', (value) => card(withoutId(value))],
  ['has an empty id', (value) => card(text(value, { id: '' }))],
  ['shares its id', (value) => card(text(value), { type: 'Box', id: 't', children: [] })],
  [
    'shares its id with a node inside a single child',
    (value) => card(text(value), { type: 'Box', children: text('1') }),
  ],
  ['is the single child of its parent', (value) => ({ type: 'Card', children: text(value) })],
  [
    'stands below a single child',
    (value) => card({ type: 'Transition', children: { type: 'Row', children: [text(value)] } }),
  ],
])('growth that a delta cannot name is the whole root: the text %s', (_case, tree) => {
  expect(diffWidget(tree('Hel'), tree('Hello'))).toEqual([{ type: 'widget.root.updated', widget: tree('Hello') }]);
});

// Few ids, values and props, so that trees often differ by one thing alone, and ids often meet.
const props = {
  id: fc.constantFrom('a', 'b', 'c', 'd', 'e', ''),
  key: fc.constantFrom('k', 'l'),
  value: fc.string({ unit: 'binary', maxLength: 4 }),
  streaming: fc.boolean(),
  size: fc.constantFrom('sm', 'md', 3),
};
const { tree } = fc.letrec<{ tree: WidgetNode; leaf: WidgetNode; branch: WidgetNode }>((tie) => ({
  tree: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('branch')),
  leaf: fc.record({ type: fc.constantFrom('Text', 'Markdown', 'Title'), ...props }, { requiredKeys: ['type'] }),
  branch: fc.record(
    {
      type: fc.constantFrom('Card', 'Row', 'Text'),
      children: fc.oneof(fc.array(tie('tree'), { maxLength: 4 }), tie('tree')),
      ...props,
    },
    { requiredKeys: ['type', 'children'] },
  ),
}));

/** The tree with the next of `changes` done to each of its texts and lists: text grows or goes, a list loses a child. */
function vary(node: WidgetNode, changes: string[]): WidgetNode {
  const { children, value } = node;
  const change = changes.pop() ?? '';
  const isCut = change === 'cut';
  return {
    ...node,
    ...(typeof value === 'string' && { value: isCut ? '' : value + change }),
    ...(Array.isArray(children) && {
      children: children.slice(isCut ? 1 : 0).map((child: WidgetNode) => vary(child, changes)),
    }),
    ...(isNode(children) && { children: vary(children, changes) }),
  };
}

const changes = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom('', 'x', '\u{1f600}') },
    { weight: 1, arbitrary: fc.constant('cut') },
  ),
);
const states = fc.oneof(
  fc.tuple(tree, tree),
  fc.tuple(tree, changes).map(([node, list]): [WidgetNode, WidgetNode] => [node, vary(node, [...list])]),
);

test('a reader who applies the updates sees the new widget', () => {
  const seen = { none: 0, deltas: 0, root: 0 };
  fc.assert(
    fc.property(states, ([before, after]) => {
      const updates = diffWidget(before, after);
      const kind = updates[0]?.type;
      seen[kind === undefined ? 'none' : kind === 'widget.root.updated' ? 'root' : 'deltas'] += 1;
      expect(shown(before, updates)).toEqual(withStreaming(after));
    }),
    { numRuns: 2_000 },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(50);
});

function shown(widget: WidgetRoot, updates: ThreadItemUpdate[]): unknown {
  const created_at = '2026-01-02T03:04:05Z';
  const start: Thread = {
    id: 'thr_1',
    created_at,
    status: { type: 'active' },
    metadata: {},
    items: { data: [{ type: 'widget', id: 'w', thread_id: 'thr_1', created_at, widget }], has_more: false },
  };
  const end = updates.reduce(
    (thread, update) => applyEvent(thread, { type: 'thread.item.updated', item_id: 'w', update }),
    start,
  );
  const [item] = end.items.data;
  return item?.type === 'widget' && withStreaming(item.widget);
}

/** A delta says `streaming` where the server may leave it out: absent and `false` are one to a reader. */
function withStreaming(node: WidgetNode): unknown {
  const { children } = node;
  return {
    ...node,
    streaming: node.streaming ?? false,
    ...(Array.isArray(children) && { children: children.map(withStreaming) }),
    ...(isNode(children) && { children: withStreaming(children) }),
  };
}

function isNode(value: unknown): value is WidgetNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
