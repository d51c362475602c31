import type { ErrorBody, ErrorCode } from '../../protocol/error.ts';
import { ERROR_STATUS } from '../../protocol/error-status.ts';
import { isOwnCall } from './is-own-call.ts';
import { isServedAddress } from './is-served-address.ts';
import { readBody } from './read-body.ts';
import { readCookie } from './read-cookie.ts';

export interface CookieProxyOptions {
  /** The name of the httpOnly cookie that holds the user's token. */
  cookie: string;
  /** The address of the ChatKit server. Nothing in a request changes it. */
  target: string | URL;
  /** The path that is served; others are not found. Default: wherever the proxy is mounted. */
  path?: string;
  /** The origins of the host's own pages, where the server is not told the name that browsers use. */
  origins?: string[];
  /** Makes the token from the cookie's value, where that is not the token itself. Nothing means: not signed in. */
  token?: (cookie: string, request: Request) => string | undefined | Promise<string | undefined>;
  /** Gets what the browser is not told: why the chat server could not be reached. Default: `console.error`. */
  reportError?: (error: unknown) => void;
}

// What a ChatKit element sends, OpenAI's hosted one too. Cookies, tokens and the rest are nobody's business.
const REQUEST_HEADERS = ['accept', 'accept-language', 'chatkit-frame-instance-id', 'content-type'];
const RESPONSE_HEADERS = ['content-type', 'retry-after'];
/** Ten megabytes of dictation, in base64, are the most that an element sends. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** Bodies that a ChatKit server answers with. A page of HTML would run on the host's own origin. */
const RESPONSE_TYPES = /^(?:application\/json|text\/event-stream)\s*(?:;|$)/i;
/** What an `Authorization` header can hold. */
const TOKEN = /^[\x21-\x7e]+$/;

/**
 * Answers the chat requests of the host's own pages: takes the user's token from an httpOnly cookie, which no script
 * can read, and passes the request on with it as `Authorization: Bearer`. Streams pass chunk by chunk; when the browser
 * leaves, the request to the chat server is aborted.
 *
 * Every refusal is JSON, `{"error":{"code","message"}}`: 401 without the cookie, 403 for calls from other sites, 404
 * for other paths, 405 for other methods than POST, 502 when the chat server does not answer as one.
 */
export function createCookieProxy({
  cookie,
  target,
  path,
  origins,
  token = (value) => value,
  reportError = console.error,
}: CookieProxyOptions): (request: Request) => Promise<Response> {
  const upstream = new URL(target).href;

  return async (request) => {
    if (!isServedAddress(request, path)) return refuse('not_found', 'there is nothing here');
    if (request.method !== 'POST') return refuse('method_not_allowed', 'only POST is answered', { allow: 'POST' });
    if (!isOwnCall(request, origins)) return refuse('origin_not_allowed', 'only pages of this site may call this');
    const value = readCookie(request.headers.get('cookie'), cookie);
    const bearer = value === undefined ? undefined : await token(value, request);
    if (!bearer || !TOKEN.test(bearer)) return refuse('user_token_required', 'nobody is signed in');
    try {
      const body = await readBody(request, MAX_BODY_BYTES);
      if (!body) return refuse('body_too_large', 'the request is too large');
      return relay(await send(request, bearer, body));
    } catch (error) {
      // The browser has gone, and nobody reads this answer.
      if (!request.signal.aborted) reportError(error);
      return refuse('upstream_unavailable', 'the chat server does not answer');
    }
  };

  function send(request: Request, bearer: string, body: Uint8Array<ArrayBuffer>): Promise<Response> {
    const headers = pick(request.headers, REQUEST_HEADERS);
    headers.set('authorization', `Bearer ${bearer}`);
    // Not followed: the token is for this address alone.
    return fetch(upstream, { method: 'POST', headers, body, redirect: 'manual', signal: request.signal });
  }
}

function relay(answer: Response): Response {
  const type = answer.headers.get('content-type') ?? 'no type';
  if (!RESPONSE_TYPES.test(type)) {
    void answer.body?.cancel();
    if (answer.status === 401) return refuse('token_invalid', 'the chat server does not take this token');
    throw new Error(`the chat server answered ${answer.status} with ${type}`);
  }
  const headers = pick(answer.headers, RESPONSE_HEADERS);
  // Compressing servers hold chunks back until a block is full; these words keep them and other proxies off.
  headers.set('cache-control', 'no-store, no-transform');
  headers.set('x-accel-buffering', 'no');
  headers.set('x-content-type-options', 'nosniff');
  return new Response(answer.body, { status: answer.status, headers });
}

function refuse(code: ErrorCode, message: string, headers: Record<string, string> = {}): Response {
  const body: ErrorBody = { error: { code, message } };
  return Response.json(body, { status: ERROR_STATUS[code], headers: { 'cache-control': 'no-store', ...headers } });
}

function pick(from: Headers, names: string[]): Headers {
  const headers = new Headers();
  for (const name of names) {
    const value = from.get(name);
    if (value !== null) headers.set(name, value);
  }
  return headers;
}
