import { type Model, OpenAIResponsesModel } from '@openai/agents';
import OpenAI from 'openai';
import { createChatCompletionsModel } from './chat-completions-model.ts';
import { PlainClient } from './plain-client.ts';
import { withLimits } from './with-limits.ts';

export type ModelApi = 'responses' | 'chat_completions';

/** A model behind either API, with a client of its own: nothing global, so two models can live side by side. */
export function createOpenAIModel(options: {
  api: ModelApi;
  apiKey: string;
  baseUrl: string | undefined;
  model: string;
}): Model {
  const settings = {
    apiKey: options.apiKey,
    // Explicit, because the client would otherwise read it, the organisation and the project from the environment.
    baseURL: options.baseUrl ?? 'https://api.openai.com/v1',
    organization: null,
    project: null,
    // `withLimits` retries: it also knows a stream that broke before its first token.
    maxRetries: 0,
  };
  return withLimits(
    options.api === 'responses'
      ? new OpenAIResponsesModel(new OpenAI(settings), options.model)
      : createChatCompletionsModel(new PlainClient(settings), options.model),
  );
}
