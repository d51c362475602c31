import type { ThreadItemUpdate, ThreadStreamEvent } from './event.ts';
import type { AssistantMessageContent, ThreadItem } from './item.ts';
import type { Thread } from './thread.ts';
import type { WidgetNode } from './widget.ts';

/**
 * The one fold of the protocol: a thread and the next event give the next thread. Pure: what did not change is the
 * same object as before, so a view can compare by identity and a server can keep an older state. Items are in
 * ascending order. An item that is seen again replaces itself in place; events that do not concern the thread's
 * content, and updates of items that are not there, leave it as it is.
 */
export function applyEvent(thread: Thread, event: ThreadStreamEvent): Thread {
  switch (event.type) {
    case 'thread.created':
    case 'thread.updated':
      // The wire carries the thread without its items here.
      return { ...event.thread, items: thread.items };
    case 'thread.item.added':
    case 'thread.item.done':
    case 'thread.item.replaced':
      return withItems(thread, upsert(thread.items.data, event.item));
    case 'thread.item.removed': {
      const left = thread.items.data.filter((item) => item.id !== event.item_id);
      return left.length === thread.items.data.length ? thread : withItems(thread, left);
    }
    case 'thread.item.updated': {
      const index = thread.items.data.findLastIndex((item) => item.id === event.item_id);
      const item = thread.items.data[index];
      if (!item) return thread;
      const next = applyUpdate(item, event.update);
      return next === item ? thread : withItems(thread, thread.items.data.with(index, next));
    }
    default:
      return thread;
  }
}

function withItems(thread: Thread, data: ThreadItem[]): Thread {
  return { ...thread, items: { ...thread.items, data } };
}

function upsert(items: ThreadItem[], item: ThreadItem): ThreadItem[] {
  // From the end: the item of an event is nearly always among the newest.
  const index = items.findLastIndex((known) => known.id === item.id);
  return index === -1 ? [...items, item] : items.with(index, item);
}

function applyUpdate(item: ThreadItem, update: ThreadItemUpdate): ThreadItem {
  switch (item.type) {
    case 'assistant_message':
      return update.type.startsWith('assistant_message.')
        ? { ...item, content: applyContentUpdate(item.content, update) }
        : item;
    case 'widget':
      if (update.type === 'widget.root.updated') return { ...item, widget: update.widget };
      if (update.type === 'widget.component.updated')
        return { ...item, widget: mapNode(item.widget, update.component_id, () => update.component) };
      if (update.type === 'widget.streaming_text.value_delta')
        return {
          ...item,
          widget: mapNode(item.widget, update.component_id, (node) => ({
            ...node,
            value: `${typeof node.value === 'string' ? node.value : ''}${update.delta}`,
            streaming: !update.done,
          })),
        };
      return item;
    case 'workflow': {
      const { tasks } = item.workflow;
      // As the reference keeps it: `added` appends whatever its index says, `updated` sets a task that is there.
      if (update.type === 'workflow.task.added')
        return { ...item, workflow: { ...item.workflow, tasks: [...tasks, update.task] } };
      if (update.type === 'workflow.task.updated' && tasks[update.task_index])
        return { ...item, workflow: { ...item.workflow, tasks: tasks.with(update.task_index, update.task) } };
      return item;
    }
    case 'generated_image':
      return update.type === 'generated_image.updated' ? { ...item, image: update.image } : item;
    default:
      return item;
  }
}

function applyContentUpdate(parts: AssistantMessageContent[], update: ThreadItemUpdate): AssistantMessageContent[] {
  if (!('content_index' in update)) return parts;
  const padded = [...parts];
  while (padded.length <= update.content_index) padded.push({ type: 'output_text', text: '', annotations: [] });
  const part = padded[update.content_index];
  if (!part) return parts;
  switch (update.type) {
    case 'assistant_message.content_part.added':
      return padded.with(update.content_index, update.content);
    case 'assistant_message.content_part.done': {
      // The reference ends a part with an empty list of annotations and sends them again with the item: keeping the
      // ones already shown spares a reader the flicker, and a stop in between the loss.
      const annotations = update.content.annotations.length > 0 ? update.content.annotations : part.annotations;
      return padded.with(update.content_index, { ...update.content, annotations });
    }
    case 'assistant_message.content_part.text_delta':
      return padded.with(update.content_index, { ...part, text: part.text + update.delta });
    case 'assistant_message.content_part.annotation_added':
      return padded.with(update.content_index, {
        ...part,
        annotations: part.annotations.toSpliced(update.annotation_index, 0, update.annotation),
      });
  }
}

/** The tree with the node of that id replaced; the same tree when no node has it. */
function mapNode(node: WidgetNode, id: string, change: (node: WidgetNode) => WidgetNode): WidgetNode {
  if (node.id === id) return change(node);
  const { children } = node;
  if (Array.isArray(children)) {
    const next = children.map((child: unknown) => (isNode(child) ? mapNode(child, id, change) : child));
    return next.some((child, index) => child !== children[index]) ? { ...node, children: next } : node;
  }
  if (isNode(children)) {
    const next = mapNode(children, id, change);
    return next === children ? node : { ...node, children: next };
  }
  return node;
}

function isNode(value: unknown): value is WidgetNode {
  return typeof value === 'object' && value !== null && typeof (value as WidgetNode).type === 'string';
}
