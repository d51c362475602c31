import type { Model } from '@openai/agents';
import { BuiltInModel } from './builtin/built-in-model.ts';
import type { Endpoint } from './client-options.ts';
import { createOpenAIModel, type ModelApi } from './openai-model.ts';

export interface ModelConfig extends Endpoint {
  model?: string | undefined;
  /** `responses` without it. */
  modelApi?: ModelApi | undefined;
}

export interface ChosenModel {
  model: Model;
  /** Present when the model can write a title. */
  titleModel?: Model;
  /** Another model of the same endpoint, by its name there. Absent when there are no others. */
  named?: (name: string) => Model;
  /** For the operator, at start: which model answers. */
  description: string;
}

const DEFAULT_MODEL = 'gpt-5-mini';
const API_NAMES: Record<ModelApi, string> = { responses: 'Responses API', chat_completions: 'Chat Completions API' };

/** OpenAI or a compatible endpoint when there is a key or a base URL, else the model that is built in. */
export function createModel(config: ModelConfig): ChosenModel {
  const { openaiApiKey, openaiBaseUrl, modelApi: api = 'responses' } = config;
  if (openaiApiKey === undefined && openaiBaseUrl === undefined)
    return { model: new BuiltInModel(), description: 'the built-in model, which answers by quoting the page' };
  const name = config.model ?? DEFAULT_MODEL;
  const models = new Map<string, Model>();
  const named = (wanted: string): Model => {
    const model = models.get(wanted) ?? createOpenAIModel(config, api, wanted);
    models.set(wanted, model);
    return model;
  };
  const model = named(name);
  const host = openaiBaseUrl === undefined ? 'OpenAI' : new URL(openaiBaseUrl).host;
  return { model, titleModel: model, named, description: `${name} at ${host}, ${API_NAMES[api]}` };
}
