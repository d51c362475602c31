import type { ThreadStreamEvent } from '../../protocol/event.ts';
import { encodeSse, SSE_KEEP_ALIVE } from '../../protocol/sse.ts';

/** A reader that leaves more than this unread is taken for gone. */
export const MAX_UNREAD_BYTES = 256 * 1024;
/** Proxies close connections that are silent for 30 to 60 seconds. */
export const KEEP_ALIVE_MS = 15_000;

/**
 * Milliseconds between two writes to one reader, on average: what a screen shows. With 200 busy readers each write of
 * its own cost as much as all the rest of an event.
 */
const WRITE_PACE_MS = 16;
/** Writes that may come ahead of that: what opens a turn must not hold back its first words. */
const WRITE_BURST = 8;

const FAILED = encodeSse({ type: 'error', code: 'stream.error', allow_retry: true });

/**
 * One input and all events to its end. It drains the events at its own pace into a bounded list; the reader reads that
 * list and never holds up the work. The loss of the reader cancels it.
 */
export class Turn {
  /** Resolves when everything of the turn is stored, however it ended. Never rejects. */
  readonly finished: Promise<void>;
  readonly #abort = new AbortController();
  #unread: Uint8Array[] = [];
  #unreadBytes = 0;
  #isEnded = false;
  #wakeReader: (() => void) | undefined;
  /** When the writes so far would have come at that pace, on the clock of `performance`. */
  #pacedUntil = 0;
  #endPace: (() => void) | undefined;
  #keepAlive: NodeJS.Timeout;

  /**
   * @param opening what the reader gets first, whatever becomes of the rest
   * @param run makes the events; its signal aborts when the turn is cancelled, and it then stores what is to be kept
   * @param reportError gets what `run` throws; the reader gets an `error` event without the cause
   */
  constructor(
    opening: ThreadStreamEvent[],
    run: (signal: AbortSignal) => AsyncIterable<ThreadStreamEvent>,
    reportError: (error: unknown) => void,
  ) {
    this.#keepAlive = setInterval(() => this.#append(SSE_KEEP_ALIVE), KEEP_ALIVE_MS);
    for (const event of opening) this.#append(encodeSse(event));
    this.finished = this.#drain(run, reportError);
  }

  /**
   * Ends the work; what was said so far is kept by `run`. A reader that is still there learns it from an `error` event
   * that allows to retry. A turn that has ended stays as it is.
   */
  cancel(): void {
    if (this.#isEnded) return;
    this.#unread.push(FAILED);
    this.#end();
    this.#abort.abort();
  }

  /** The bytes for the one reader. Cancelling the stream cancels the turn. */
  read(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          if (this.#unread.length === 0 && !this.#isEnded) await this.#woken();
          const ahead = this.#pacedUntil - performance.now() - (WRITE_BURST - 1) * WRITE_PACE_MS;
          if (ahead > 0 && !this.#isEnded) await this.#paced(ahead);
          this.#pacedUntil = Math.max(this.#pacedUntil, performance.now()) + WRITE_PACE_MS;
          const frames = this.#unread;
          this.#unread = [];
          this.#unreadBytes = 0;
          if (frames.length > 0) controller.enqueue(Buffer.concat(frames));
          else controller.close();
        },
        cancel: () => this.cancel(),
      },
      // Nothing is taken from the list before it is asked for: the list is the only buffer, so its bound holds.
      { highWaterMark: 0 },
    );
  }

  async #drain(
    run: (signal: AbortSignal) => AsyncIterable<ThreadStreamEvent>,
    reportError: (error: unknown) => void,
  ): Promise<void> {
    try {
      for await (const event of run(this.#abort.signal)) this.#append(encodeSse(event));
    } catch (error) {
      reportError(error);
      this.#append(FAILED);
    }
    this.#end();
  }

  #append(frame: Uint8Array): void {
    if (this.#isEnded) return;
    // One frame alone may be larger: a generated image is one event.
    if (this.#unreadBytes > 0 && this.#unreadBytes + frame.length > MAX_UNREAD_BYTES) {
      this.#unread = [];
      return this.cancel();
    }
    this.#unread.push(frame);
    this.#unreadBytes += frame.length;
    if (this.#unreadBytes > MAX_UNREAD_BYTES / 2) this.#endPace?.();
    this.#keepAlive.refresh();
    this.#wake();
  }

  #end(): void {
    this.#isEnded = true;
    clearInterval(this.#keepAlive);
    this.#endPace?.();
    this.#wake();
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wakeReader = resolve;
    });
  }

  #wake(): void {
    this.#wakeReader?.();
    this.#wakeReader = undefined;
  }

  /** So long, or until the turn ends or half of what may stay unread is there. */
  #paced(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#endPace = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
