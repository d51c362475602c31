import type { ThreadItem } from '../../../protocol/item.ts';
import type { ApiClient } from '../transport/api-client.ts';
import { failureText, waitAfter } from '../transport/request-failure.ts';
import type { ChatState, Emit, Failure } from './chat-state.ts';
import type { Observable } from './observable.ts';
import { prependItems, readOlderItems, readThread } from './read-thread.ts';

export interface ThreadLoader {
  /** Shows a thread, or a new chat for `null`. Rejects when the thread cannot be read. */
  open: (threadId: string | null) => Promise<void>;
  /** Reads the active thread again, as far back as it is known. */
  refresh: () => Promise<void>;
  /** Reads one page of older items; nothing where there are none, or while one is on its way. */
  loadOlder: () => Promise<void>;
  /** Ends every request. */
  dispose: () => void;
}

interface LoaderTools {
  chat: Observable<ChatState>;
  api: ApiClient;
  emit: Emit;
  report: (error: unknown) => void;
  isBusy: () => boolean;
  /** Ends what belongs to the thread shown until now. */
  leave: () => void;
}

const INTERRUPTED: Failure = { describe: (strings) => strings.interrupted, retry: 'turn' };

/** Brings threads from the server into the state, the newest items first. */
export function createThreadLoader({ chat, api, emit, report, isBusy, leave }: LoaderTools): ThreadLoader {
  let loading = new AbortController();

  function activate(threadId: string | null): void {
    if (chat.get().threadId === threadId) return;
    chat.update({ threadId });
    emit('chatkit.thread.change', { threadId });
  }

  /** Ends the requests of the thread before. */
  function begin(): AbortSignal {
    loading.abort();
    loading = new AbortController();
    return loading.signal;
  }

  async function open(threadId: string | null): Promise<void> {
    leave();
    const signal = begin();
    const blank = {
      thread: undefined,
      loading: false,
      older: 'idle' as const,
      failure: undefined,
      notices: [],
      keys: {},
      turnsStarted: 0,
    };
    if (threadId === null) {
      chat.update(blank);
      activate(null);
      return;
    }
    chat.update({ ...blank, loading: true });
    emit('chatkit.thread.load.start', { threadId });
    activate(threadId);
    try {
      const thread = await readThread(api, threadId, signal);
      // A call that nobody will answer any more: the page that was to do it is gone.
      const interrupted = isPendingCall(thread.items.data.at(-1));
      if (!signal.aborted) chat.update({ thread, loading: false, failure: interrupted ? INTERRUPTED : undefined });
    } catch (error) {
      if (!signal.aborted) {
        chat.update({
          loading: false,
          failure: {
            describe: (strings) => failureText(error, strings),
            retry: 'load',
            wait: waitAfter(error),
          },
        });
        report(error);
      }
      throw error;
    } finally {
      emit('chatkit.thread.load.end', { threadId });
    }
  }

  async function refresh(): Promise<void> {
    const { threadId, thread: known } = chat.get();
    if (threadId === null) return;
    const thread = await readThread(api, threadId, loading.signal, known?.items.data.length);
    if (chat.get().threadId === threadId && !isBusy()) chat.update({ thread });
  }

  async function loadOlder(): Promise<void> {
    const { thread: known, older: status } = chat.get();
    if (!known?.items.has_more || status === 'loading') return;
    const { signal } = loading;
    chat.update({ older: 'loading' });
    try {
      const older = await readOlderItems(api, known.id, known.items.after, signal);
      // The thread of now: an answer may have grown at its other end.
      const { thread } = chat.get();
      if (signal.aborted || !thread) return;
      chat.update({ older: 'idle', thread: { ...thread, items: prependItems(thread.items, older) } });
    } catch (error) {
      if (signal.aborted) return;
      chat.update({ older: 'failed' });
      report(error);
    }
  }

  return {
    open,
    refresh,
    loadOlder,
    dispose() {
      begin();
      chat.update({ loading: false, older: 'idle' });
    },
  };
}

function isPendingCall(item: ThreadItem | undefined): boolean {
  return item?.type === 'client_tool_call' && item.status === 'pending';
}
