import {
  type AgentOutputItem,
  type Model,
  type ModelRequest,
  OpenAIChatCompletionsModel,
  type StreamEvent,
} from '@openai/agents';
import type OpenAI from 'openai';

/**
 * The Chat Completions model of the SDK, held to what the SDK takes on trust from this API: an answer has a reason to
 * end, or its connection broke; and every tool call has an id of its own.
 */
export function createChatCompletionsModel(client: OpenAI, name: string): Model {
  const model = new OpenAIChatCompletionsModel(client, name);
  return {
    getResponse: (request) => model.getResponse(request),
    getStreamedResponse: (request) => stream(model, request),
  };
}

/** Ends without a `response_done` when the endpoint gave no `finish_reason`: the SDK makes one at any end, an abort too. */
async function* stream(model: Model, request: ModelRequest): AsyncGenerator<StreamEvent> {
  let isFinished = false;
  for await (const event of model.getStreamedResponse(request)) {
    if (event.type === 'model') isFinished ||= hasFinishReason(event.event);
    if (event.type === 'response_done') {
      if (!isFinished) return;
      giveCallIds(event.response.output, request.input);
    }
    yield event;
  }
}

function hasFinishReason(chunk: { choices?: { finish_reason?: string | null }[] }): boolean {
  return chunk.choices?.some(({ finish_reason }) => Boolean(finish_reason)) ?? false;
}

/** Endpoints give calls no id, or count from 0 in every round: an output would then go to the call of another. */
function giveCallIds(output: AgentOutputItem[], input: ModelRequest['input']): void {
  const used = new Set<string>();
  if (typeof input !== 'string') for (const item of input) if (item.type === 'function_call') used.add(item.callId);
  for (const item of output) {
    if (item.type !== 'function_call') continue;
    if (item.callId === '' || used.has(item.callId)) item.callId = `call_${crypto.randomUUID().replaceAll('-', '')}`;
    used.add(item.callId);
  }
}
