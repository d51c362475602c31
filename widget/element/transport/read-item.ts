import type { Annotation, AssistantMessageContent, Source, Task, ThreadItem } from '../../../protocol/item.ts';
import { record } from '../record.ts';

type Fields = Record<string, unknown>;

/**
 * An item as the types promise it, whatever a server sent: lists that are missing are empty, and what cannot be drawn
 * inside is left out. Undefined for what has no id or type, or not the one thing that its type is about. A type that
 * is not known passes: nothing draws it.
 */
export function readItem(value: unknown): ThreadItem | undefined {
  const item = record(value);
  if (!text(item.id) || !text(item.type)) return undefined;
  const fields = readFields(item);
  return fields && ({ ...item, ...fields } as unknown as ThreadItem);
}

function readFields({ type, content, attachments, quoted_text, workflow, task, widget }: Fields): Fields | undefined {
  switch (type) {
    case 'user_message':
      return {
        content: list(content).filter((part) => typeof part.text === 'string'),
        attachments: list(attachments).filter(({ name }) => text(name)),
        quoted_text: text(quoted_text),
      };
    case 'assistant_message':
      return { content: list(content).map(readPart) };
    case 'workflow': {
      const steps = list(record(workflow).tasks).map(readTask);
      const { summary } = record(workflow);
      return { workflow: { ...record(workflow), tasks: steps, summary: summary ? record(summary) : undefined } };
    }
    case 'task':
      return { task: readTask(record(task)) };
    case 'widget':
      return text(record(widget).type) ? {} : undefined;
    default:
      return {};
  }
}

export function readItems(values: unknown): ThreadItem[] {
  return list(values).flatMap((value) => readItem(value) ?? []);
}

export function readPart(part: Fields): AssistantMessageContent {
  const annotations = list(part.annotations).flatMap((annotation) => readAnnotation(annotation) ?? []);
  return { type: 'output_text', text: text(part.text) ?? '', annotations };
}

export function readAnnotation(value: unknown): Annotation | undefined {
  const { source: given, index } = record(value);
  const source = readSource(record(given));
  return source && { type: 'annotation', source, ...(Number.isFinite(index) ? { index: index as number } : {}) };
}

export function readTask(task: Fields): Task {
  const sources = list(task.sources).flatMap((source) => readSource(source) ?? []);
  const queries = Array.isArray(task.queries) ? task.queries.filter(text) : [];
  const words = { title: text(task.title), title_query: text(task.title_query), content: text(task.content) };
  return { ...task, ...words, sources, queries } as unknown as Task;
}

/** The one key that a source of a type cannot do without. */
const SOURCE_KEYS: Record<string, string> = { url: 'url', file: 'filename', entity: 'id' };

function readSource(source: Fields): Source | undefined {
  const key = SOURCE_KEYS[String(source.type)];
  if (!key || !text(source[key])) return undefined;
  const title = text(source.title) ?? text(source.filename) ?? text(source.url) ?? '';
  return { ...source, title } as unknown as Source;
}

function list(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'object' && entry !== null) : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
