import fc from 'fast-check';
import type { ThreadItemUpdate, ThreadStreamEvent } from '../../protocol/event.ts';
import type { Annotation, AssistantMessageContent, AssistantMessageItem, ThreadItem } from '../../protocol/item.ts';
import type { ThreadMetadata } from '../../protocol/thread.ts';

// What a responder may stream, in any order: items of every type, updates that fit their item and that do not, of items
// that are there and that are not. Ids are few, so that events meet.

export const THREAD: ThreadMetadata = {
  id: 'thr_1',
  created_at: '2026-01-02T03:04:05Z',
  status: { type: 'active' },
  metadata: {},
};

/** Any text, blank and astral among it, and what JSON and SSE have to escape. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constantFrom('', ' ', '\n', '\r\n', 'data: x\n\n', '\u2028', '"\\', '\u0000', '𝄞', '\ud800'),
);
const index = fc.nat(3);
const optional = <T extends object>(values: { [Key in keyof T]: fc.Arbitrary<T[Key]> }) =>
  fc.record(values, { requiredKeys: [] });

const annotation: fc.Arbitrary<Annotation> = fc.record({
  type: fc.constant('annotation' as const),
  source: fc.oneof(
    fc.record({ type: fc.constant('url' as const), title: text, url: fc.webUrl() }),
    fc.record({ type: fc.constant('file' as const), title: text, filename: text }),
  ),
  index: fc.nat(20),
});
const part: fc.Arbitrary<AssistantMessageContent> = fc.record({
  type: fc.constant('output_text' as const),
  text,
  annotations: fc.array(annotation, { maxLength: 2 }),
});
const widget = fc.record({
  type: fc.constantFrom('Card', 'Basic'),
  children: fc.array(
    fc.record({
      type: fc.constantFrom('Text', 'Markdown', 'Divider'),
      id: fc.constantFrom('t', 'u'),
      value: text,
      weight: fc.constantFrom(null, 'bold'),
    }),
    { maxLength: 2 },
  ),
});
const task = fc.oneof(
  fc.record({ type: fc.constant('thought' as const), status_indicator: fc.constant('none' as const), content: text }),
  fc.record({ type: fc.constant('custom' as const), status_indicator: fc.constant('loading' as const), title: text }),
);
const workflow = fc.record({
  type: fc.constantFrom('custom' as const, 'reasoning' as const),
  tasks: fc.array(task, { maxLength: 2 }),
  expanded: fc.boolean(),
});
const image = fc.record({ id: text, url: fc.webUrl() });

const ASSISTANT_IDS = ['msg_a', 'msg_b'];

function item(id: string, type: ThreadItem['type'], fields: fc.Arbitrary<object>): fc.Arbitrary<ThreadItem> {
  return fields.map(
    (own) => ({ id, thread_id: THREAD.id, created_at: THREAD.created_at, type, ...own }) as unknown as ThreadItem,
  );
}

const none = fc.constant({});
/** An item of every type that is no answer; of one id, always the same type. */
const otherItem = fc.oneof(
  item('msg_u', 'user_message', fc.constant({ content: [], attachments: [], inference_options: {} })),
  item(
    'tc_1',
    'client_tool_call',
    fc.record({ status: fc.constant('pending'), call_id: text, name: text, arguments: none }),
  ),
  item('msg_w', 'widget', fc.record({ widget })),
  item('msg_g', 'generated_image', optional({ image })),
  item('msg_s', 'structured_input', fc.record({ status: fc.constant('pending'), inputs: fc.constant([]) })),
  item('tsk_1', 'task', fc.record({ task })),
  item('wf_1', 'workflow', fc.record({ workflow })),
  item('msg_e', 'end_of_turn', none),
  item('msg_h', 'hidden_context_item', fc.record({ content: text })),
  item('shcx_1', 'sdk_hidden_context', fc.record({ content: text })),
);
const otherUpdate: fc.Arbitrary<ThreadItemUpdate> = fc.oneof(
  fc.record({
    type: fc.constant('widget.streaming_text.value_delta' as const),
    component_id: fc.constantFrom('t', 'nobody'),
    delta: text,
    done: fc.boolean(),
  }),
  fc.record({ type: fc.constant('widget.root.updated' as const), widget }),
  fc.record({
    type: fc.constant('widget.component.updated' as const),
    component_id: fc.constantFrom('t', 'nobody'),
    component: widget,
  }),
  fc.record({
    type: fc.constantFrom('workflow.task.added' as const, 'workflow.task.updated' as const),
    task_index: index,
    task,
  }),
  fc.record({ type: fc.constant('generated_image.updated' as const), image, progress: fc.constantFrom(0, 0.5, 1) }),
);
const itemEvent = fc.constantFrom('thread.item.added', 'thread.item.done', 'thread.item.replaced');
const anyId = fc.oneof(
  otherItem.map(({ id }) => id),
  fc.constantFrom(...ASSISTANT_IDS, 'nobody'),
);
const otherId = anyId.filter((id) => !ASSISTANT_IDS.includes(id));

