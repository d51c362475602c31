import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { NamedIcon } from '../icons/named-icon.tsx';
import type { Settings } from '../options.ts';
import type { Chat } from '../state/chat.ts';
import type { ChatState } from '../state/chat-state.ts';
import type { Strings } from '../strings/en.ts';
import historyCss from '../styles/history.css?inline';
import { addSheet } from '../styles/sheets.ts';
import { HistoryRow } from './history-row.tsx';

export interface HistoryViewProps {
  state: ChatState;
  chat: Chat;
  settings: Settings;
  strings: Strings;
  onOpen: (threadId: string) => void;
}

/** The visitor's threads, newest first, over the conversation. */
export function HistoryView({ state, chat, settings, strings, onOpen }: HistoryViewProps) {
  const { status, threads, after } = state.history;
  const layer = useRef<HTMLDivElement>(null);
  const [said, setSaid] = useState('');
  const nothing = threads.length === 0;
  const now = Date.now();
  useLayoutEffect(() => addSheet(layer.current, historyCss), []);

  async function remove(threadId: string, index: number): Promise<void> {
    if (!(await chat.deleteThread(threadId))) return;
    setSaid(strings.threadDeleted);
    // The row that takes its place, or the layer where none is left; unless the visitor has gone on to something else.
    setTimeout(() => {
      const node = layer.current;
      if (!node || document.activeElement !== document.body) return;
      const rows = node.querySelectorAll<HTMLElement>('.thread-open');
      (rows[Math.min(index, rows.length - 1)] ?? node).focus();
    });
  }

  return (
    <div
      class="history"
      part="history"
      role="region"
      aria-label={strings.history}
      aria-busy={status === 'loading'}
      tabIndex={-1}
      ref={layer}
    >
      <p class="visually-hidden" role="status">
        {said}
      </p>
      {!settings.header.enabled && (
        <button type="button" class="outlined" onClick={chat.hideHistory}>
          {strings.closeHistory}
        </button>
      )}
      {status === 'failed' && (
        <div class="failure" role="alert">
          <NamedIcon name="info" />
          <p>{strings.unavailable}</p>
          <button type="button" class="outlined" onClick={() => void chat.loadHistory()}>
            {strings.retry}
          </button>
        </div>
      )}
      {nothing && status === 'loading' && (
        <div class="skeleton" role="status" aria-label={strings.loading}>
          <i />
          <i />
          <i />
        </div>
      )}
      {nothing && status === 'idle' && (
        <div class="empty">
          <p>{strings.noHistory}</p>
          <p>{strings.noHistoryHint}</p>
        </div>
      )}
      <ul class="threads">
        {threads.map((thread, index) => (
          <HistoryRow
            key={thread.id}
            thread={thread}
            active={thread.id === state.threadId}
            now={now}
            settings={settings}
            strings={strings}
            onOpen={() => onOpen(thread.id)}
            onRename={(title) => void chat.renameThread(thread.id, title)}
            onDelete={() => void remove(thread.id, index)}
          />
        ))}
      </ul>
      {after && (
        <button
          type="button"
          class="outlined older"
          aria-disabled={status === 'loading'}
          onClick={() => status !== 'loading' && void chat.loadHistory(true)}
        >
          {strings.older}
        </button>
      )}
    </div>
  );
}
