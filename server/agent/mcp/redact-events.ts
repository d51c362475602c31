import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import { Redactor, redact } from './redactor.ts';

/**
 * The same events without credentials, before anybody sees or stores them: what a model streams word by word through a
 * `Redactor` of its own for each part of a message, every other text of an event as a whole.
 */
export async function* redactEvents(
  events: AsyncIterable<ThreadStreamEvent>,
  secrets: string[],
): AsyncGenerator<ThreadStreamEvent> {
  const parts = new Map<string, Redactor>();
  const partOf = (key: string): Redactor => {
    const part = parts.get(key) ?? new Redactor(secrets);
    parts.set(key, part);
    return part;
  };
  const withoutSecrets = (text: string): string => redact(text, secrets);

  for await (const event of events) {
    if (event.type !== 'thread.item.updated') {
      yield mapTexts(event, withoutSecrets);
      continue;
    }
    const { item_id, update } = event;
    const delta = (text: string): ThreadStreamEvent[] =>
      text === '' || !('content_index' in update)
        ? []
        : [
            {
              type: 'thread.item.updated',
              item_id,
              update: {
                type: 'assistant_message.content_part.text_delta',
                content_index: update.content_index,
                delta: text,
              },
            },
          ];
    if (update.type === 'assistant_message.content_part.text_delta') {
      yield* delta(partOf(`${item_id}/${update.content_index}`).push(update.delta));
      continue;
    }
    if (update.type === 'assistant_message.content_part.done')
      yield* delta(partOf(`${item_id}/${update.content_index}`).flush());
    yield mapTexts(event, withoutSecrets);
  }
}

function mapTexts<T>(value: T, change: (text: string) => string): T;
function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((part: unknown) => mapTexts(part, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [change(name), mapTexts(part, change)]));
}
