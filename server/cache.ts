export interface Cache<T> {
  /** What is known of `key`, or what `load` resolves to; calls at the same time load once. A failure is not kept. */
  get(key: string, load: () => Promise<T>): Promise<T>;
  /** The next one who asks for `key` loads it. */
  forget(key: string): void;
  clear(): void;
}

/** Keys often come from outside, so what is remembered is bounded: the entry that was loaded first goes. */
const MAX_ENTRIES = 1_000;

/** Remembers what was loaded for `maxAge` milliseconds, counted from when it was asked for. `now` in milliseconds. */
export function createCache<T>(maxAge: number, now: () => number): Cache<T> {
  const entries = new Map<string, { value: Promise<T>; at: number }>();
  return {
    get(key, load) {
      const known = entries.get(key);
      if (known && now() - known.at < maxAge) return known.value;
      const value = load();
      entries.delete(key);
      entries.set(key, { value, at: now() });
      const [oldest] = entries.keys();
      if (entries.size > MAX_ENTRIES && oldest !== undefined) entries.delete(oldest);
      // A failure is not an answer: the next call asks again.
      value.catch(() => {
        if (entries.get(key)?.value === value) entries.delete(key);
      });
      return value;
    },
    forget: (key) => void entries.delete(key),
    clear: () => entries.clear(),
  };
}
