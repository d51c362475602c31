import { ChatKitError } from './errors.ts';
import type { Turn } from './turn.ts';

/**
 * Milliseconds that a new turn waits for the one before it. A stop reaches a server as a lost connection, which may be
 * noticed a moment after the visitor's next message has arrived, and what was said by then has still to be stored.
 */
export const BUSY_GRACE_MS = 500;

interface Entry {
  turn?: Turn;
  ended: Promise<void>;
}

/** The turns at work by thread: one at a time on each, because two would write their answers into each other. */
export class ThreadTurns {
  readonly #entries = new Map<string, Entry>();

  /**
   * Opens a turn on a thread that is the caller's. The thread is taken from before `open` runs until its turn has
   * stored everything. Throws `ChatKitError('thread_busy')` when another turn holds it, and what `open` throws.
   */
  async start(threadId: string, open: () => Promise<Turn>): Promise<Turn> {
    const other = this.#entries.get(threadId);
    if (other) await settledWithin(other.ended, BUSY_GRACE_MS);
    if (this.#entries.has(threadId)) throw new ChatKitError('thread_busy', 'this thread is being answered');
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const entry: Entry = { ended };
    this.#entries.set(threadId, entry);
    const release = (): void => {
      this.#entries.delete(threadId);
      end();
    };
    try {
      entry.turn = await open();
    } catch (error) {
      release();
      throw error;
    }
    void entry.turn.finished.then(release);
    return entry.turn;
  }

  /** Cancels the turn on the thread, if there is one, and resolves when it writes no more. */
  async end(threadId: string): Promise<void> {
    const entry = this.#entries.get(threadId);
    entry?.turn?.cancel();
    await entry?.ended;
  }
}

/** Resolves when the promise does, or after so many milliseconds. */
async function settledWithin(promise: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
