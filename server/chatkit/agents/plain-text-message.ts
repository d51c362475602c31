import type { Annotation, AssistantMessageItem } from '../../../protocol/item.ts';
import type { BridgeContext } from './agent-context.ts';
import type { ResponseCitation, ResponseStreamConverter } from './response-stream-converter.ts';

interface OpenMessage {
  id: string;
  text: string;
  annotations: Annotation[];
  /** Citations taken, as JSON: some endpoints send all of them with each chunk. */
  cited: Set<string>;
}

/** The events of one assistant message after the other, made from bare text deltas. */
export class PlainTextMessage {
  readonly #context: BridgeContext;
  readonly #converter: ResponseStreamConverter;
  #open: OpenMessage | undefined;

  constructor(context: BridgeContext, converter: ResponseStreamConverter) {
    this.#context = context;
    this.#converter = converter;
  }

  delta(delta: string): void {
    this.#open ??= this.#begin();
    this.#open.text += delta;
    this.#context.queue.push({
      type: 'thread.item.updated',
      item_id: this.#open.id,
      update: { type: 'assistant_message.content_part.text_delta', content_index: 0, delta },
    });
  }

  /** A citation may come with the first word and before it. */
  cite(citation: ResponseCitation): void {
    this.#open ??= this.#begin();
    const message = this.#open;
    const key = JSON.stringify(citation);
    if (message.cited.has(key)) return;
    message.cited.add(key);
    this.#context.queue.push(async () => {
      const annotation = await this.#converter.toAnnotation(citation);
      if (!annotation) return undefined;
      const annotation_index = message.annotations.push(annotation) - 1;
      return {
        type: 'thread.item.updated',
        item_id: message.id,
        update: {
          type: 'assistant_message.content_part.annotation_added',
          content_index: 0,
          annotation_index,
          annotation,
        },
      };
    });
  }

  /** Ends the message. One of which no delta came is said now, as a whole: `text`. */
  end(text: string): void {
    if (!this.#open && text !== '') this.delta(text);
    const message = this.#open;
    if (!message) return;
    this.#open = undefined;
    this.#context.queue.push({
      type: 'thread.item.updated',
      item_id: message.id,
      update: {
        type: 'assistant_message.content_part.done',
        content_index: 0,
        content: { type: 'output_text', text: message.text, annotations: [] },
      },
    });
    // Later than the annotations, which may have to wait for their converter.
    this.#context.queue.push(async () => ({
      type: 'thread.item.done',
      item: this.#toItem(message.id, [{ type: 'output_text', text: message.text, annotations: message.annotations }]),
    }));
  }

  #begin(): OpenMessage {
    // Chat-completions endpoints give no id, or the same one to every message.
    const id = this.#context.generateId('message');
    this.#context.stream({ type: 'thread.item.added', item: this.#toItem(id, []) });
    this.#context.queue.push({
      type: 'thread.item.updated',
      item_id: id,
      update: {
        type: 'assistant_message.content_part.added',
        content_index: 0,
        content: { type: 'output_text', text: '', annotations: [] },
      },
    });
    return { id, text: '', annotations: [], cited: new Set() };
  }

  #toItem(id: string, content: AssistantMessageItem['content']): AssistantMessageItem {
    return {
      id,
      thread_id: this.#context.thread.id,
      created_at: this.#context.now().toISOString(),
      type: 'assistant_message',
      content,
    };
  }
}
