import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ComposerPart } from './composer-part.ts';
import { groupRows, RowContent } from './menu-row.tsx';
import { useSuggestions } from './use-suggestions.ts';

/** The list above the composer while a mention or a command is typed. The focus stays in the text. */
export function Suggestions(part: ComposerPart) {
  const { input, strings } = part;
  const list = useRef<HTMLDivElement>(null);
  const suggesting = useSuggestions(part);
  const shown = suggesting && (suggesting.rows.length > 0 || !suggesting.waiting);
  const activeId = shown && suggesting.rows.length > 0 ? `suggestion-${suggesting.active}` : undefined;

  // Of a text field that never gives up the focus, this tells what the keys move in.
  useLayoutEffect(() => {
    const node = input.current;
    if (!node || !shown) return;
    const attributes = {
      'aria-autocomplete': 'list',
      'aria-controls': 'suggestions',
      ...(activeId ? { 'aria-activedescendant': activeId } : {}),
    };
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    return () => {
      for (const name of Object.keys(attributes)) node.removeAttribute(name);
    };
  }, [shown, activeId]);

  useLayoutEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [activeId]);

  if (!suggesting || !shown) return null;
  const { rows, active, waiting, pick } = suggesting;
  if (rows.length === 0)
    return (
      <p class="popover none" id="suggestions" role="status">
        {strings.noMatches}
      </p>
    );
  return (
    <div
      class="popover"
      role="listbox"
      id="suggestions"
      aria-label={strings.suggestions}
      aria-busy={waiting}
      // A list that scrolls is within reach. It closes before a Tab comes to it: the text moves in it by arrows.
      tabIndex={0}
      ref={list}
      // A press must not take the focus, and the suggestions with it.
      onPointerDown={(event) => event.preventDefault()}
      onMouseDown={(event) => event.preventDefault()}
    >
      {groupRows(rows).map(([group, members]) => (
        <div role="group" aria-label={group || strings.suggestions} key={group}>
          {group && (
            <div class="row-group" aria-hidden="true" dir="auto">
              {group}
            </div>
          )}
          {members.map((row) => {
            const index = rows.indexOf(row);
            return (
              <div
                class="row"
                role="option"
                id={`suggestion-${index}`}
                key={row.id}
                aria-selected={index === active}
                aria-disabled={row.disabled}
                onClick={() => pick(index)}
              >
                <RowContent {...row} />
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}
