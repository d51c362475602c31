import type { ThreadItemUpdate, ThreadStreamEvent } from '../../../protocol/event.ts';
import type { Thread } from '../../../protocol/thread.ts';
import { record } from '../record.ts';
import { readAnnotation, readItem, readItems, readPart, readTask } from './read-item.ts';

/** More parts than this no message has; each missing one below an index would be made. */
const MOST_PARTS = 1_000;

/** An event as the types promise it. Undefined for one that is broken, or that no version known here has. */
export function readEvent(event: ThreadStreamEvent): ThreadStreamEvent | undefined {
  switch (event.type) {
    case 'thread.created':
    case 'thread.updated': {
      const thread = readThreadObject(event.thread);
      return thread && { ...event, thread };
    }
    case 'thread.item.added':
    case 'thread.item.done':
    case 'thread.item.replaced': {
      const item = readItem(event.item);
      return item && { ...event, item };
    }
    case 'thread.item.updated': {
      const update = readUpdate(event.update);
      return update && { ...event, update };
    }
    case 'stream_options':
      return { ...event, stream_options: { allow_cancel: record(event.stream_options).allow_cancel !== false } };
    case 'progress_update':
      return typeof event.text === 'string' ? event : undefined;
    case 'notice':
      return typeof event.message === 'string' ? event : undefined;
    case 'error':
      return typeof event.message === 'string'
        ? event
        : { type: 'error', code: event.code, allow_retry: event.allow_retry };
    case 'thread.item.removed':
    case 'client_effect':
      return event;
    default:
      return undefined;
  }
}

function readUpdate(given: unknown): ThreadItemUpdate | undefined {
  const update = record(given) as ThreadItemUpdate;
  if ('content_index' in update && !(update.content_index >= 0 && update.content_index < MOST_PARTS)) return undefined;
  switch (update.type) {
    case 'assistant_message.content_part.added':
    case 'assistant_message.content_part.done':
      return { ...update, content: readPart(record(update.content)) };
    case 'assistant_message.content_part.text_delta':
    case 'widget.streaming_text.value_delta':
      return typeof update.delta === 'string' ? update : undefined;
    case 'assistant_message.content_part.annotation_added': {
      const annotation = readAnnotation(update.annotation);
      return annotation && { ...update, annotation };
    }
    case 'workflow.task.added':
    case 'workflow.task.updated':
      return { ...update, task: readTask(record(update.task)) };
    case 'widget.root.updated':
      return record(update.widget).type ? update : undefined;
    case 'widget.component.updated':
      return record(update.component).type ? update : undefined;
    case 'generated_image.updated':
      return record(update.image).url ? update : undefined;
    default:
      return undefined;
  }
}

/** A thread with what is drawn of it in the shape of the types; undefined for what has no id. */
export function readThreadObject(value: unknown): Thread | undefined {
  const { id, title, status, allowed_image_domains: domains, items: given, ...rest } = record(value);
  if (typeof id !== 'string') return undefined;
  const items = record(given);
  return {
    ...(rest as Omit<Thread, 'id' | 'status' | 'items'>),
    id,
    ...(typeof title === 'string' ? { title } : {}),
    ...(Array.isArray(domains) ? { allowed_image_domains: domains } : {}),
    status: record(status).type ? (status as Thread['status']) : { type: 'active' },
    items: {
      data: readItems(items.data),
      has_more: items.has_more === true,
      ...(typeof items.after === 'string' ? { after: items.after } : {}),
    },
  };
}
