import { applyEvent } from '../../../protocol/apply-event.ts';
import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import type { StreamingRequest } from '../../../protocol/request.ts';
import type { Thread } from '../../../protocol/thread.ts';
import type { ApiClient } from '../transport/api-client.ts';
import { failureText, RequestFailure } from '../transport/request-failure.ts';
import type { ChatState, Emit, Failure } from './chat-state.ts';
import { messageText } from './message-text.ts';
import type { Observable } from './observable.ts';

export interface TurnTools {
  chat: Observable<ChatState>;
  api: ApiClient;
  emit: Emit;
  /** Calls back when the next frame is due. */
  nextFrame: (callback: () => void) => void;
}

export interface Turn {
  /** Ends the turn now and keeps what was said. */
  stop: () => void;
  /** Resolves when the turn has ended, however it ended; never rejects. */
  ended: Promise<void>;
}

/**
 * Sends one streaming request and folds its events into the state until the turn ends: by itself, by `stop`, or by a
 * failure. Text deltas are folded once a frame; everything else at once and in order. `before` is the thread to show
 * again if the server never took the request.
 */
export function runTurn(tools: TurnTools, request: StreamingRequest, before: Thread | undefined): Turn {
  const { chat, api, emit, nextFrame } = tools;
  const abort = new AbortController();
  /** Items that were added and not yet finished. */
  const unfinished = new Set<string>();
  let queue: ThreadStreamEvent[] = [];
  let received = false;
  let running = true;

  function take(event: ThreadStreamEvent): void {
    received = true;
    queue.push(event);
    if (event.type !== 'thread.item.updated') flush();
    else if (queue.length === 1) nextFrame(flush);
  }

  function flush(): void {
    if (!running || queue.length === 0) return;
    const events = queue;
    queue = [];
    for (const event of events) apply(event);
    fold(events);
  }

  function fold(events: ThreadStreamEvent[]): void {
    let { thread, pending, keys } = chat.get();
    for (const event of events) {
      if (event.type === 'thread.created') thread = withoutItems(event.thread);
      else if (thread) thread = applyEvent(thread, event);
      if (pending && event.type === 'thread.item.done' && event.item.type === 'user_message') {
        keys = withKey(keys, event.item.id, pending.id);
        pending = undefined;
      }
    }
    chat.update({ thread, pending, keys });
  }

  /** What an event means beyond the thread's content. */
  function apply(event: ThreadStreamEvent): void {
    const { turn, notices } = chat.get();
    switch (event.type) {
      case 'thread.created':
        chat.update({ threadId: event.thread.id });
        emit('chatkit.thread.change', { threadId: event.thread.id });
        break;
      case 'thread.item.added':
        unfinished.add(event.item.id);
        if (turn?.progress) chat.update({ turn: { ...turn, progress: undefined } });
        break;
      case 'thread.item.done':
      case 'thread.item.replaced':
        unfinished.delete(event.item.id);
        break;
      case 'thread.item.removed':
        unfinished.delete(event.item_id);
        break;
      case 'stream_options':
        if (turn) chat.update({ turn: { ...turn, allowCancel: event.stream_options.allow_cancel } });
        break;
      case 'progress_update':
        if (turn) chat.update({ turn: { ...turn, progress: event.text } });
        break;
      case 'client_effect':
        emit('chatkit.effect', { name: event.name, data: event.data });
        break;
      case 'notice':
        chat.update({ notices: [...notices, event] });
        break;
      case 'error': {
        const { message } = event;
        chat.update({
          failure: {
            describe: (strings) => message || strings.failed,
            retry: event.allow_retry ? 'turn' : undefined,
          },
        });
        emit('chatkit.error', { error: new Error(message || event.code) });
        break;
      }
      case 'thread.updated':
      case 'thread.item.updated':
        break;
    }
  }

  function end(failure?: Failure): void {
    if (!running) return;
    flush();
    running = false;
    const { thread, pending, draft, interrupted, failure: told } = chat.get();
    const kept = received || !before ? thread : before;
    // The server never took the message: its text goes back to the composer, ahead of what was typed since.
    const unsent = pending ? [messageText(pending.content), draft].filter(Boolean).join('\n') : draft;
    chat.update({
      turn: undefined,
      pending: undefined,
      draft: unsent,
      thread: kept && dropUnfinished(kept, unfinished),
      interrupted: unfinished.size > 0 ? new Set([...interrupted, ...unfinished]) : interrupted,
      failure: told ?? failure,
    });
    emit('chatkit.response.end');
  }

  async function run(): Promise<void> {
    emit('chatkit.response.start');
    try {
      for await (const event of api.stream(request, abort.signal)) {
        if (!running) return;
        take(event);
      }
      flush();
      end(endOfStream());
    } catch (error) {
      if (!running) return;
      flush();
      const stored = !chat.get().pending;
      const lost = received && stored;
      end({
        describe: (strings) => (lost ? strings.lost : failureText(error, strings)),
        retry: stored ? 'turn' : 'draft',
      });
      emit('chatkit.error', { error: error instanceof Error ? error : new Error(String(error)) });
    }
  }

  /** A body that ends too early looks like one that is complete: only what is missing tells. */
  function endOfStream(): Failure | undefined {
    if (chat.get().failure) return undefined;
    if (chat.get().pending)
      return { describe: (strings) => failureText(new RequestFailure(502), strings), retry: 'draft' };
    return unfinished.size > 0 ? { describe: (strings) => strings.lost, retry: 'turn' } : undefined;
  }

  return {
    ended: run(),
    stop() {
      end();
      abort.abort();
    },
  };
}

/** A new thread begins without items, whatever its event carries. */
function withoutItems(thread: Thread): Thread {
  return { ...thread, items: { data: [], has_more: false } };
}

function withKey(keys: ChatState['keys'], id: string, key: string): ChatState['keys'] {
  return { ...keys, [id]: key };
}

/** As the server does after a stop: of what was not finished only an answer with some text stays. */
function dropUnfinished(thread: Thread, unfinished: ReadonlySet<string>): Thread {
  if (unfinished.size === 0) return thread;
  const data = thread.items.data.filter(
    (item) =>
      !unfinished.has(item.id) ||
      (item.type === 'assistant_message' && item.content.some((part) => part.text.trim() !== '')),
  );
  return { ...thread, items: { ...thread.items, data } };
}
