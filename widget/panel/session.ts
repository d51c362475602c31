import type { ErrorBody } from '../../protocol/error.ts';
import type { SessionRequest, SessionResponse, SiteView } from '../../protocol/session.ts';
import { Failure } from './failure.ts';
import type { SiteMemory } from './site-memory.ts';

/** A token this near to its end is renewed first: it has to outlive the way to the server. */
const MARGIN_MS = 30_000;
/** A server that has not answered by then counts as unreachable. */
const DEADLINE_MS = 12_000;

export interface Session {
  /** The session token, in memory only, renewed before it ends. Rejects with a `Failure`. */
  token: () => Promise<string>;
  /** A token in place of `refused`, which the server did not take; one renewal, however many ask. */
  renew: (refused: string) => Promise<string>;
  /** What the panel shows of the site; starts the session if need be. */
  site: () => Promise<SiteView>;
  /** Forgets the visitor. The next call starts as a new one. */
  forgetVisitor(): void;
}

interface SessionOptions {
  /** With a closing slash. */
  server: string;
  siteToken: string;
  memory: SiteMemory;
  now?: () => number;
}

/** One visitor's session with the chat server. */
export function createSession({ server, siteToken, memory, now = Date.now }: SessionOptions): Session {
  let current: (SessionResponse & { endsAt: number }) | undefined;
  let starting: Promise<SessionResponse> | undefined;
  /** Counts the visitors of this page: an answer for one who was forgotten meanwhile is thrown away. */
  let visitor = 0;

  function start(): Promise<SessionResponse> {
    if (starting) return starting;
    const promise = (memory.visitorToken.get() ? request() : oneTabAtATime(request)).finally(() => {
      if (starting === promise) starting = undefined;
    });
    starting = promise;
    return promise;
  }

  async function request(): Promise<SessionResponse> {
    if (!siteToken) throw new Failure('site_token_missing', 'the script tag has no data-site-token');
    const known = memory.visitorToken.get();
    const body: SessionRequest = known ? { visitor_token: known } : {};
    const asked = now();
    const askedFor = visitor;
    const response = await fetch(`${server}v1/session`, {
      method: 'POST',
      headers: { authorization: `Bearer ${siteToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      credentials: 'omit',
      redirect: 'error',
      signal: AbortSignal.timeout(DEADLINE_MS),
      referrerPolicy: 'strict-origin',
    }).catch((error: unknown) => {
      throw new Failure('unreachable', `no answer from ${server}`, error);
    });
    if (!response.ok) throw await refusal(response);
    const session = (await response.json().catch(() => undefined)) as SessionResponse | undefined;
    if (typeof session?.session_token !== 'string' || typeof session.site !== 'object')
      throw new Failure('internal', `${server} does not answer like a Pagewise server`);
    if (askedFor !== visitor) return request();
    if (session.visitor_token !== known) {
      memory.visitorToken.set(session.visitor_token);
      // Another visitor cannot read the threads of the last one.
      memory.threadId.set(undefined);
    }
    current = { ...session, endsAt: asked + session.expires_in * 1000 };
    return session;
  }

  async function token(): Promise<string> {
    if (current && now() < current.endsAt - MARGIN_MS) return current.session_token;
    return (await start()).session_token;
  }

  return {
    token,
    async renew(refused) {
      if (current?.session_token === refused) current = undefined;
      return token();
    },
    async site() {
      return (current ?? (await start())).site;
    },
    forgetVisitor() {
      visitor += 1;
      current = undefined;
      starting = undefined;
      memory.visitorToken.set(undefined);
      memory.threadId.set(undefined);
    },
  };
}

async function refusal(response: Response): Promise<Failure> {
  const { error } = ((await response.json().catch(() => ({}))) ?? {}) as Partial<ErrorBody>;
  return new Failure(error?.code ?? 'internal', error?.message ?? `the server answered ${response.status}`);
}

/** Two tabs that start at once would become two visitors, of which one loses its threads: the second waits. */
async function oneTabAtATime<T>(work: () => Promise<T>): Promise<T> {
  // Absent without https, refused in a sandboxed frame: then a second tab is a risk worth taking.
  const locks = window.origin === 'null' ? undefined : (navigator.locks as LockManager | undefined);
  return locks ? ((await locks.request('pagewise:session', work)) as T) : work();
}
