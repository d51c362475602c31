type Listener = (detail: unknown) => void;

/** Events for the host page: all of them through `on`, and those of our own on `window` as well. */
export function createHostEvents() {
  const listeners = new Map<string, Set<Listener>>();
  return {
    on: (event: string, listener: Listener): void => {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
    },
    off: (event: string, listener: Listener): void => {
      listeners.get(event)?.delete(listener);
    },
    emit: (event: string, detail?: unknown): void => {
      for (const listener of listeners.get(event) ?? [])
        try {
          listener(detail);
        } catch (error) {
          // The page's own fault: it belongs in its console, and must not stop us.
          console.error(error);
        }
      if (event.startsWith('pagewise:')) window.dispatchEvent(new CustomEvent(event, { detail }));
    },
    clear: () => listeners.clear(),
  };
}
