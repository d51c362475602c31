import type { RunStreamEvent } from '@openai/agents';
import type { ThreadStreamEvent } from '../../protocol/event.ts';
import type { AgentContext } from './agent-context.ts';
import { AssistantMessageStream } from './assistant-message-stream.ts';
import { toModelFailure } from './model-failure.ts';
import { type ResponseStreamEvent, ResponsesEvents } from './responses-events.ts';

/**
 * Turns the events of a run of `@openai/agents` into thread events: assistant messages with their parts, text and
 * annotations (PROTOCOL.md §4.2, §4.6). A Responses model sends every text delta twice, normalised and raw: only the
 * raw one counts. Models without raw Responses events get their item and part events made here.
 *
 * Ends where the run ends; an aborted run leaves its last message without a `done`. Throws what the run
 * throws; a failure of the model as a `CustomStreamError` that a visitor understands.
 */
export async function* streamAgentResponse(
  context: AgentContext,
  run: AsyncIterable<RunStreamEvent>,
): AsyncGenerator<ThreadStreamEvent> {
  const message = new AssistantMessageStream(context);
  const responses = new ResponsesEvents(context);
  try {
    for await (const event of run) {
      if (event.type !== 'raw_model_stream_event') continue;
      const { data } = event;
      switch (data.type) {
        case 'model':
          if (isResponsesEvent(data.event)) yield* responses.take(data.event);
          break;
        case 'output_text_delta':
          if (!isEchoOfRaw(data.providerData)) yield* message.delta(data.delta);
          break;
        case 'response_done':
          yield* message.done();
          break;
        case 'response_started':
          break;
      }
    }
  } catch (error) {
    throw toModelFailure(error);
  }
}

/** The Responses model keeps the raw event beside its own, which the raw event itself then follows. */
function isEchoOfRaw(providerData: Record<string, unknown> | undefined): boolean {
  return providerData?.type === 'response.output_text.delta';
}

/** Chat-completions endpoints send their chunks as raw events too; those have no type. */
function isResponsesEvent(event: unknown): event is ResponseStreamEvent {
  const type = (event as { type?: unknown } | null)?.type;
  return typeof type === 'string' && type.startsWith('response.');
}
