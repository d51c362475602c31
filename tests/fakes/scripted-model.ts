import type { Model, ModelRequest, StreamEvent } from '@openai/agents';

/** What the model does at one step: says this, or calls these tools with this JSON. */
export type ModelStep = string | { name: string; arguments: string }[];

/** A model that does as it is told, and keeps what it was sent: for runs of thousands, which no endpoint need see. */
export function createScriptedModel(next: (step: number, request: ModelRequest) => ModelStep) {
  const requests: ModelRequest[] = [];
  const model: Model = {
    getResponse: () => Promise.reject(new Error('these runs stream')),
    async *getStreamedResponse(request): AsyncGenerator<StreamEvent> {
      const { signal: _, ...sent } = request;
      requests.push(structuredClone(sent) as ModelRequest);
      const step = next(requests.length, request);
      const id = `response-${requests.length}`;
      yield { type: 'response_started' };
      if (typeof step === 'string') yield { type: 'output_text_delta', delta: step };
      yield {
        type: 'response_done',
        response: {
          id,
          usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 },
          output:
            typeof step === 'string'
              ? [
                  {
                    type: 'message',
                    role: 'assistant',
                    status: 'completed',
                    content: [{ type: 'output_text', text: step }],
                  },
                ]
              : step.map(({ name, arguments: args }, n) => ({
                  type: 'function_call' as const,
                  callId: `${id}-${n}`,
                  status: 'completed' as const,
                  name,
                  arguments: args,
                })),
        },
      };
    },
  };
  return { model, requests };
}
