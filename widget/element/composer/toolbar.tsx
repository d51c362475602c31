import { useLayoutEffect, useRef } from 'preact/hooks';
import { modelInUse } from '../composer-choices.ts';
import { NamedIcon } from '../icons/named-icon.tsx';
import css from '../styles/composer-extras.css?inline';
import { addSheet } from '../styles/sheets.ts';
import { Icon, Strokes } from '../view/icon.tsx';
import type { ComposerPart } from './composer-part.ts';
import { MenuButton } from './menu-button.tsx';
import { typeSign } from './type-sign.ts';

/** Of the row in the plus menu that opens the dialog for files: no tool of a host's has this id. */
const ATTACH = ' attach';

/** The row below the text: what can be added, the selected tool, the model, and a button for "@". */
export function Toolbar({
  state,
  chat,
  settings,
  strings,
  input,
  disabled,
  onAttach,
}: ComposerPart & { disabled: boolean }) {
  const bar = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => addSheet(bar.current, css), []);
  const { tools, models } = settings.choices;
  const inMenu = tools.filter(({ pinned }) => !pinned);
  const selected = inMenu.find(({ id }) => id === state.toolId);
  const model = modelInUse(models, state.modelId);

  function toggle(toolId: string): void {
    chat.selectTool(state.toolId === toolId ? null : toolId);
    input.current?.focus();
  }

  return (
    <div class="bar" ref={bar}>
      {inMenu.length > 0 && (
        <MenuButton
          label={onAttach ? strings.addTools : strings.tools}
          class="ghost plus"
          disabled={disabled}
          rows={[
            ...(onAttach ? [{ id: ATTACH, label: strings.attach, icon: 'document' }] : []),
            ...inMenu.map(({ id, label, icon }) => ({
              id,
              label,
              icon,
              group: strings.tools,
              checked: id === state.toolId,
            })),
          ]}
          onPick={(id) => (id === ATTACH ? onAttach?.() : toggle(id))}
        >
          <NamedIcon name="plus" />
        </MenuButton>
      )}
      {tools
        .filter(({ pinned }) => pinned)
        .map(({ id, label, shortLabel, icon }) => (
          <button
            type="button"
            class="tool"
            key={id}
            title={label}
            aria-label={shortLabel ?? label}
            aria-pressed={id === state.toolId}
            disabled={disabled}
            onClick={() => toggle(id)}
          >
            <NamedIcon name={icon} />
            {shortLabel && <span dir="auto">{shortLabel}</span>}
          </button>
        ))}
      {selected && (
        <button
          type="button"
          class="tool chip"
          aria-label={`${strings.clearTool}: ${selected.shortLabel ?? selected.label}`}
          title={strings.clearTool}
          disabled={disabled}
          onClick={() => toggle(selected.id)}
        >
          <NamedIcon name={selected.icon} />
          <span dir="auto">{selected.shortLabel ?? selected.label}</span>
          <Icon name="close" />
        </button>
      )}
      <span class="gap" />
      {model && (
        <MenuButton
          label={`${strings.model}: ${model.label}`}
          class="tool model"
          disabled={disabled}
          rows={models.map(({ id, label, description, disabled: closed }) => ({
            id,
            label,
            description,
            disabled: closed,
            checked: id === model.id,
          }))}
          onPick={chat.selectModel}
        >
          <span dir="auto">{model.label}</span>
          <Strokes d="m6 8 4 4 4-4" />
        </MenuButton>
      )}
      {settings.mentions?.button && (
        <button
          type="button"
          class="ghost"
          aria-label={strings.mention}
          title={strings.mention}
          disabled={disabled}
          onClick={() => typeSign(input.current, '@')}
        >
          <Strokes d="M13.2 10a3.2 3.2 0 1 1-6.4 0 3.2 3.2 0 0 1 6.4 0Zm0 0v1.2a2 2 0 0 0 4 0V10a7.2 7.2 0 1 0-2.9 5.8" />
        </button>
      )}
    </div>
  );
}
