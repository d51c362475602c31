export interface MethodCalls {
  /**
   * Runs what a method does. After `open` at once, or not at all while the chat is busy and the method `needsIdle`;
   * before it the call waits, and runs once those before it have ended and the chat is idle.
   */
  run: (work: () => unknown, needsIdle?: boolean) => Promise<void>;
  /** The element is ready: those that wait have their turn now. */
  open: () => void;
  /** The element has left the document: rejects every call that has not ended, and new ones until `enter`. */
  leave: () => void;
  enter: () => void;
}

interface ChatActivity {
  isBusy: () => boolean;
  subscribe: (listener: () => void) => () => void;
}

/** The calls of an element's methods, from before it is ready to after it has gone. */
export function createMethodCalls({ isBusy, subscribe }: ChatActivity): MethodCalls {
  /** How to reject the calls that have not ended. */
  const open = new Set<(reason: Error) => void>();
  let waiting: { start: () => Promise<void>; needsIdle: boolean }[] = [];
  let isOpen = false;
  let isGone = false;

  function whenIdle(): Promise<void> {
    return new Promise((resolve) => {
      if (!isBusy()) return resolve();
      const unsubscribe = subscribe(() => {
        if (isBusy()) return;
        unsubscribe();
        resolve();
      });
    });
  }

  async function runWaiting(): Promise<void> {
    const calls = waiting;
    waiting = [];
    for (const { start, needsIdle } of calls) {
      if (needsIdle) await whenIdle();
      await start();
    }
  }

  return {
    run(work, needsIdle = false) {
      return new Promise((resolve, reject) => {
        if (isGone) return reject(new RemovedError());
        if (isOpen && needsIdle && isBusy()) return reject(new BusyError());
        open.add(reject);
        const start = async () => {
          if (!open.has(reject)) return;
          try {
            await work();
            resolve();
          } catch (error) {
            reject(error);
          }
          open.delete(reject);
        };
        if (isOpen) void start();
        else waiting.push({ start, needsIdle });
      });
    },
    open() {
      isOpen = true;
      void runWaiting();
    },
    leave() {
      isGone = true;
      waiting = [];
      for (const reject of open) reject(new RemovedError());
      open.clear();
    },
    enter() {
      isGone = false;
    },
  };
}

/** A method was called while a thread loads or an answer streams. */
class BusyError extends Error {
  override readonly name = 'BusyError';
  constructor() {
    super('openai-chatkit is loading a thread or answering');
  }
}

/** The element was taken out of the document before the method had ended. */
class RemovedError extends Error {
  override readonly name = 'RemovedError';
  constructor() {
    super('openai-chatkit was removed from the document');
  }
}
