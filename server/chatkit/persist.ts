import { isDeepStrictEqual } from 'node:util';
import type { ThreadStreamEvent } from '../../protocol/event.ts';
import type { ThreadItem } from '../../protocol/item.ts';
import type { ThreadMetadata } from '../../protocol/thread.ts';
import { CustomStreamError, StreamError } from './errors.ts';
import { isHidden } from './hidden-items.ts';
import { PendingItems } from './pending-items.ts';
import type { Store } from './store.ts';
import { toWireEvent } from './wire-event.ts';
import { toWireThread } from './wire-thread.ts';

export interface PersistInput<Context> {
  store: Store<Context>;
  context: Context;
  /** Live: a change by the responder is saved and announced after the next event. */
  thread: ThreadMetadata;
  /** When it aborts, the events end and `onCancelled` gets the items that have not ended. */
  signal: AbortSignal;
  onCancelled: (pending: ThreadItem[]) => Promise<void>;
  reportError: (error: unknown) => void;
}

/**
 * The responder's events, stored before they are passed on; hidden items are stored and not passed on. A throw becomes
 * one `error` event that says nothing of its cause, which goes to `reportError`. A reader that returns early cancels
 * as the signal does.
 */
export async function* persist<Context>(
  respond: () => AsyncIterable<ThreadStreamEvent>,
  input: PersistInput<Context>,
): AsyncGenerator<ThreadStreamEvent> {
  const { store, context, thread, signal } = input;
  const hidden = new Set<string>();
  let iterator: AsyncIterator<ThreadStreamEvent> | undefined;
  const pending = new PendingItems(toWireThread(thread));
  let saved = structuredClone(thread);
  let isOver = false;
  const stoppable = new Stoppable(signal);

  try {
    iterator = respond()[Symbol.asyncIterator]();
    for (;;) {
      const next = await stoppable.next(iterator);
      // An agent whose signal aborts may just end.
      if (!next || (next.done && signal.aborted)) return;
      if (next.done) break;
      const event = next.value;
      pending.take(event);
      if (isStored(event)) await storeEvent(event);
      if (isVisible(event, hidden)) yield toWireEvent(event);
      if (hasChanged()) yield await saveThread();
    }
    isOver = true;
  } catch (error) {
    isOver = true;
    input.reportError(error);
    yield toErrorEvent(error);
  } finally {
    // Also after a write that failed: an agent that nobody hears would go on to its end. One that is stuck is left
    // behind, never awaited.
    iterator?.return?.().catch(input.reportError);
    if (!isOver) await input.onCancelled(pending.unfinished);
  }
  if (hasChanged()) yield await saveThread();

  async function storeEvent(event: StoredEvent): Promise<void> {
    if (event.type === 'thread.item.removed') return await store.deleteItem(context, thread.id, event.item_id);
    const isKept = await store.saveItem(context, thread.id, event.item);
    if (!isKept) throw new Error('the thread was deleted while it was answered');
  }

  function hasChanged(): boolean {
    return !isDeepStrictEqual(thread, saved);
  }

  async function saveThread(): Promise<ThreadStreamEvent> {
    saved = structuredClone(thread);
    await store.saveThread(context, saved);
    return { type: 'thread.updated', thread: toWireThread(saved) };
  }
}

type StoredEvent = Extract<
  ThreadStreamEvent,
  { type: 'thread.item.done' | 'thread.item.replaced' | 'thread.item.removed' }
>;

function isStored(event: ThreadStreamEvent): event is StoredEvent {
  const { type } = event;
  return type === 'thread.item.done' || type === 'thread.item.replaced' || type === 'thread.item.removed';
}

/** One listener for a whole turn: adding and removing one an event took a tenth of what an event costs. */
class Stoppable {
  readonly #signal: AbortSignal;
  #stop: () => void = () => {};

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#stop(), { once: true });
  }

  /** The next result, or `undefined` as soon as the signal aborts, whatever the iterator waits for. */
  next<T>(iterator: AsyncIterator<T>): Promise<IteratorResult<T> | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#signal.aborted) return resolve(undefined);
      this.#stop = () => resolve(undefined);
      iterator.next().then(resolve, reject);
    });
  }
}

/** The reference lets `added` and `replaced` of hidden items through; here nothing of them leaves. */
function isVisible(event: ThreadStreamEvent, hidden: Set<string>): boolean {
  if ('item' in event && isHidden(event.item)) hidden.add(event.item.id);
  if ('item' in event) return !hidden.has(event.item.id);
  return !('item_id' in event) || !hidden.has(event.item_id);
}

function toErrorEvent(error: unknown): ThreadStreamEvent {
  if (error instanceof CustomStreamError)
    return { type: 'error', code: 'custom', message: error.message, allow_retry: error.allowRetry };
  if (error instanceof StreamError) return { type: 'error', code: error.code, allow_retry: error.allowRetry };
  return { type: 'error', code: 'stream.error', allow_retry: true };
}
