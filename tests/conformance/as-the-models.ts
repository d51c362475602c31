import type { ThreadStreamEvent } from '../../protocol/event.ts';
import type { Attachment, ThreadItem } from '../../protocol/item.ts';
import type { ThreadMetadata } from '../../protocol/thread.ts';

/**
 * Scripts are written for the models of the reference, which fill in what is left out and drop a field that is null. A
 * handler in TypeScript hands over whole objects, so scripts are completed here before ours sees them. What is inside a
 * free-form value, or a widget, stays as it is.
 */
export interface Loose {
  type?: unknown;
  [key: string]: unknown;
}

export function completeThread(thread: Loose): ThreadMetadata {
  const { status = { type: 'active' }, ...rest } = withoutNulls(thread);
  return {
    metadata: {},
    ...rest,
    status: isLoose(status) ? withoutNulls(status) : status,
  } as unknown as ThreadMetadata;
}

export function completeAttachment(attachment: Loose): Attachment {
  const { upload_descriptor: descriptor, ...rest } = withoutNulls(attachment);
  return {
    ...rest,
    ...(isLoose(descriptor) && { upload_descriptor: { headers: {}, ...descriptor } }),
  } as unknown as Attachment;
}

export function completeItem(item: Loose): ThreadItem {
  return withoutNulls({ ...item, ...itemDefaults(item) }) as unknown as ThreadItem;
}

export function completeEvent(event: Loose): ThreadStreamEvent {
  return withoutNulls({ ...event, ...eventDefaults(event) }) as unknown as ThreadStreamEvent;
}

export function completeTask(task: Loose): Loose {
  const lists = { web_search: { queries: [], sources: [] }, file: { sources: [] } }[String(task.type)];
  return { status_indicator: 'none', ...lists, ...withoutNulls(task) };
}

export function completeWorkflow(workflow: Loose): Loose {
  return { expanded: false, ...withoutNulls(workflow), tasks: list(workflow.tasks, completeTask) };
}

function itemDefaults(item: Loose): Loose {
  switch (item.type) {
    case 'user_message':
      return {
        content: list(item.content, (part) =>
          part.type === 'input_tag' ? { interactive: false, ...withoutNulls(part) } : part,
        ),
        attachments: list(item.attachments, (attachment) => completeAttachment(attachment) as unknown as Loose),
        inference_options: isLoose(item.inference_options) ? withoutNulls(item.inference_options) : {},
      };
    case 'assistant_message':
      return { content: list(item.content, completePart) };
    case 'client_tool_call':
      return { status: item.status ?? 'pending' };
    case 'structured_input':
      return { inputs: list(item.inputs, completeInput) };
    case 'task':
      return isLoose(item.task) ? { task: completeTask(item.task) } : {};
    case 'workflow':
      return isLoose(item.workflow) ? { workflow: completeWorkflow(item.workflow) } : {};
    default:
      return {};
  }
}

function eventDefaults(event: Loose): Loose {
  switch (event.type) {
    case 'thread.item.added':
    case 'thread.item.done':
    case 'thread.item.replaced':
      return isLoose(event.item) ? { item: completeItem(event.item) } : {};
    case 'thread.item.updated':
      return isLoose(event.update) ? { update: completeUpdate(event.update) } : {};
    case 'client_effect':
      return { data: event.data ?? {} };
    case 'error':
      return { code: event.code ?? 'custom', allow_retry: event.allow_retry ?? false };
    default:
      return {};
  }
}

function completeUpdate(update: Loose): Loose {
  return withoutNulls({
    ...update,
    ...(isLoose(update.content) && { content: completePart(update.content) }),
    ...(isLoose(update.annotation) && { annotation: completeAnnotation(update.annotation) }),
    ...(isLoose(update.task) && { task: completeTask(update.task) }),
  });
}

function completePart(part: Loose): Loose {
  return { ...part, annotations: list(part.annotations, completeAnnotation) };
}

function completeAnnotation(annotation: Loose): Loose {
  const { source } = annotation;
  if (!isLoose(source)) return withoutNulls(annotation);
  const isEntity = source.type === 'entity';
  return withoutNulls({
    ...annotation,
    source: { ...(isEntity && { interactive: false, data: {} }), ...withoutNulls(source) },
  });
}

function completeInput(input: Loose): Loose {
  const isChoice = input.type === 'multiple_choice';
  return { ...(isChoice && { multiple: false }), ...withoutNulls(input) };
}

function list(value: unknown, complete: (entry: Loose) => Loose): Loose[] {
  return Array.isArray(value) ? value.filter(isLoose).map(complete) : [];
}

function withoutNulls(object: Loose): Loose {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null && value !== undefined));
}

function isLoose(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