/** An event that leaves the answers alone; `update` may be of a type that its item does not have. */
const otherEvent: fc.Arbitrary<ThreadStreamEvent> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: itemEvent, item: otherItem }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant('thread.item.updated' as const), item_id: anyId, update: otherUpdate }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('thread.item.removed' as const), item_id: otherId }) },
  fc.record({ type: fc.constant('progress_update' as const), text }),
  fc.record({ type: fc.constant('client_effect' as const), name: text, data: fc.constant({ a: [null] }) }),
  fc.record({
    type: fc.constant('notice' as const),
    level: fc.constantFrom('info' as const, 'danger' as const),
    message: text,
  }),
  fc.record({
    type: fc.constant('error' as const),
    code: fc.constant('custom'),
    message: text,
    allow_retry: fc.boolean(),
  }),
);

const assistantId = fc.constantFrom(...ASSISTANT_IDS);

function answer(id: string, content: AssistantMessageContent[]): AssistantMessageItem {
  return { id, thread_id: THREAD.id, created_at: THREAD.created_at, type: 'assistant_message', content };
}

const answerUpdate: fc.Arbitrary<ThreadItemUpdate> = fc.oneof(
  fc.record({
    type: fc.constantFrom(
      'assistant_message.content_part.added' as const,
      'assistant_message.content_part.done' as const,
    ),
    content_index: index,
    content: part,
  }),
  fc.record({
    type: fc.constant('assistant_message.content_part.text_delta' as const),
    content_index: index,
    delta: text,
  }),
  fc.record({
    type: fc.constant('assistant_message.content_part.annotation_added' as const),
    content_index: index,
    annotation_index: index,
    annotation,
  }),
);
/** An event of an answer that says anything, whatever was said before. */
const answerEvent: fc.Arbitrary<ThreadStreamEvent> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: itemEvent,
      item: fc.tuple(assistantId, fc.array(part, { maxLength: 2 })).map(([id, content]) => answer(id, content)),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('thread.item.updated' as const),
      item_id: assistantId,
      update: answerUpdate,
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('thread.item.removed' as const), item_id: assistantId }) },
);

const threadEvent: fc.Arbitrary<ThreadStreamEvent> = fc.record({
  type: fc.constantFrom('thread.created' as const, 'thread.updated' as const),
  thread: text.map((title) => ({ ...THREAD, title, items: { data: [], has_more: false } })),
});
const streamOptions: fc.Arbitrary<ThreadStreamEvent> = fc.record({
  type: fc.constant('stream_options' as const),
  stream_options: fc.record({ allow_cancel: fc.boolean() }),
});

/** Any event of the protocol. */
export const anyEvent: fc.Arbitrary<ThreadStreamEvent> = fc.oneof(otherEvent, answerEvent, threadEvent, streamOptions);

/** Events in any order: an answer may be said anew, ended twice, taken back. */
export const anyStream: fc.Arbitrary<ThreadStreamEvent[]> = fc.array(fc.oneof(otherEvent, answerEvent), {
  maxLength: 30,
});

interface Growth {
  id: string;
  as: 'added' | 'done' | 'replaced' | 'part.added' | 'part.done' | 'delta' | 'annotation';
  index: number;
  text: string;
  annotation: Annotation;
}

const growth: fc.Arbitrary<Growth> = fc.record({
  id: assistantId,
  as: fc.constantFrom('added', 'done', 'replaced', 'part.added', 'part.done', 'delta', 'delta', 'annotation'),
  index,
  text,
  annotation,
});

/**
 * Events in an order as loose, but no word of an answer is ever taken back: whatever says it again says at least what
 * was said. A reader that is late has then a beginning of what a later one has.
 */
export const growingStream: fc.Arbitrary<ThreadStreamEvent[]> = fc
  .array(fc.oneof(growth, otherEvent), { maxLength: 30 })
  .map((steps) => {
    const said = new Map<string, string[]>();
    return steps.map((step) => ('as' in step ? grow(said, step) : step));
  });

function toPart(text: string): AssistantMessageContent {
  return { type: 'output_text', text, annotations: [] };
}

function grow(said: Map<string, string[]>, { id, as, index, text, annotation }: Growth): ThreadStreamEvent {
  const before = said.get(id);
  const texts = Array.from({ length: Math.max(before?.length ?? 0, index + 1) }, (_, n) => before?.[n] ?? '');
  texts[index] += text;
  // An update of what was never added changes nothing.
  if (before || as === 'added' || as === 'done' || as === 'replaced')
    said.set(id, as === 'annotation' ? (before ?? []) : texts);
  switch (as) {
    case 'added':
    case 'done':
    case 'replaced':
      return { type: `thread.item.${as}`, item: answer(id, texts.map(toPart)) };
    case 'delta':
      return toUpdated(id, { type: 'assistant_message.content_part.text_delta', content_index: index, delta: text });
    case 'annotation':
      return toUpdated(id, {
        type: 'assistant_message.content_part.annotation_added',
        content_index: index,
        annotation_index: 0,
        annotation,
      });
    default:
      return toUpdated(id, {
        type: as === 'part.added' ? 'assistant_message.content_part.added' : 'assistant_message.content_part.done',
        content_index: index,
        content: toPart(texts[index] ?? ''),
      });
  }
}

function toUpdated(item_id: string, update: ThreadItemUpdate): ThreadStreamEvent {
  return { type: 'thread.item.updated', item_id, update };
}
