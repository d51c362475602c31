import type { CommandsOption, EntitiesOption } from '@openai/chatkit';
import { record } from './record.ts';

export interface SuggestionOptions {
  /** What "@" looks up, and whether a button stands for the sign. */
  mentions: { search: NonNullable<EntitiesOption['onTagSearch']>; button: boolean } | undefined;
  /** What "/" opens; without functions of the host's, the composer's own actions. */
  commands: Partial<Pick<CommandsOption, 'onSearch' | 'onSelect'>> | undefined;
}

/** What a host gave as `entities` and `commands`, as far as it is for the composer. */
export function readSuggestionOptions({ entities, commands }: Record<string, unknown>): SuggestionOptions {
  const { onTagSearch, showComposerMenu } = record(entities);
  const { enabled, ...functions } = record(commands);
  const callable = Object.entries(functions).filter(([, value]) => typeof value === 'function');
  return {
    mentions:
      typeof onTagSearch === 'function'
        ? { search: onTagSearch as NonNullable<EntitiesOption['onTagSearch']>, button: showComposerMenu === true }
        : undefined,
    commands: enabled === true ? Object.fromEntries(callable) : undefined,
  };
}
