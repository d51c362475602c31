import { type Context, type McpServer, type McpSource, needsUserToken } from '../../context.ts';
import { McpError } from './mcp-error.ts';
import type { TokenExchange } from './token-exchange.ts';

/** What goes along with one request, besides what the model wrote. */
export interface Credentials {
  headers: Record<string, string>;
  args: Record<string, unknown>;
  meta: Record<string, unknown>;
  /** What of it must not come back in an answer. */
  secrets: string[];
}

export interface CredentialsDeps {
  /** The credential of mode `service` of this site's server, or the client's secret of `token_exchange`. */
  loadSecret: (siteId: string, server: string) => Promise<string | undefined>;
  exchange: TokenExchange;
  /** Milliseconds. */
  now: () => number;
}

export interface UserToken {
  token: string;
  /** As the site signed them: it was verified when the user signed in. */
  claims: Record<string, unknown>;
}

export interface CredentialSource {
  /** For each request to the server anew. Throws `McpError` when there is nobody to call for. */
  load(server: McpServer, context: Context): Promise<Credentials>;
  /** After a refusal: whether `load` will try with another credential. */
  renew(server: McpServer, context: Context): boolean;
}

/** A token that a model sees may be good for so long, from its issue on. */
const EXPOSED_SECONDS = 5 * 60;
/** Shorter claims are words like any other. */
const SECRET_CHARS = 8;

const NONE: Credentials = { headers: {}, args: {}, meta: {}, secrets: [] };

export function createCredentialSource({ loadSecret, exchange, now }: CredentialsDeps): CredentialSource {
  async function load(server: McpServer, context: Context): Promise<Credentials> {
    const { auth } = server;
    switch (auth.mode) {
      case 'none':
        return NONE;
      case 'service': {
        const value = await loadSecret(context.site.id, server.name);
        // Never without: a server that lets everybody in would answer as nobody.
        if (value === undefined) throw new McpError('refused', 'The website has not set a credential for this tool.');
        return { ...NONE, headers: { [auth.header]: value }, secrets: [value.replace(/^Bearer\s+/i, '')] };
      }
      case 'user_header': {
        const { token, claims } = await readUserToken(context, now);
        const audience = auth.audience ?? server.url;
        if (claims['aud'] !== audience && auth.allowForeignAudience !== true)
          throw new McpError('refused', 'The user’s token is not meant for this tool’s server.');
        return bearer(token);
      }
      case 'token_exchange':
        return bearer(await exchange.tokenFor(server, await readUserToken(context, now), context));
      case 'inject_args':
        return { ...NONE, ...(await readSources('args', auth.args, context, now)) };
      case 'meta':
        return { ...NONE, ...(await readSources('meta', auth.meta, context, now)) };
      case 'legacy_prompt':
        return { ...NONE, ...(await readSources('args', auth.args, context, now, EXPOSED_SECONDS)) };
    }
  }
  return {
    load,
    renew: (server, context) => server.auth.mode === 'token_exchange' && exchange.forget(server, context),
  };
}

function bearer(token: string): Credentials {
  return { ...NONE, headers: { authorization: `Bearer ${token}` }, secrets: [token] };
}

/** Whether whoever asks has what this server needs. Without it its tools are not offered. */
export function mayUse(server: McpServer, { user, userToken }: Context): boolean {
  if (server.auth.mode === 'none' || server.auth.mode === 'service') return true;
  return user !== undefined && (userToken !== undefined || !needsUserToken(server));
}

async function readUserToken({ userToken }: Context, now: () => number): Promise<UserToken> {
  const token = await userToken?.();
  const claims = token === undefined ? {} : readClaims(token);
  if (token === undefined || !(Number(claims['exp']) * 1000 > now()))
    throw new McpError('auth_required', 'The user has to sign in to the website again before this tool can be used.');
  return { token, claims };
}

async function readSources(
  part: 'args' | 'meta',
  sources: Record<string, McpSource>,
  context: Context,
  now: () => number,
  maxSeconds = Number.POSITIVE_INFINITY,
): Promise<Partial<Credentials>> {
  const isOfToken = Object.values(sources).some((source) => source !== 'user_id');
  const known = isOfToken ? await readUserToken(context, now) : undefined;
  if (known && !(Number(known.claims['exp']) - Number(known.claims['iat']) <= maxSeconds))
    throw new McpError('refused', 'The user’s token is good for too long to be used with this tool.');
  const values = Object.fromEntries(
    Object.entries(sources).map(([name, source]) => {
      const value = readSource(source, context, known);
      if (value === undefined)
        throw new McpError('auth_required', 'The user’s sign-in does not say what this tool needs.');
      return [name, value];
    }),
  );
  const secrets = Object.entries(sources).flatMap(([name, source]) => {
    const value = values[name];
    return source !== 'user_id' && typeof value === 'string' && value.length >= SECRET_CHARS ? [value] : [];
  });
  return { [part]: values, secrets: known ? [...new Set([known.token, ...secrets])] : [] };
}

function readSource(source: McpSource, { user }: Context, known: UserToken | undefined): unknown {
  if (source === 'user_id') return user?.id;
  if (source === 'user_token') return known?.token;
  const claim = source.slice('claim:'.length);
  return known && Object.hasOwn(known.claims, claim) ? known.claims[claim] : undefined;
}

function readClaims(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}
