import type { ResponseCitation } from './response-stream-converter.ts';

/** What a chunk of a chat completion says besides text and tool calls, which `@openai/agents` reads itself. */
export interface ChunkExtras {
  refusal: string;
  citations: ResponseCitation[];
  isReasoning: boolean;
}

/** Endpoints differ in all but the text: whatever has another shape than expected is passed over. */
export function readChunkExtras(chunk: unknown): ChunkExtras | undefined {
  const delta = deltaOf(chunk);
  if (!delta) return undefined;
  const { refusal, annotations, reasoning, reasoning_content } = delta;
  return {
    refusal: typeof refusal === 'string' ? refusal : '',
    citations: Array.isArray(annotations) ? annotations.flatMap(toCitation) : [],
    // OpenAI has none of it here; OpenRouter says the first, DeepSeek and vLLM the second.
    isReasoning: isText(reasoning) || isText(reasoning_content),
  };
}

function deltaOf(chunk: unknown): Record<string, unknown> | undefined {
  const { choices } = (chunk ?? {}) as { choices?: unknown };
  if (!Array.isArray(choices)) return undefined;
  const first = choices.find((choice: unknown) => isRecord(choice) && choice.index === 0) as
    | { delta?: unknown }
    | undefined;
  return isRecord(first?.delta) ? first.delta : undefined;
}

function toCitation(annotation: unknown): ResponseCitation[] {
  const citation = isRecord(annotation) ? annotation.url_citation : undefined;
  if (!isRecord(citation)) return [];
  const { url, title, start_index, end_index } = citation;
  if (typeof url !== 'string' || typeof start_index !== 'number' || typeof end_index !== 'number') return [];
  return [{ type: 'url_citation', url, title: isText(title) ? title : url, start_index, end_index }];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
