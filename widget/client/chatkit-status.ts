/** `error`: the script could not be loaded, or has not come in time. It becomes `ready` if it comes after all. */
export type ChatKitStatus = 'pending' | 'ready' | 'error';

/** Why there is no chat element. `aborted` is never one of the reasons: an abort rejects with the signal's own. */
export class ChatKitNotReadyError extends Error {
  override readonly name = 'ChatKitNotReadyError';
  readonly code: 'script_failed' | 'timed_out' | 'no_page';
  constructor(code: ChatKitNotReadyError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const TAG = 'openai-chatkit';
const SCRIPT = /\/chatkit\.js(?:[?#]|$)/;
/** A script that has not come by then is blocked or the line is down. */
const PATIENCE_MS = 10_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const listeners = new Set<() => void>();
let status: ChatKitStatus = 'pending';
let isWatching = false;

/**
 * Whether `<openai-chatkit>` can be used, as a store that a view follows:
 * `useSyncExternalStore(chatKitStatus.subscribe, chatKitStatus.get, () => 'pending')`.
 */
export const chatKitStatus = {
  get(this: void): ChatKitStatus {
    return isDefined() ? 'ready' : status;
  },
  /** @returns ends the subscription */
  subscribe(this: void, listener: () => void): () => void {
    listeners.add(listener);
    watch();
    return () => listeners.delete(listener);
  },
};

/**
 * Resolves once `<openai-chatkit>` is defined, whoever brings it.
 *
 * Rejects with `ChatKitNotReadyError` when its script fails or `timeoutMs` (10,000) have passed, and with the signal's
 * reason when that aborts first.
 */
export function whenChatKitReady({
  timeoutMs = PATIENCE_MS,
  signal,
}: {
  timeoutMs?: number;
  signal?: AbortSignal;
} = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    if (typeof customElements === 'undefined') throw new ChatKitNotReadyError('no_page', 'there is no page here');
    signal?.throwIfAborted();
    if (isDefined()) return resolve();
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
      window.removeEventListener('error', fail, true);
      settle();
    };
    const leave = (): void => end(() => reject(signal?.reason as Error));
    const fail = (event: Event): void => {
      const { target } = event;
      if (isItsScript(target))
        end(() => reject(new ChatKitNotReadyError('script_failed', `${target.src} could not be loaded`)));
    };
    const late = (): void =>
      end(() => reject(new ChatKitNotReadyError('timed_out', `<${TAG}> was not defined within ${timeoutMs} ms`)));
    // More than a timer can count would be over at once.
    const timer = setTimeout(late, Math.min(timeoutMs, LONGEST_TIMER_MS));
    signal?.addEventListener('abort', leave);
    window.addEventListener('error', fail, true);
    void customElements.whenDefined(TAG).then(() => end(resolve));
  });
}

function watch(): void {
  if (isWatching || typeof customElements === 'undefined') return;
  isWatching = true;
  whenChatKitReady().catch(() => change('error'));
  void customElements.whenDefined(TAG).then(() => change('ready'));
}

function change(next: ChatKitStatus): void {
  status = next;
  for (const listener of listeners) listener();
}

function isDefined(): boolean {
  return typeof customElements !== 'undefined' && customElements.get(TAG) !== undefined;
}

/** A script's failure is told to itself alone and does not bubble: it can only be caught on its way down. */
function isItsScript(target: EventTarget | null): target is HTMLScriptElement {
  return target instanceof HTMLScriptElement && SCRIPT.test(target.src);
}
