import type { ModelOption, ToolOption } from '@openai/chatkit';
import { record } from './record.ts';

/** What a message can be sent with: tools, of which one can be selected, and models, of which one always is. */
export interface ComposerChoices {
  tools: readonly ToolOption[];
  models: readonly ModelOption[];
}

/** What a host gave as `composer.tools` and `composer.models`: an entry without an id and a label is left out. */
export function readComposerChoices({ tools, models }: Record<string, unknown>): ComposerChoices {
  return { tools: labelled(tools) as ToolOption[], models: labelled(models) as ModelOption[] };
}

/** The picked model; or else the default one, or the first, of those that are not disabled. None without models. */
export function modelInUse(models: readonly ModelOption[], modelId: string | undefined): ModelOption | undefined {
  const enabled = models.filter(({ disabled }) => !disabled);
  return enabled.find(({ id }) => id === modelId) ?? enabled.find((model) => model.default) ?? enabled[0];
}

function labelled(value: unknown): unknown[] {
  if (!Array.isArray(value)) return [];
  return value.filter((entry) => {
    const { id, label } = record(entry);
    return typeof id === 'string' && typeof label === 'string';
  });
}
