import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { groupRows, type MenuRow, RowContent } from './menu-row.tsx';

interface MenuButtonProps {
  label: string;
  /** Of the button: what it is, and whether it is one of several kinds. */
  class: string;
  rows: readonly MenuRow[];
  disabled: boolean;
  onPick: (id: string) => void;
  children: ComponentChildren;
}

/** A button with a menu above it: arrows, Home and End move, Escape and Tab close, and the focus comes back. */
export function MenuButton({ label, rows, disabled, onPick, children, ...rest }: MenuButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const entries = () => [...(menu.current?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])];

  useLayoutEffect(() => {
    if (!isOpen) return;
    const all = entries();
    (all.find((entry) => entry.ariaChecked === 'true') ?? all[0])?.focus();
  }, [isOpen]);

  function close(): void {
    button.current?.focus();
    setOpen(false);
  }

  function onKeyDown(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
    const all = entries();
    const at = all.indexOf(event.target as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) all.at(to % all.length)?.focus();
    else if (event.key === 'Escape') close();
    else return;
    // The panel around the element must not hear of this one.
    event.stopPropagation();
    event.preventDefault();
  }

  return (
    <div
      class="menu-place"
      onFocusOut={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOpen(false);
      }}
    >
      <button
        type="button"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        disabled={disabled}
        ref={button}
        onClick={() => setOpen(!isOpen)}
        {...rest}
      >
        {children}
      </button>
      {isOpen && (
        <div class="popover" role="menu" aria-label={label} ref={menu} onKeyDown={onKeyDown}>
          {groupRows(rows).map(([group, members]) => (
            <div role="group" aria-label={group || label} key={group}>
              {group && (
                <div class="row-group" aria-hidden="true">
                  {group}
                </div>
              )}
              {members.map((row) => (
                <button
                  type="button"
                  class="row"
                  role={row.checked === undefined ? 'menuitem' : 'menuitemradio'}
                  aria-checked={row.checked}
                  aria-disabled={row.disabled}
                  tabIndex={-1}
                  key={row.id}
                  onClick={() => {
                    if (row.disabled) return;
                    close();
                    onPick(row.id);
                  }}
                >
                  <RowContent {...row} />
                </button>
              ))}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
