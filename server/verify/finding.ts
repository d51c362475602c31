/** One line of `npm run verify`. */
export interface Finding {
  /** What was looked at, in a word or two. */
  name: string;
  ok: boolean;
  /** What was found: a fact, or the fault. */
  text: string;
  /** With a fault: what to do about it. */
  advice?: string;
}

/** Something about a deployment is wrong. The message names it, `advice` says what to do; neither holds a token. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly advice: string;
  constructor(message: string, advice: string, options?: ErrorOptions) {
    super(message, options);
    this.advice = advice;
  }
}

/** Runs one check, which tells a fact or throws; whatever it throws becomes a finding that is not ok. */
export async function look(name: string, check: () => Promise<string>): Promise<Finding> {
  try {
    return { name, ok: true, text: await check() };
  } catch (error) {
    if (error instanceof Fault) return { name, ok: false, text: error.message, advice: error.advice };
    const text = error instanceof Error ? error.message : String(error);
    return { name, ok: false, text, advice: 'The log of the server says more.' };
  }
}
