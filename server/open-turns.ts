import type { Turn } from './chatkit/turn.ts';

/** For whom a turn is at work. */
export interface TurnRight {
  siteId: string;
  /** Absent for whoever asked without being a visitor. */
  visitorId: string | undefined;
  /** Whether the right that it began with is still there. */
  isLive: () => Promise<boolean>;
}

/** The turns that are at work, so that a server that ends can wait for them, and a right that ends ends them too. */
export class OpenTurns {
  readonly #turns = new Map<Turn, TurnRight>();
  #isDraining = false;

  /** From then on no new turn may start. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  add(turn: Turn, right: TurnRight): void {
    this.#turns.set(turn, right);
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
    const left = [...this.#turns.keys()];
    for (const turn of left) turn.cancel();
    await Promise.all(left.map((turn) => turn.finished));
    return left.length;
  }

  /** Resolves when the turns that are open now have stored all they will. */
  async settled(): Promise<void> {
    await Promise.all([...this.#turns.keys()].map((turn) => turn.finished));
  }

  /** Cancels the turns of a visitor; resolves when what they said is stored. */
  async endOf(siteId: string, visitorId: string): Promise<void> {
    await this.#cancel([...this.#turns].filter(([, of]) => of.siteId === siteId && of.visitorId === visitorId));
  }

  /** Cancels the turns whose right has gone. One whose right cannot be looked up goes on. */
  async endUnentitled(): Promise<void> {
    const turns = [...this.#turns];
    const live = await Promise.all(turns.map(([, { isLive }]) => isLive().catch(() => true)));
    await this.#cancel(turns.filter((_, index) => live[index] === false));
  }

  async #cancel(turns: [Turn, TurnRight][]): Promise<void> {
    for (const [turn] of turns) turn.cancel();
    await Promise.all(turns.map(([turn]) => turn.finished));
  }
}
