import type { ThreadItemUpdate } from '../../../protocol/event.ts';
import type { AssistantMessageContent, AssistantMessageItem, GeneratedImageItem } from '../../../protocol/item.ts';
import type { BridgeContext } from './agent-context.ts';
import { ItemIds } from './item-ids.ts';
import { ReasoningWorkflow } from './reasoning-workflow.ts';
import type {
  ResponseCitation,
  ResponseMessage,
  ResponseStreamConverter,
  ResponseStreamEvent,
} from './response-stream-converter.ts';

/** Raw events of the Responses API, one after the other, into the queue. Types it does not know give nothing. */
export class ResponsesEvents {
  readonly #context: BridgeContext;
  readonly #converter: ResponseStreamConverter;
  /** Whether a refusal streams. */
  readonly #refusals: boolean;
  readonly #reasoning: ReasoningWorkflow;
  readonly #ids: ItemIds;
  /** Items of images that were begun, by the id of their call. */
  readonly #images = new Map<string, GeneratedImageItem>();
  /** How many annotations a part has: the endpoint's own counter has gaps where one was dropped. */
  readonly #annotationCounts = new Map<string, number>();

  constructor(context: BridgeContext, converter: ResponseStreamConverter, refusals: boolean) {
    this.#refusals = refusals;
    this.#context = context;
    this.#converter = converter;
    this.#reasoning = new ReasoningWorkflow(context);
    this.#ids = new ItemIds(() => context.generateId('message'));
  }

  take(event: ResponseStreamEvent): void {
    switch (event.type) {
      case 'response.output_text.delta':
        return this.#addText(event);
      case 'response.refusal.delta':
        if (this.#refusals) this.#addText(event);
        return;
      case 'response.output_item.added':
        if (event.item.type === 'message') this.#beginMessage(event.item, event.output_index);
        else if (event.item.type === 'reasoning') this.#reasoning.begin();
        else if (event.item.type === 'image_generation_call') this.#beginImage(event.item.id);
        return;
      case 'response.output_item.done':
        if (event.item.type === 'message') this.#endMessage(event.item, event.output_index);
        else if (event.item.type === 'image_generation_call') this.#endImage(event.item);
        return;
      case 'response.content_part.added':
        return this.#addPart(event);
      case 'response.output_text.annotation.added':
        return this.#addAnnotation(event);
      case 'response.output_text.done':
        return this.#endPart(event, event.text);
      case 'response.refusal.done':
        if (this.#refusals) this.#endPart(event, event.refusal);
        return;
      case 'response.reasoning_summary_text.delta':
        return this.#reasoning.delta(event);
      case 'response.reasoning_summary_text.done':
        return this.#reasoning.done(event);
      case 'response.image_generation_call.partial_image':
        return this.#showPartialImage(event.item_id, event.partial_image_b64, event.partial_image_index);
      default:
        return;
    }
  }

  #beginMessage(message: ResponseMessage, outputIndex: number): void {
    const id = this.#ids.begin(message.id, outputIndex);
    this.#context.endWorkflow();
    this.#context.queue.push(async () => ({ type: 'thread.item.added', item: await this.#toItem(id, message) }));
  }

  #endMessage(message: ResponseMessage, outputIndex: number): void {
    const id = this.#ids.of(message.id, outputIndex);
    this.#context.queue.push(async () => ({ type: 'thread.item.done', item: await this.#toItem(id, message) }));
  }

  #addPart({ part, ...event }: Extract<ResponseStreamEvent, { type: 'response.content_part.added' }>): void {
    if (part.type === 'reasoning_text') return;
    const item_id = this.#ids.of(event.item_id, event.output_index);
    this.#context.queue.push(async () => ({
      type: 'thread.item.updated',
      item_id,
      update: {
        type: 'assistant_message.content_part.added',
        content_index: event.content_index,
        content: await this.#toContent(part),
      },
    }));
  }

  #addText(event: { item_id: string; output_index: number; content_index: number; delta: string }): void {
    const { content_index, delta } = event;
    this.#update(event, { type: 'assistant_message.content_part.text_delta', content_index, delta });
  }

  #endPart(event: { item_id: string; output_index: number; content_index: number }, text: string): void {
    this.#update(event, {
      type: 'assistant_message.content_part.done',
      content_index: event.content_index,
      content: { type: 'output_text', text, annotations: [] },
    });
  }

  #addAnnotation(event: Extract<ResponseStreamEvent, { type: 'response.output_text.annotation.added' }>): void {
    const { content_index } = event;
    const item_id = this.#ids.of(event.item_id, event.output_index);
    this.#context.queue.push(async () => {
      const annotation = await this.#converter.toAnnotation(event.annotation as ResponseCitation);
      if (!annotation) return undefined;
      const part = `${item_id}/${content_index}`;
      const annotation_index = this.#annotationCounts.get(part) ?? 0;
      this.#annotationCounts.set(part, annotation_index + 1);
      return {
        type: 'thread.item.updated',
        item_id,
        update: {
          type: 'assistant_message.content_part.annotation_added',
          content_index,
          annotation_index,
          annotation,
        },
      };
    });
  }

  #beginImage(callId: string): GeneratedImageItem {
    const item: GeneratedImageItem = {
      ...this.#itemBase(this.#context.generateId('message')),
      type: 'generated_image',
    };
    this.#images.set(callId, item);
    this.#context.queue.push({ type: 'thread.item.added', item });
    return item;
  }

  #showPartialImage(callId: string, base64: string, index: number): void {
    const item = this.#images.get(callId);
    if (!item) return;
    this.#context.queue.push(async () => ({
      type: 'thread.item.updated',
      item_id: item.id,
      update: {
        type: 'generated_image.updated',
        image: { id: callId, url: await this.#converter.base64ImageToUrl(callId, base64, index) },
        progress: this.#converter.toProgress(index),
      },
    }));
  }

  #endImage({ id, result }: { id: string; result: string | null }): void {
    if (!result) return;
    const item = this.#images.get(id) ?? this.#beginImage(id);
    this.#context.queue.push(async () => ({
      type: 'thread.item.done',
      item: { ...item, image: { id, url: await this.#converter.base64ImageToUrl(id, result) } },
    }));
  }

  #update(event: { item_id: string; output_index: number }, update: ThreadItemUpdate): void {
    this.#context.queue.push({
      type: 'thread.item.updated',
      item_id: this.#ids.of(event.item_id, event.output_index),
      update,
    });
  }

  async #toItem(id: string, message: ResponseMessage): Promise<AssistantMessageItem> {
    const content = await Promise.all(message.content.map((part) => this.#toContent(part)));
    return { ...this.#itemBase(id), type: 'assistant_message', content };
  }

  async #toContent(part: ResponseMessage['content'][number]): Promise<AssistantMessageContent> {
    if (part.type === 'refusal') return { type: 'output_text', text: part.refusal, annotations: [] };
    const annotations = await Promise.all(part.annotations.map((citation) => this.#converter.toAnnotation(citation)));
    return {
      type: 'output_text',
      text: part.text,
      annotations: annotations.filter((annotation) => annotation !== undefined),
    };
  }

  #itemBase(id: string) {
    return { id, thread_id: this.#context.thread.id, created_at: this.#context.now().toISOString() };
  }
}
