import type { ThreadStreamEvent } from '../../protocol/event.ts';
import type { Annotation, AssistantMessageContent, AssistantMessageItem } from '../../protocol/item.ts';
import { CitationScanner, type Scanned } from './citation-scanner.ts';

/**
 * Turns the `[n]` that a model writes into annotations: the marker leaves the text, and `sourceOf(n)` is announced at
 * its place; a number without a source leaves without a trace. The item's end carries the same annotations, so what is
 * stored equals what was shown. Works on any model's stream, because it looks at events, not at models.
 */
export async function* cite(
  events: AsyncIterable<ThreadStreamEvent>,
  sourceOf: (n: number) => Annotation['source'] | undefined,
): AsyncGenerator<ThreadStreamEvent> {
  const parts = new Map<string, { scanner: CitationScanner; annotations: number }>();
  const partOf = (itemId: string, index: number) => {
    const key = `${itemId}/${index}`;
    const part = parts.get(key) ?? { scanner: new CitationScanner(), annotations: 0 };
    parts.set(key, part);
    return part;
  };

  function toAnnotations({ markers }: Scanned): Annotation[] {
    return markers.flatMap(({ n, index }) => {
      const source = sourceOf(n);
      return source ? [{ type: 'annotation', source, index }] : [];
    });
  }

  function* announce(itemId: string, contentIndex: number, scanned: Scanned): Generator<ThreadStreamEvent> {
    if (scanned.text !== '')
      yield {
        type: 'thread.item.updated',
        item_id: itemId,
        update: {
          type: 'assistant_message.content_part.text_delta',
          content_index: contentIndex,
          delta: scanned.text,
        },
      };
    const part = partOf(itemId, contentIndex);
    for (const annotation of toAnnotations(scanned)) {
      yield {
        type: 'thread.item.updated',
        item_id: itemId,
        update: {
          type: 'assistant_message.content_part.annotation_added',
          content_index: contentIndex,
          annotation_index: part.annotations,
          annotation,
        },
      };
      part.annotations += 1;
    }
  }

  function toCited(content: AssistantMessageContent): AssistantMessageContent {
    const scanner = new CitationScanner();
    const [start, end] = [scanner.push(content.text), scanner.flush()];
    return {
      ...content,
      text: start.text + end.text,
      annotations: [...content.annotations, ...toAnnotations(start), ...toAnnotations(end)],
    };
  }

  for await (const event of events) {
    if (event.type === 'thread.item.done' && event.item.type === 'assistant_message') {
      const item: AssistantMessageItem = { ...event.item, content: event.item.content.map(toCited) };
      yield { ...event, item };
      continue;
    }
    if (event.type !== 'thread.item.updated') {
      yield event;
      continue;
    }
    const { item_id: itemId, update } = event;
    switch (update.type) {
      case 'assistant_message.content_part.text_delta':
        yield* announce(itemId, update.content_index, partOf(itemId, update.content_index).scanner.push(update.delta));
        break;
      case 'assistant_message.content_part.annotation_added': {
        const part = partOf(itemId, update.content_index);
        yield { ...event, update: { ...update, annotation_index: part.annotations } };
        part.annotations += 1;
        break;
      }
      case 'assistant_message.content_part.done':
        yield* announce(itemId, update.content_index, partOf(itemId, update.content_index).scanner.flush());
        yield { ...event, update: { ...update, content: toCited(update.content) } };
        break;
      default:
        yield event;
    }
  }
}
