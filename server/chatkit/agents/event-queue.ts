/** What was pushed, in that order, for one reader that waits for it. */
export class EventQueue<T> {
  #entries: T[] = [];
  #wake: (() => void) | undefined;

  push(entry: T): void {
    this.#entries.push(entry);
    this.#wake?.();
    this.#wake = undefined;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  clear(): void {
    this.#entries = [];
  }

  /** All that is there, at least one entry: waits while there is none. */
  async take(): Promise<T[]> {
    if (this.#entries.length === 0)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    const entries = this.#entries;
    this.#entries = [];
    return entries;
  }
}
