import { expect, test } from 'vitest';
import { createModel, type ModelConfig } from '../../../server/agent/create-model.ts';

test.each<[ModelConfig, string]>([
  [{}, 'the built-in model, which answers by quoting the page'],
  [{ modelApi: 'chat_completions', model: 'llama' }, 'the built-in model, which answers by quoting the page'],
  [{ openaiApiKey: 'sk-1' }, 'gpt-5-mini at OpenAI, Responses API'],
  [
    { openaiBaseUrl: 'http://localhost:11434/v1', model: 'llama', modelApi: 'chat_completions' },
    'llama at localhost:11434, Chat Completions API',
  ],
])('%j is told to the operator as %j', (config, description) => {
  expect(createModel(config).description).toBe(description);
});
