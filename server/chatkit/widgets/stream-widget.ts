import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import type { WidgetItem } from '../../../protocol/item.ts';
import type { WidgetRoot } from '../../../protocol/widget.ts';
import { createId } from '../ids.ts';
import { diffWidget } from './widget-diff.ts';
import { toWireWidget } from './wire-widget.ts';

/**
 * The events that show a widget: of a finished one a single `done`; of a stream of its states `added`, the updates from
 * each state to the next, and `done` with the last. `copyText` is what the item's copy button gives. Throws when the
 * stream ends without a state, and what the stream throws.
 */
export async function* streamWidget(
  thread: { id: string },
  widget: WidgetRoot | AsyncIterable<WidgetRoot>,
  options: { now: () => Date; copyText?: string },
): AsyncGenerator<ThreadStreamEvent> {
  const makeItem = (state: WidgetRoot): WidgetItem => ({
    type: 'widget',
    id: createId('message'),
    thread_id: thread.id,
    created_at: options.now().toISOString(),
    widget: state,
    ...(options.copyText !== undefined && { copy_text: options.copyText }),
  });
  if (!isStream(widget)) {
    yield { type: 'thread.item.done', item: makeItem(toWireWidget(widget)) };
    return;
  }

  let item: WidgetItem | undefined;
  let shown: WidgetRoot | undefined;
  for await (const state of widget) {
    const next = toWireWidget(state);
    if (item && shown)
      for (const update of diffWidget(shown, next)) yield { type: 'thread.item.updated', item_id: item.id, update };
    else {
      item = makeItem(next);
      yield { type: 'thread.item.added', item };
    }
    shown = next;
  }
  if (!item || !shown) throw new Error('a widget was streamed that has no state');
  yield { type: 'thread.item.done', item: { ...item, widget: shown } };
}

function isStream(widget: WidgetRoot | AsyncIterable<WidgetRoot>): widget is AsyncIterable<WidgetRoot> {
  return Symbol.asyncIterator in widget;
}
