import type { ThreadStreamEvent } from '../../protocol/event.ts';
import type { AgentContext } from './agent-context.ts';
import { createId } from './ids.ts';

/** The events of one assistant message after the other, made from bare text deltas. */
export class AssistantMessageStream {
  readonly #context: AgentContext;
  #id: string | undefined;
  #createdAt = '';
  #text = '';

  constructor(context: AgentContext) {
    this.#context = context;
  }

  *delta(delta: string): Generator<ThreadStreamEvent> {
    if (this.#id === undefined) {
      // Chat-completions endpoints give no id, or the same one to every message.
      this.#id = createId('message');
      this.#createdAt = this.#context.now().toISOString();
      this.#text = '';
      yield { type: 'thread.item.added', item: this.#item(this.#id, false) };
      yield {
        type: 'thread.item.updated',
        item_id: this.#id,
        update: {
          type: 'assistant_message.content_part.added',
          content_index: 0,
          content: { type: 'output_text', text: '', annotations: [] },
        },
      };
    }
    this.#text += delta;
    yield {
      type: 'thread.item.updated',
      item_id: this.#id,
      update: { type: 'assistant_message.content_part.text_delta', content_index: 0, delta },
    };
  }

  /** Ends the message that is open, if any. */
  *done(): Generator<ThreadStreamEvent> {
    const id = this.#id;
    if (id === undefined) return;
    this.#id = undefined;
    yield {
      type: 'thread.item.updated',
      item_id: id,
      update: {
        type: 'assistant_message.content_part.done',
        content_index: 0,
        content: { type: 'output_text', text: this.#text, annotations: [] },
      },
    };
    this.#createdAt = this.#context.now().toISOString();
    yield { type: 'thread.item.done', item: this.#item(id, true) };
  }

  #item(id: string, withText: boolean): Extract<ThreadStreamEvent, { type: 'thread.item.done' }>['item'] {
    return {
      id,
      thread_id: this.#context.thread.id,
      created_at: this.#createdAt,
      type: 'assistant_message',
      content: withText ? [{ type: 'output_text', text: this.#text, annotations: [] }] : [],
    };
  }
}
