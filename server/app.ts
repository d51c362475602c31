import { Hono } from 'hono';
import { routePath } from 'hono/route';
import { z } from 'zod';
import type { ErrorBody } from '../protocol/error.ts';
import { ERROR_STATUS } from '../protocol/error-status.ts';
import type { SessionRequest, SessionResponse } from '../protocol/session.ts';
import type { Grant } from './auth/auth.ts';
import type { ChatKitServer } from './chatkit/chatkit-server.ts';
import { ChatKitError } from './chatkit/errors.ts';
import { parseRequest } from './chatkit/parse-request.ts';
import { Turn } from './chatkit/turn.ts';
import type { Context } from './context.ts';
import { ApiError } from './errors.ts';
import type { FileAttachments } from './files/file-attachments.ts';
import type { Log } from './log.ts';
import type { OpenTurns } from './open-turns.ts';
import { chatkitBodyCap } from './routes/body-cap.ts';
import { cors } from './routes/cors.ts';
import { serveFiles } from './routes/files.ts';
import { readJson } from './routes/read-json.ts';
import { type Scripts, serveScripts } from './routes/scripts.ts';

interface Caller {
  bearer: string | undefined;
  origin: string | undefined;
}

export interface AppDeps {
  auth: {
    createSession(input: Caller & { body: SessionRequest }): Promise<SessionResponse>;
    authenticate(input: Caller): Promise<Grant>;
    isLive(grant: Grant): Promise<boolean>;
    endSession(input: Caller): Promise<void>;
    isKnownOrigin(origin: string): Promise<boolean>;
  };
  chatkit: ChatKitServer<Context>;
  /** What an operator does, and who is one: throws for everybody else. Without it nobody is. */
  operator?: { routes: Hono; check: (caller: Caller) => void };
  /** Without it the server takes no attachments. */
  files?: FileAttachments;
  turns: OpenTurns;
  scripts: Scripts;
  /** Rejects when nothing can be stored. */
  checkStorage: () => Promise<void>;
  log: Log;
}

const sessionRequest = z.object({ visitor_token: z.string().optional(), user_token: z.string().optional() });

// `no-transform`: a proxy that compresses would hold deltas back. `x-accel-buffering`: nginx would collect them.
const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};

/** All routes of the server. Every refusal is `{"error":{"code","message"}}`; what is unknown is logged, not shown. */
export function createApp({ auth, chatkit, operator, files, turns, scripts, checkStorage, log }: AppDeps): Hono {
  const app = new Hono();

  app.use(async (c, next) => {
    c.header('x-content-type-options', 'nosniff');
    c.header('cache-control', 'no-store');
    try {
      await next();
    } catch (cause) {
      // Only an `Error` reaches `onError`; the rest would go out as an answer that no page can read.
      throw cause instanceof Error ? cause : new Error('what was thrown is no error', { cause });
    }
  });
  const authenticate = async (request: Request): Promise<Context> =>
    toContext(await auth.authenticate(callerOf(request)), request.signal);
  const isKnownOrigin = (origin: string) => auth.isKnownOrigin(origin);
  app.use('/v1/session', cors(isKnownOrigin, 'POST, DELETE'));
  app.use('/chatkit', cors(isKnownOrigin, 'POST'));
  app.use('/v1/files/*', cors(isKnownOrigin, 'GET, POST, PUT'));

  app.post('/v1/session', async (c) => {
    const body = sessionRequest.safeParse(await readJson(c.req.raw));
    if (!body.success) throw new ApiError('invalid_request', 'visitor_token and user_token are strings');
    const { visitor_token, user_token } = body.data;
    return c.json(
      await auth.createSession({
        ...callerOf(c.req.raw),
        body: {
          ...(visitor_token !== undefined && { visitor_token }),
          ...(user_token !== undefined && { user_token }),
        },
      }),
    );
  });

  app.delete('/v1/session', async (c) => {
    await auth.endSession(callerOf(c.req.raw));
    return c.body(null, 204);
  });

  app.post('/chatkit', async (c) => {
    const grant = await auth.authenticate(callerOf(c.req.raw));
    const asking = toContext(grant, c.req.raw.signal);
    const request = parseRequest(await readJson(c.req.raw, chatkitBodyCap));
    if (turns.isDraining) throw new ApiError('not_ready', 'the server is about to end');
    const result = await chatkit.process(request, { ...asking, metadata: request.metadata });
    if (!(result instanceof Turn)) return c.json(result.json as object);
    turns.add(result, { siteId: grant.site.id, visitorId: grant.visitorId, isLive: () => auth.isLive(grant) });
    return c.body(result.read(), 200, STREAM_HEADERS);
  });

  if (operator) {
    app.use('/v1/operator/*', async (c, next) => {
      operator.check(callerOf(c.req.raw));
      await next();
    });
    app.route('/', operator.routes);
  }

  if (files) app.route('/v1/files', serveFiles({ authenticate, files }));

  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    if (turns.isDraining) throw new ApiError('not_ready', 'the server is about to end');
    await checkStorage();
    return c.json({ status: 'ready' });
  });

  const script = serveScripts(scripts);
  for (const path of scripts.keys()) app.get(path, script);

  const allowed: [string, string][] = [
    ['/v1/session', 'POST, DELETE, OPTIONS'],
    ['/chatkit', 'POST, OPTIONS'],
    ...['/healthz', '/readyz', ...scripts.keys()].map((path): [string, string] => [path, 'GET, HEAD']),
  ];
  for (const [path, allow] of allowed)
    app.all(path, (c) => {
      c.header('allow', allow);
      throw new ApiError('method_not_allowed', 'this path does not answer this method');
    });
  app.notFound(() => {
    throw new ApiError('not_found', 'there is nothing here');
  });

  app.onError((error, c) => {
    const body = toErrorBody(error);
    const { code } = body.error;
    const status = ERROR_STATUS[code];
    if (code === 'internal' || code === 'storage_unavailable')
      // The pattern and not the path: the address of a preview is a key.
      log.error({ err: error, code, status, route: routePath(c, -1) }, 'a request failed');
    return c.json(body, status);
  });
  return app;
}

function toErrorBody(error: Error): ErrorBody {
  if (error instanceof ApiError || error instanceof ChatKitError)
    return { error: { code: error.code, message: error.message, ...signInOf(error) } };
  return { error: { code: 'internal', message: 'something went wrong here' } };
}

function toContext({ site, owner, user, userToken }: Grant, signal: AbortSignal): Context {
  return { site, owner, ...(user && { user }), ...(userToken && { userToken }), metadata: {}, signal };
}

function signInOf(error: ApiError | ChatKitError): Pick<ErrorBody['error'], 'sign_in'> {
  return error instanceof ApiError && error.signIn ? { sign_in: error.signIn } : {};
}

function callerOf(request: Request): Caller {
  const { headers } = request;
  return { bearer: headers.get('authorization') ?? undefined, origin: headers.get('origin') ?? undefined };
}
