import { modelInUse } from '../composer-choices.ts';
import type { ComposerPart } from './composer-part.ts';
import type { Suggestion } from './suggestion.ts';
import { typeSign } from './type-sign.ts';

/** What the composer can do itself, as rows below "/". */
export function ownCommands(part: ComposerPart): Suggestion[] {
  const { state, chat, settings, strings, input, onAttach, onDictate } = part;
  const { tools, models } = settings.choices;
  const inUse = modelInUse(models, state.modelId);
  const rows: Suggestion[] = [];
  if (onAttach) rows.push({ kind: 'action', id: ' attach', label: strings.attach, icon: 'document', run: onAttach });
  if (onDictate) rows.push({ kind: 'action', id: ' dictate', label: strings.dictate, icon: 'write', run: onDictate });
  if (settings.mentions)
    rows.push({
      kind: 'action',
      id: ' mention',
      label: strings.mention,
      icon: 'user',
      run: () => typeSign(input.current, '@'),
    });
  if (models.length > 0)
    rows.push({
      kind: 'menu',
      id: ' model',
      label: strings.model,
      description: inUse?.label,
      icon: 'settings-slider',
      rows: models.map(({ id, label, description, disabled }) => ({
        kind: 'action',
        id,
        label,
        description,
        disabled,
        checked: id === inUse?.id,
        run: () => chat.selectModel(id),
      })),
    });
  for (const { id, label, icon } of tools)
    rows.push({
      kind: 'action',
      id,
      label,
      icon,
      group: strings.tools,
      checked: id === state.toolId,
      run: () => chat.selectTool(id === state.toolId ? null : id),
    });
  return rows;
}
