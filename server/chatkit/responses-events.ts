import type { OpenAIResponsesRawModelStreamEvent } from '@openai/agents';
import type { ThreadItemUpdate, ThreadStreamEvent } from '../../protocol/event.ts';
import type { Annotation, AssistantMessageContent, AssistantMessageItem } from '../../protocol/item.ts';
import type { AgentContext } from './agent-context.ts';
import { createId } from './ids.ts';

/** An event of the Responses API as it came. */
export type ResponseStreamEvent = OpenAIResponsesRawModelStreamEvent['data']['event'];
type ResponseOutputMessage = Extract<
  Extract<ResponseStreamEvent, { type: 'response.output_item.added' }>['item'],
  { type: 'message' }
>;

/** Raw events of the Responses API, one after the other, as thread events. Types it does not know give nothing. */
export class ResponsesEvents {
  readonly #context: AgentContext;
  /** Ids we made, by output index, for endpoints that send none or a constant. */
  readonly #madeIds = new Map<number, string>();
  /** How many annotations a part has: the endpoint's own counter has gaps where one was dropped. */
  readonly #annotationCounts = new Map<string, number>();

  constructor(context: AgentContext) {
    this.#context = context;
  }

  *take(event: ResponseStreamEvent): Generator<ThreadStreamEvent> {
    switch (event.type) {
      case 'response.output_item.added':
        if (event.item.type === 'message')
          yield { type: 'thread.item.added', item: this.#toItem(event.item, event.output_index) };
        break;
      case 'response.output_item.done':
        if (event.item.type === 'message')
          yield { type: 'thread.item.done', item: this.#toItem(event.item, event.output_index) };
        break;
      case 'response.content_part.added':
        if (event.part.type !== 'reasoning_text')
          yield this.#update(event, {
            type: 'assistant_message.content_part.added',
            content_index: event.content_index,
            content: toContent(event.part),
          });
        break;
      case 'response.output_text.delta':
        yield this.#update(event, {
          type: 'assistant_message.content_part.text_delta',
          content_index: event.content_index,
          delta: event.delta,
        });
        break;
      case 'response.output_text.annotation.added': {
        const annotation = toAnnotation(event.annotation);
        if (!annotation) break;
        const part = `${this.#idOf(event.item_id, event.output_index)}/${event.content_index}`;
        const count = this.#annotationCounts.get(part) ?? 0;
        this.#annotationCounts.set(part, count + 1);
        yield this.#update(event, {
          type: 'assistant_message.content_part.annotation_added',
          content_index: event.content_index,
          annotation_index: count,
          annotation,
        });
        break;
      }
      case 'response.output_text.done':
        yield this.#update(event, {
          type: 'assistant_message.content_part.done',
          content_index: event.content_index,
          content: { type: 'output_text', text: event.text, annotations: [] },
        });
        break;
      default:
        break;
    }
  }

  #update(event: { item_id: string; output_index: number }, update: ThreadItemUpdate): ThreadStreamEvent {
    return { type: 'thread.item.updated', item_id: this.#idOf(event.item_id, event.output_index), update };
  }

  #toItem(message: ResponseOutputMessage, outputIndex: number): AssistantMessageItem {
    return {
      id: this.#idOf(message.id, outputIndex),
      thread_id: this.#context.thread.id,
      created_at: this.#context.now().toISOString(),
      type: 'assistant_message',
      content: message.content.map(toContent),
    };
  }

  #idOf(id: string | undefined, outputIndex: number): string {
    if (id && !CONSTANT_IDS.has(id)) return id;
    const made = this.#madeIds.get(outputIndex) ?? createId('message');
    this.#madeIds.set(outputIndex, made);
    return made;
  }
}

/** What adapters of other endpoints put where an id belongs. */
const CONSTANT_IDS = new Set(['__fake_id__', 'FAKE_ID']);

type RawPart = ResponseOutputMessage['content'][number];
type RawAnnotation = Extract<RawPart, { type: 'output_text' }>['annotations'][number];

function toContent(part: RawPart): AssistantMessageContent {
  if (part.type === 'refusal') return { type: 'output_text', text: part.refusal, annotations: [] };
  const annotations = part.annotations.map(toAnnotation).filter((annotation) => annotation !== undefined);
  return { type: 'output_text', text: part.text, annotations };
}

function toAnnotation(raw: RawAnnotation | null): Annotation | undefined {
  switch (raw?.type) {
    case 'file_citation':
      return raw.filename ? toFileAnnotation(raw.filename, raw.index) : undefined;
    case 'container_file_citation':
      return raw.filename ? toFileAnnotation(raw.filename, raw.end_index) : undefined;
    case 'url_citation':
      return {
        type: 'annotation',
        source: { type: 'url', title: raw.title, url: raw.url },
        index: raw.end_index,
      };
    default:
      return undefined;
  }
}

function toFileAnnotation(filename: string, index: number): Annotation {
  return { type: 'annotation', source: { type: 'file', title: filename, filename }, index };
}
