import type { Page, Thread } from '../../../protocol/thread.ts';
import type { ApiClient } from '../transport/api-client.ts';
import { readThreadObject } from '../transport/read-event.ts';
import type { ChatState, Emit } from './chat-state.ts';
import type { Observable } from './observable.ts';

export interface ThreadHistory {
  show: () => void;
  hide: () => void;
  /** Reads the newest threads, or with `more` the next page of older ones. */
  load: (more?: boolean) => Promise<void>;
  rename: (threadId: string, title: string) => Promise<void>;
  /** Deletes a thread for good; the active one makes room for a new chat. Resolves to whether it is gone. */
  remove: (threadId: string) => Promise<boolean>;
  /** Ends the reading of the list. */
  dispose: () => void;
}

interface HistoryTools {
  chat: Observable<ChatState>;
  api: ApiClient;
  emit: Emit;
  report: (error: unknown) => void;
  openThread: (threadId: null) => Promise<void>;
}

const PAGE = 30;

/** The visitor's threads: what is listed, and what can be done with each. */
export function createHistory({ chat, api, emit, report, openThread }: HistoryTools): ThreadHistory {
  let listing = new AbortController();

  async function load(more = false): Promise<void> {
    const known = chat.get().history;
    listing.abort();
    listing = new AbortController();
    const { signal } = listing;
    chat.update({ history: { ...known, status: 'loading' } });
    try {
      const params = { limit: PAGE, order: 'desc' as const, ...(more ? { after: known.after ?? null } : {}) };
      const page = (await api.json({ type: 'threads.list', params }, signal)) as Page<Thread>;
      const listed = page.data.flatMap((thread) => readThreadObject(thread) ?? []);
      const threads = more ? [...known.threads, ...listed] : listed;
      const after = page.has_more ? (page.after ?? listed.at(-1)?.id) : undefined;
      chat.update({ history: { status: 'idle', threads, after } });
    } catch (error) {
      if (signal.aborted) return;
      chat.update({ history: { ...known, status: 'failed' } });
      report(error);
    }
  }

  /** What the list says must be what the server keeps: after a refusal it is read again by the visitor's "try again". */
  function refuse(error: unknown): void {
    chat.update({ history: { ...chat.get().history, status: 'failed' } });
    report(error);
  }

  function setTitle(threadId: string, title: string): void {
    const { history, thread } = chat.get();
    const renamed = history.threads.map((listed) => (listed.id === threadId ? { ...listed, title } : listed));
    chat.update({
      history: { ...history, threads: renamed },
      ...(thread?.id === threadId ? { thread: { ...thread, title } } : {}),
    });
  }

  return {
    load,
    show() {
      if (chat.get().layer === 'history') return;
      chat.update({ layer: 'history' });
      emit('chatkit.history.open');
      void load();
    },
    hide() {
      if (chat.get().layer !== 'history') return;
      chat.update({ layer: 'thread' });
      emit('chatkit.history.close');
    },
    async rename(threadId, title) {
      const before = chat.get().history.threads.find(({ id }) => id === threadId)?.title ?? '';
      setTitle(threadId, title);
      try {
        await api.json(
          { type: 'threads.update', params: { thread_id: threadId, title } },
          new AbortController().signal,
        );
      } catch (error) {
        setTitle(threadId, before);
        refuse(error);
      }
    },
    async remove(threadId) {
      try {
        await api.json({ type: 'threads.delete', params: { thread_id: threadId } }, new AbortController().signal);
      } catch (error) {
        refuse(error);
        return false;
      }
      const { history } = chat.get();
      chat.update({ history: { ...history, threads: history.threads.filter(({ id }) => id !== threadId) } });
      if (chat.get().threadId === threadId) await openThread(null);
      return true;
    },
    dispose: () => listing.abort(),
  };
}
