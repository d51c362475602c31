import type { ElementEvents, Emit } from './state/chat-state.ts';

/**
 * Milliseconds that the first event waits for somebody to hear it. chatkit-react attaches its listeners in a passive
 * effect, measured up to 70 ms after `setOptions`; an element without an iframe would be ready long before.
 */
const PATIENCE = 150;

/** Holds the element's events back until the host can hear them, `chatkit.ready` first. */
export class EventGate {
  #target: EventTarget;
  #onReady: () => void;
  #listeners = new Set<EventListenerOrEventListenerObject>();
  #held: (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #open = false;
  #usable = false;
  #ready = false;
  #heard = false;

  /** `onReady` runs right after `ready` and the events that it held back. */
  constructor(target: EventTarget, onReady: () => void) {
    this.#target = target;
    this.#onReady = onReady;
  }

  emit: Emit = (name, ...detail) => {
    const dispatch = () => this.#dispatch(name, detail[0] ?? null);
    if (this.#open) dispatch();
    else this.#held.push(dispatch);
  };

  /** Options have arrived: opens soon, with `ready` if they are `usable`. */
  start(usable: boolean): void {
    this.#usable ||= usable;
    if (this.#ready || (this.#open && !usable)) return;
    this.#schedule(this.#listeners.size > 0 ? 0 : PATIENCE);
  }

  leave(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  listenerAdded(listener: EventListenerOrEventListenerObject, signal: AbortSignal | undefined): void {
    if (signal?.aborted) return;
    this.#listeners.add(listener);
    signal?.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
    if (this.#timer !== undefined) this.#schedule(0);
    if (this.#ready && !this.#heard) {
      this.#heard = true;
      queueMicrotask(() => this.#dispatch('chatkit.ready', null));
    }
  }

  listenerRemoved(listener: EventListenerOrEventListenerObject): void {
    this.#listeners.delete(listener);
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#release(), delay);
  }

  #release(): void {
    this.#timer = undefined;
    this.#open = true;
    const isFirst = this.#usable && !this.#ready;
    if (isFirst) {
      this.#ready = true;
      this.#heard = this.#listeners.size > 0;
      this.#dispatch('chatkit.ready', null);
    }
    for (const dispatch of this.#held.splice(0)) dispatch();
    if (isFirst) this.#onReady();
  }

  #dispatch(name: keyof ElementEvents, detail: unknown): void {
    this.#target.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
