import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Context, McpServer } from '../../context.ts';
import type { GuardedFetch } from '../../net/guarded-fetch.ts';
import type { UserToken } from './credentials.ts';
import { McpError } from './mcp-error.ts';

/** RFC 8693: tokens for servers in exchange for users' own. */
export interface TokenExchange {
  /** Throws `McpError` when there is none: the user's own token never goes in its place. */
  tokenFor(server: McpServer, user: UserToken, context: Context): Promise<string>;
  /** What is remembered of this user and server; whether it was anything. */
  forget(server: McpServer, context: Context): boolean;
}

export interface TokenExchangeDeps {
  guardedFetch: GuardedFetch;
  /** The client's secret at the endpoint, where it has one. */
  loadSecret: (siteId: string, server: string) => Promise<string | undefined>;
  /** Milliseconds. */
  now: () => number;
}

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 64 * 1024;
/** A token must not run out on its way; one that ends sooner is used once. */
const EARLY_MS = 60_000;
/** The one that was got first goes. */
const MAX_ENTRIES = 1_000;

const answer = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]{1,16384}$/),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.coerce.number().positive().optional().catch(undefined),
});

export function createTokenExchange({ guardedFetch, loadSecret, now }: TokenExchangeDeps): TokenExchange {
  const known = new Map<string, { token: string; until: number; of: string }>();
  return {
    async tokenFor(server, user, context) {
      const key = keyOf(server, context);
      const of = createHash('sha256').update(user.token).digest('base64url');
      const found = known.get(key);
      // One that was got with a token that the user has no more is as good as revoked.
      if (found?.of === of && found.until > now()) return found.token;
      // The token of an issuer that says no end is used once.
      const { access_token, expires_in = 0 } = await ask(server, user, context);
      const exp = Number(user.claims['exp']) * 1000;
      known.delete(key);
      known.set(key, { token: access_token, until: Math.min(now() + expires_in * 1000, exp) - EARLY_MS, of });
      const [oldest] = known.keys();
      if (known.size > MAX_ENTRIES && oldest !== undefined) known.delete(oldest);
      return access_token;
    },
    forget: (server, context) => known.delete(keyOf(server, context)),
  };

  async function ask({ auth, name, url }: McpServer, { token }: UserToken, context: Context) {
    if (auth.mode !== 'token_exchange') throw new McpError('refused', 'The website exchanges no token here.');
    const secret = await loadSecret(context.site.id, name);
    const body = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      // RFC 8707: which server the token is for, said always.
      resource: auth.resource ?? url,
      ...(auth.audience !== undefined && { audience: auth.audience }),
      ...(auth.scope !== undefined && { scope: auth.scope }),
      ...(secret === undefined && auth.clientId !== undefined && { client_id: auth.clientId }),
    });
    const response = await guardedFetch(auth.tokenUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        ...(secret !== undefined && { authorization: basic(auth.clientId ?? '', secret) }),
      },
      body: body.toString(),
      signal: context.signal,
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
    }).catch((cause: unknown) => failed(cause));
    const parsed = answer.safeParse(await response.json().catch(failed));
    if (!response.ok || !parsed.success) return failed(new Error(`status ${response.status}`));
    return parsed.data;
  }
}

function failed(cause: unknown): never {
  throw new McpError('failed', 'No token for this tool’s server could be had for the user.', { cause });
}

/** Of one user of one site, for this server as it is set now. */
function keyOf({ url, auth }: McpServer, { site, owner }: Context): string {
  return JSON.stringify([site.id, owner, url, auth]);
}

/** RFC 6749 §2.3.1: both parts are form-encoded before they are joined. */
function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${toForm(id)}:${toForm(secret)}`).toString('base64')}`;
}

function toForm(text: string): string {
  return new URLSearchParams({ x: text }).toString().slice('x='.length);
}
