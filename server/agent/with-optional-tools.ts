import type { Model, ModelRequest, StreamEvent } from '@openai/agents';

/**
 * The model, asked without tools once its endpoint has refused a request for having them, as servers of small local
 * models do: an answer without tools is better than none. The first refusal is mended on the spot.
 */
export function withOptionalTools(model: Model): Model {
  let takesTools = true;
  const plain = (request: ModelRequest): ModelRequest => (takesTools ? request : { ...request, tools: [] });

  async function* stream(request: ModelRequest): AsyncGenerator<StreamEvent> {
    try {
      yield* model.getStreamedResponse(plain(request));
    } catch (error) {
      if (request.tools.length === 0 || !refusesTools(error)) throw error;
      takesTools = false;
      yield* model.getStreamedResponse(plain(request));
    }
  }

  return { getResponse: (request) => model.getResponse(plain(request)), getStreamedResponse: stream };
}

/** There is no code for it: Ollama says 400, vLLM 400, llama.cpp 500, strict schemas 422, and each in its own words. */
function refusesTools(error: unknown): boolean {
  const { status, message } = error as { status?: unknown; message?: unknown };
  return typeof status === 'number' && typeof message === 'string' && /\btools?\b|function call/i.test(message);
}
