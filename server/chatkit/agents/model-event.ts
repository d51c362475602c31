import type { RunStreamEvent } from '@openai/agents';
import type { ResponseStreamEvent } from './response-stream-converter.ts';

/** What a model says while it streams: normalised events, and those of its endpoint as they came. */
export type ModelEvent = Extract<RunStreamEvent, { type: 'raw_model_stream_event' }>['data'];

/** Chat-completions endpoints send their chunks as raw events too; those have no type. */
export function isResponsesEvent(event: unknown): event is ResponseStreamEvent {
  const type = (event as { type?: unknown } | null)?.type;
  return typeof type === 'string' && type.startsWith('response.');
}

/** The Responses model sends each text delta twice: its own event keeps the raw one beside it, which then follows. */
export function isEchoOfRaw(event: Extract<ModelEvent, { type: 'output_text_delta' }>): boolean {
  const providerData: Record<string, unknown> | undefined = event.providerData;
  return providerData?.type === 'response.output_text.delta';
}
