import type { ThreadItemUpdate, ThreadStreamEvent } from '../../protocol/event.ts';
import { toWireWidget } from './widgets/wire-widget.ts';
import { toWireItem } from './wire-item.ts';
import { toWireThread } from './wire-thread.ts';

/** The event as a client may see it, whatever a responder left in it. */
export function toWireEvent(event: ThreadStreamEvent): ThreadStreamEvent {
  switch (event.type) {
    case 'thread.created':
    case 'thread.updated':
      return { ...event, thread: toWireThread(event.thread) };
    case 'thread.item.added':
    case 'thread.item.done':
    case 'thread.item.replaced':
      return { ...event, item: toWireItem(event.item) };
    case 'thread.item.updated':
      return event.update.type.startsWith('widget.') ? { ...event, update: toWireUpdate(event.update) } : event;
    default:
      return event;
  }
}

function toWireUpdate(update: ThreadItemUpdate): ThreadItemUpdate {
  if (update.type === 'widget.root.updated') return { ...update, widget: toWireWidget(update.widget) };
  if (update.type === 'widget.component.updated') return { ...update, component: toWireWidget(update.component) };
  return update;
}
