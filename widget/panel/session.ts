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
  /** From now on the user of this token is asking: the next session shows it to the server. */
  identify: (userToken: string) => void;
  /** Looks whether another tab has signed in or out meanwhile; this one then follows it. */
  followOtherTabs: () => void;
  /** Forgets the visitor, here alone. The next call starts as a new one. */
  forgetVisitor: () => void;
  /** Forgets visitor and user at once, and ends the visitor at the server. Rejects when the server was not told. */
  logout: () => Promise<void>;
}

interface SessionOptions {
  /** With a closing slash. */
  server: string;
  siteToken: string;
  /** The site's proof of who the user is, if it has given one. */
  userToken?: string | undefined;
  memory: SiteMemory;
  /** What is on screen is another visitor's from now on. */
  onVisitor: () => void;
  now?: () => number;
}

/** One visitor's session with the chat server. */
export function createSession({
  server,
  siteToken,
  memory,
  onVisitor,
  now = Date.now,
  ...given
}: SessionOptions): Session {
  let current: (SessionResponse & { endsAt: number }) | undefined;
  let starting: Promise<SessionResponse> | undefined;
  /** Not shown to the server yet, or refused. It is never left out then: a user must not turn into somebody else. */
  let userToken = given.userToken;
  /** Counts the visitors of this page: an answer for one who was forgotten meanwhile is thrown away. */
  let visitor = 0;

  function start(): Promise<SessionResponse> {
    starting ??= (memory.visitorToken.get() && !userToken ? request() : oneTabAtATime(request)).finally(() => {
      starting = undefined;
    });
    return starting;
  }

  async function request(): Promise<SessionResponse> {
    const known = memory.visitorToken.get();
    const shown = userToken;
    const asked = now();
    const askedFor = visitor;
    const session = await ask(known, shown).catch((error: unknown) => {
      if (askedFor === visitor) throw error;
    });
    if (!session || askedFor !== visitor) return request();
    current = { ...session, endsAt: asked + session.expires_in * 1000 };
    userToken = undefined;
    if (session.visitor_token !== known) {
      memory.visitorToken.set(session.visitor_token);
      // Another visitor cannot read the threads of the last one; one who signs in takes them along.
      if (!shown) memory.threadId.set(undefined);
      onVisitor();
    }
    return session;
  }

  async function ask(visitorToken: string | undefined, shown?: string): Promise<SessionResponse> {
    if (!siteToken) throw new Failure('site_token_missing', 'the script tag has no data-site-token');
    const body: SessionRequest = {
      ...(visitorToken && { visitor_token: visitorToken }),
      ...(shown && { user_token: shown }),
    };
    const response = await call(siteToken, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw await refusal(response, visitorToken !== undefined, shown !== undefined);
    const session = (await response.json().catch(() => undefined)) as SessionResponse | undefined;
    if (typeof session?.session_token !== 'string' || typeof session.site !== 'object')
      throw new Failure('internal', `${server} does not answer like a Pagewise server`);
    return session;
  }

  async function call(bearer: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(`${server}v1/session`, {
        ...init,
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        credentials: 'omit',
        redirect: 'error',
        signal: AbortSignal.timeout(DEADLINE_MS),
        referrerPolicy: 'strict-origin',
      });
    } catch (error) {
      throw new Failure('unreachable', `no answer from ${server}`, error);
    }
  }

  async function token(): Promise<string> {
    if (current && now() < current.endsAt - MARGIN_MS) return current.session_token;
    return (await start()).session_token;
  }

  function drop(): void {
    visitor += 1;
    current = undefined;
  }

  function forgetVisitor(): void {
    drop();
    memory.visitorToken.set(undefined);
    memory.threadId.set(undefined);
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
    identify(given) {
      drop();
      userToken = given;
    },
    followOtherTabs() {
      if (!current || current.visitor_token === memory.visitorToken.get()) return;
      drop();
      onVisitor();
    },
    forgetVisitor,
    async logout() {
      const visitorToken = memory.visitorToken.get();
      const session = current && now() < current.endsAt ? current : undefined;
      forgetVisitor();
      userToken = undefined;
      if (!visitorToken) return;
      try {
        const { session_token } = session ?? (await ask(visitorToken));
        // A page that logs out often goes elsewhere at once.
        const response = await call(session_token, { method: 'DELETE', keepalive: true });
        // Refused: another tab was faster.
        if (!response.ok && response.status !== 401) throw await refusal(response);
      } catch (error) {
        // A sign-in that has lapsed opens nothing any more.
        if (!(error instanceof Failure && error.signIn)) throw error;
      }
    },
  };
}

async function refusal(response: Response, isKnown = false, isUser = false): Promise<Failure> {
  const { error } = ((await response.json().catch(() => ({}))) ?? {}) as Partial<ErrorBody>;
  // Of the two tokens it is the user's that lives for minutes: a page that stood open has outlived it.
  const code = isUser && error?.code === 'token_expired' ? 'sign_in_expired' : (error?.code ?? 'internal');
  const failure = new Failure(code, error?.message ?? `the server answered ${response.status}`);
  if (code === 'user_token_required' || code === 'sign_in_expired')
    failure.signIn = { ...error?.sign_in, lapsed: isKnown };
  return failure;
}

/** Two tabs that start at once would become two visitors, of which one loses its threads: the second waits. */
async function oneTabAtATime<T>(work: () => Promise<T>): Promise<T> {
  // Absent without https, refused in a sandboxed frame: then a second tab is a risk worth taking.
  const locks = window.origin === 'null' ? undefined : (navigator.locks as LockManager | undefined);
  return locks ? ((await locks.request('pagewise:session', work)) as T) : work();
}
