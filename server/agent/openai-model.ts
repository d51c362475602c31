import { type Model, OpenAIResponsesModel } from '@openai/agents';
import OpenAI from 'openai';
import { createChatCompletionsModel } from './chat-completions-model.ts';
import { clientOptions, type Endpoint } from './client-options.ts';
import { PlainClient } from './plain-client.ts';
import { withLimits } from './with-limits.ts';
import { withOptionalTools } from './with-optional-tools.ts';

export type ModelApi = 'responses' | 'chat_completions';

/** A model behind either API, with a client of its own. */
export function createOpenAIModel(endpoint: Endpoint, api: ModelApi, name: string): Model {
  const options = clientOptions(endpoint);
  const model =
    api === 'responses'
      ? new OpenAIResponsesModel(new OpenAI(options), name)
      : createChatCompletionsModel(new PlainClient(options), name);
  return withLimits(withOptionalTools(model));
}
