/** `window.pagewise`, as documented: pages of others rely on every name. */
export interface WindowApi {
  /** Resolves when the composer can be typed in. */
  open: () => Promise<void>;
  close: () => void;
  toggle: () => void;
  /** Opens the panel and sends `text` as the visitor's message. */
  ask: (text: string) => Promise<void>;
  /**
   * `userToken` is the site's own proof of who is signed in. With the panel open it resolves when the server believes
   * it and rejects when not; before, it is kept for the first click.
   */
  identify: (userToken: string) => Promise<void>;
  /** Ends the visitor of this browser, here and at the server, and goes on as a new one. */
  logout: () => Promise<void>;
  /** An object, or a function that gives one at every send: data about the page that the agent may read. */
  setContext: (value: unknown) => void;
  on(event: string, listener: (detail: unknown) => void): void;
  off(event: string, listener: (detail: unknown) => void): void;
  /** Removes everything of ours from the page. The script can be loaded again after it. */
  destroy: () => void;
}

/**
 * Puts `api` on `window.pagewise` and runs what a page queued there before: `pagewise.push(['open'])`. `push` keeps
 * working afterwards, so that a page need not know whether we have loaded. Returns what takes it away again.
 */
export function installWindowApi(api: WindowApi): () => void {
  const page = window as { pagewise?: unknown };
  const queue = page.pagewise;
  const guarded = Object.fromEntries(Object.entries(api).map(([name, method]) => [name, guard(method)]));
  const push = (...commands: unknown[]): void => {
    for (const command of commands) run(command);
  };

  function run(command: unknown): void {
    const [name, ...rest] = Array.isArray(command) ? (command as unknown[]) : [command];
    const method = typeof name === 'string' && Object.hasOwn(guarded, name) ? guarded[name] : undefined;
    if (method) method(...rest);
    else console.error('Pagewise: unknown command in the queue:', command);
  }

  const installed = { ...guarded, push };
  page.pagewise = installed;
  if (Array.isArray(queue)) push(...(queue as unknown[]));
  return () => {
    if (page.pagewise === installed) delete page.pagewise;
  };
}

type Method = (...values: unknown[]) => unknown;

/** A rejection stays there for whoever awaits it, and is no "unhandled rejection" for a page that does not. */
function guard(method: unknown): Method {
  return (...values) => {
    const result = (method as Method)(...values);
    // Not by `instanceof`: pages put other promises in the place of `Promise`.
    (result as Partial<Promise<unknown>> | undefined)?.catch?.(() => undefined);
    return result;
  };
}
