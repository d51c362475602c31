import { type Model, OpenAIResponsesModel } from '@openai/agents';
import OpenAI from 'openai';
import { withLimits } from './with-limits.ts';

/** A model behind the Responses API, with a client of its own: nothing global, so two models can live side by side. */
export function createOpenAIModel(options: { apiKey: string; baseUrl: string | undefined; model: string }): Model {
  const client = new OpenAI({
    apiKey: options.apiKey,
    // Explicit, because the client would otherwise read it, the organisation and the project from the environment.
    baseURL: options.baseUrl ?? 'https://api.openai.com/v1',
    organization: null,
    project: null,
    // `withLimits` retries: it also knows a stream that broke before its first token.
    maxRetries: 0,
  });
  return withLimits(new OpenAIResponsesModel(client, options.model));
}
