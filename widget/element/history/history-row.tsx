import type { TargetedKeyboardEvent } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Thread } from '../../../protocol/thread.ts';
import { NamedIcon } from '../icons/named-icon.tsx';
import type { Settings } from '../options.ts';
import type { Strings } from '../strings/en.ts';
import { relativeDate } from './relative-date.ts';

interface HistoryRowProps {
  thread: Thread;
  active: boolean;
  now: number;
  settings: Settings;
  strings: Strings;
  onOpen: () => void;
  onRename: (title: string) => void;
  onDelete: () => void;
}

/** One thread of the list: to open, to rename in its place, to delete after a question in its place. */
export function HistoryRow({ thread, active, now, settings, strings, onOpen, onRename, onDelete }: HistoryRowProps) {
  const [mode, setMode] = useState<'row' | 'rename' | 'delete'>('row');
  const row = useRef<HTMLLIElement>(null);
  const before = useRef(mode);
  const title = thread.title?.trim() || strings.untitled;
  const { type } = thread.status;

  // The focus goes along: into what opened, and from there back to the button that opened it.
  useLayoutEffect(() => {
    const left = before.current;
    before.current = mode;
    if (mode === left) return;
    const focus = mode === 'row' ? `[data-opens=${left}]` : '[data-first]';
    const node = row.current?.querySelector<HTMLElement>(focus);
    node?.focus();
    if (node instanceof HTMLInputElement) node.select();
  }, [mode]);

  function onKeyDown(event: TargetedKeyboardEvent<HTMLElement>): void {
    if (event.key !== 'Escape' || event.isComposing || mode === 'row') return;
    // The row alone: the list stays open.
    event.stopPropagation();
    event.preventDefault();
    setMode('row');
  }

  function save(form: HTMLFormElement): void {
    const field = form.elements.namedItem('title');
    const next = field instanceof HTMLInputElement ? field.value.trim() : '';
    if (next && next !== title) onRename(next);
    setMode('row');
  }

  return (
    <li class={active ? 'thread-row active' : 'thread-row'} ref={row} onKeyDown={onKeyDown}>
      {mode === 'rename' && (
        <form
          class="thread-form"
          onSubmit={(event) => {
            event.preventDefault();
            save(event.currentTarget);
          }}
        >
          <input
            name="title"
            dir="auto"
            maxLength={200}
            autocomplete="off"
            enterkeyhint="done"
            aria-label={strings.threadTitle}
            defaultValue={thread.title?.trim() ?? ''}
            data-first
          />
          <button type="submit" class="outlined">
            {strings.save}
          </button>
          <button type="button" class="outlined" onClick={() => setMode('row')}>
            {strings.cancel}
          </button>
        </form>
      )}
      {mode === 'delete' && (
        <div class="thread-form" role="group" aria-label={strings.deleteThread(title)}>
          <p dir="auto">{strings.deleteQuestion(title)}</p>
          <button type="button" class="outlined danger" onClick={onDelete}>
            {strings.delete}
          </button>
          <button type="button" class="outlined" data-first onClick={() => setMode('row')}>
            {strings.cancel}
          </button>
        </div>
      )}
      {mode === 'row' && (
        <>
          <button
            type="button"
            class="thread-open"
            part="history-item"
            aria-current={active ? 'true' : undefined}
            onClick={onOpen}
          >
            <span class="thread-title" dir="auto">
              {title}
            </span>
            {type !== 'active' && (
              <span class="thread-status">{type === 'locked' ? strings.lockedChat : strings.closedChat}</span>
            )}
            <span class="thread-date">{relativeDate(thread.created_at, now, strings.locale)}</span>
          </button>
          {settings.history.canRename && (
            <RowButton opens="rename" icon="write" label={strings.renameThread(title)} onOpen={setMode} />
          )}
          {settings.history.canDelete && (
            <RowButton opens="delete" icon="trash" label={strings.deleteThread(title)} onOpen={setMode} />
          )}
        </>
      )}
    </li>
  );
}

interface RowButtonProps {
  opens: 'rename' | 'delete';
  icon: string;
  label: string;
  onOpen: (mode: 'rename' | 'delete') => void;
}

function RowButton({ opens, icon, label, onOpen }: RowButtonProps) {
  return (
    <button
      type="button"
      class="ghost"
      aria-label={label}
      title={label}
      data-opens={opens}
      onClick={() => onOpen(opens)}
    >
      <NamedIcon name={icon} />
    </button>
  );
}
