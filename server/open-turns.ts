import type { Turn } from './chatkit/turn.ts';

/** The turns that are at work, so that a server that ends can wait for them. */
export class OpenTurns {
  readonly #turns = new Set<Turn>();
  #isDraining = false;

  /** From then on no new turn may start. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  add(turn: Turn): void {
    this.#turns.add(turn);
    void turn.finished.then(() => this.#turns.delete(turn));
  }

  /** Waits for the open turns, then cancels those left, which keeps what they said. Resolves how many were cancelled. */
  async drain(deadlineMs: number): Promise<number> {
    this.#isDraining = true;
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, deadlineMs);
    });
    await Promise.race([this.settled(), deadline]);
    clearTimeout(timer);
    const left = [...this.#turns];
    for (const turn of left) turn.cancel();
    await Promise.all(left.map((turn) => turn.finished));
    return left.length;
  }

  /** Resolves when the turns that are open now have stored all they will. */
  async settled(): Promise<void> {
    await Promise.all([...this.#turns].map((turn) => turn.finished));
  }
}
