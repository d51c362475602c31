import type { Model, ModelRequest, StreamEvent } from '@openai/agents';

/** How often a model may correct a call that was none. */
const MAX_CORRECTIONS = 2;

/**
 * The model, for one answer, asked no more once it has got its calls wrong too often: with a name that no tool has, or
 * arguments that are no JSON object. The run ends as if the model had nothing more to say, after `onEnd`.
 */
export function withCorrections(model: Model, onEnd: () => void): Model {
  async function* stream(request: ModelRequest): AsyncGenerator<StreamEvent> {
    if (countMistakes(request) <= MAX_CORRECTIONS) {
      yield* model.getStreamedResponse(request);
      return;
    }
    onEnd();
    yield { type: 'response_started' };
    yield { type: 'response_done', response: { id: '', usage: NO_USAGE, output: [SILENCE] } };
  }
  return { getResponse: (request) => model.getResponse(request), getStreamedResponse: stream };
}

const NO_USAGE = { inputTokens: 0, outputTokens: 0, totalTokens: 0 };
const SILENCE = {
  type: 'message' as const,
  role: 'assistant' as const,
  status: 'completed' as const,
  content: [{ type: 'output_text' as const, text: '' }],
};

function countMistakes({ input, tools }: ModelRequest): number {
  if (typeof input === 'string') return 0;
  const names = new Set(tools.map(({ name }) => name));
  return input.filter(
    (item) => item.type === 'function_call' && (!names.has(item.name) || !isJsonObject(item.arguments)),
  ).length;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
