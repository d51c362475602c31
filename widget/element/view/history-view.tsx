import type { Thread } from '../../../protocol/thread.ts';
import type { Chat } from '../state/chat.ts';
import type { ChatState } from '../state/chat-state.ts';
import type { Strings } from '../strings/en.ts';
import { relativeDate } from './relative-date.ts';

interface HistoryViewProps {
  state: ChatState;
  chat: Chat;
  strings: Strings;
  locale: string;
  onOpen: (threadId: string) => void;
}

/** The visitor's threads, newest first, over the conversation. */
export function HistoryView({ state, chat, strings, locale, onOpen }: HistoryViewProps) {
  const { status, threads, after } = state.history;
  const nothing = threads.length === 0;
  const now = Date.now();
  return (
    <div class="history" role="region" aria-label={strings.history} aria-busy={status === 'loading'}>
      {status === 'failed' && (
        <div class="failure" role="alert">
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
        {threads.map((thread) => (
          <li key={thread.id}>
            <button
              type="button"
              class="thread-row"
              aria-current={thread.id === state.threadId ? 'true' : undefined}
              onClick={() => onOpen(thread.id)}
            >
              <span class="thread-title" dir="auto">
                {titleOf(thread, strings)}
              </span>
              <span class="thread-date">{relativeDate(thread.created_at, now, locale)}</span>
            </button>
          </li>
        ))}
      </ul>
      {after && (
        <button
          type="button"
          class="outlined older"
          disabled={status === 'loading'}
          onClick={() => void chat.loadHistory(true)}
        >
          {strings.older}
        </button>
      )}
    </div>
  );
}

function titleOf(thread: Thread, strings: Strings): string {
  return thread.title?.trim() || strings.untitled;
}
