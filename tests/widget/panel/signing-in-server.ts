import { createChatKitEndpoint } from '../../fakes/chatkit-endpoint.ts';
import { type Received, sessionFor, startTwoOrigins, type TwoOrigins } from '../embed/two-origins.ts';

export const LOGIN = 'https://docs.example/login';

export interface SigningInServer extends TwoOrigins {
  /** Visitors without a user are sent to the login. */
  requiresSignIn: boolean;
  /** Visitor token → whose threads it opens: `v_…` nobody's in particular, `u_…` a user's. */
  visitors: Map<string, string>;
}

const refuse = (code: string) => ({
  status: 401,
  body: { error: { code, message: 'no', sign_in: { site: 'Lumen Docs', url: LOGIN } } },
});

const session = (visitor: string) => ({
  ...sessionFor({ visitor_token: visitor }),
  session_token: `session.${visitor}`,
});

/** What the panel sees of a server with users: the user token is the user's name, and a thread has one owner. */
export async function startSigningInServer(): Promise<SigningInServer> {
  const endpoints = new Map<string, ReturnType<typeof createChatKitEndpoint>>();
  const server: SigningInServer = Object.assign(await startTwoOrigins(), {
    requiresSignIn: false,
    visitors: new Map<string, string>(),
  });
  const { visitors } = server;
  let count = 0;

  const of = (owner: string): ReturnType<typeof createChatKitEndpoint> => {
    const endpoint = endpoints.get(owner) ?? createChatKitEndpoint(`thr_${owner}_`);
    endpoints.set(owner, endpoint);
    return endpoint;
  };
  function startSession(visitor = '', user?: string) {
    const owner = visitors.get(visitor);
    if (user === undefined && owner === undefined && server.requiresSignIn) return refuse('user_token_required');
    if (user === 'forged') return refuse('token_invalid');
    const next = user === undefined ? (owner ?? `v_${(count += 1)}`) : `u_${user}`;
    if (owner === next) return { status: 200, body: session(visitor) };
    if (owner?.startsWith('v_')) for (const [id, thread] of of(owner).threads) of(next).threads.set(id, thread);
    visitors.delete(visitor);
    const token = `visitor-${next}-${(count += 1)}`;
    visitors.set(token, next);
    return { status: 200, body: session(token) };
  }

  server.answer = async ({ path, method, headers, body }: Received) => {
    const visitor = headers.authorization?.replace('Bearer session.', '') ?? '';
    if (path === '/v1/session' && method === 'POST') {
      const given = body as { visitor_token?: string; user_token?: string };
      return startSession(given.visitor_token, given.user_token);
    }
    if (path !== '/v1/session' && path !== '/chatkit') return undefined;
    const owner = visitors.get(visitor);
    if (owner === undefined) return refuse('token_invalid');
    if (path === '/v1/session') {
      visitors.delete(visitor);
      return { status: 200, body: '' };
    }
    const request = new Request('http://chat.example/', { method: 'POST', body: JSON.stringify(body) });
    const response = await of(owner).handle(request);
    return { status: response.status, type: response.headers.get('content-type') ?? '', body: await response.text() };
  };
  return server;
}
