import type { RunStreamEvent } from '@openai/agents';
import type { BridgeContext } from './agent-context.ts';
import { readChunkExtras } from './chat-completion-chunk.ts';
import { isOwnId } from './item-ids.ts';
import { isEchoOfRaw, isResponsesEvent, type ModelEvent } from './model-event.ts';
import { PlainTextMessage } from './plain-text-message.ts';
import type { ResponseStreamConverter } from './response-stream-converter.ts';
import { ResponsesEvents } from './responses-events.ts';
import type { ToolTasks } from './tool-tasks.ts';

type ToolCall = Extract<RunStreamEvent, { type: 'run_item_stream_event' }>['item']['rawItem'];
type ModelOutput = Extract<ModelEvent, { type: 'response_done' }>['response']['output'];

/**
 * Events of a run, one after the other, into the queue. A Responses model sends every text delta twice, normalised and
 * raw: only the raw one counts. Models without raw Responses events get their item and part events made here.
 */
export class RunEvents {
  /** The newest call of a function: the one that a client tool call stands for. */
  functionCall: { id?: string; callId?: string } = {};
  readonly #context: BridgeContext;
  readonly #responses: ResponsesEvents;
  readonly #message: PlainTextMessage;
  readonly #tasks: ToolTasks;
  /** Whether the response that is being streamed comes as raw Responses events. */
  #isRaw = false;

  constructor(context: BridgeContext, converter: ResponseStreamConverter, tasks: ToolTasks, refusals: boolean) {
    this.#context = context;
    this.#tasks = tasks;
    this.#responses = new ResponsesEvents(context, converter, refusals);
    this.#message = new PlainTextMessage(context, converter);
  }

  take(event: RunStreamEvent): void {
    if (event.type === 'raw_model_stream_event') this.#takeModelEvent(event.data);
    if (event.type !== 'run_item_stream_event') return;
    if (event.name === 'tool_called') this.#noteCall(event.item.rawItem);
    this.#tasks.takeRunItem(event.item);
  }

  #takeModelEvent(data: ModelEvent): void {
    switch (data.type) {
      case 'model':
        if (isResponsesEvent(data.event)) {
          this.#isRaw = true;
          this.#responses.take(data.event);
          this.#tasks.takeResponsesEvent(data.event);
        } else this.#takeChunk(data.event);
        break;
      case 'output_text_delta':
        if (!isEchoOfRaw(data)) this.#message.delta(data.delta);
        break;
      case 'response_started':
        this.#isRaw = false;
        break;
      case 'response_done':
        if (!this.#isRaw) this.#message.end(textOf(data.response.output));
        break;
    }
  }

  #takeChunk(chunk: unknown): void {
    const extras = readChunkExtras(chunk);
    if (!extras) return;
    // That it thinks is shown, and for how long; the thoughts themselves are no summary made to be read.
    if (extras.isReasoning && !this.#context.workflowItem) this.#context.startWorkflow({ type: 'reasoning' });
    if (extras.refusal) this.#message.delta(extras.refusal);
    for (const citation of extras.citations) this.#message.cite(citation);
  }

  /** A hosted tool's call is none that a client could answer: the reference forgets the earlier one then, too. */
  #noteCall(call: ToolCall | undefined): void {
    this.functionCall = {};
    if (call?.type !== 'function_call') return;
    if (isOwnId(call.id)) this.functionCall.id = call.id;
    if (isOwnId(call.callId)) this.functionCall.callId = call.callId;
  }
}

/** What the model says in a finished response. */
function textOf(output: ModelOutput): string {
  return output
    .flatMap((item) => (item.type === 'message' && Array.isArray(item.content) ? item.content : []))
    .map((part) => (part.type === 'output_text' ? part.text : part.type === 'refusal' ? part.refusal : ''))
    .join('');
}
