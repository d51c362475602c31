import type { PageContextLevel } from '../protocol/page-context.ts';
import type { SitePrompt } from '../protocol/session.ts';

/** What the owner of a site has set. Everything has a default, so a new site needs a name and an origin. */
export interface SiteSettings {
  greeting?: string;
  placeholder?: string;
  disclaimer?: string;
  prompts: SitePrompt[];
  theme: 'auto' | 'light' | 'dark';
  /** A CSS hex colour. */
  accent?: string;
  pageContext: PageContextLevel;
  /** Words of the site's owner for the model: the only ones of a site that count as instructions. */
  instructions?: string;
  /** The name of another model at the endpoint of this server. */
  model?: string;
  identity: SiteIdentity;
  /** Servers of the Model Context Protocol whose tools the agent may use. */
  mcpServers: McpServer[];
  /** Nobody is let in, and nothing is lost. */
  suspended?: boolean;
}

/** How the site proves who its users are. The secrets of mode `secret` are kept apart, wrapped. */
export type SiteIdentity =
  | { mode: 'none' }
  | (ProvenIdentity & { mode: 'jwks' /** Where the public keys of the issuer are. */; jwksUrl: string })
  | (ProvenIdentity & { mode: 'secret' });

interface ProvenIdentity {
  /** `iss` of its user tokens, compared as it is. */
  issuer: string;
  /** Nobody chats without a user token. */
  requireSignIn: boolean;
  /** Where the panel sends who has to sign in. */
  signInUrl?: string;
  /** `/chatkit` takes a user token itself as Bearer. */
  directUserToken: boolean;
  /** Names of the claims that the agent may know, besides the name. */
  claims: string[];
  /** For how long a sign-in is renewed without another user token: more than 0, at most 24. */
  signInHours: number;
}

/** A server of the Model Context Protocol, reached over Streamable HTTP. */
export interface McpServer {
  /** Of one site no two have the same. Begins the name of each of its tools for the model: `orders__find`. */
  name: string;
  url: string;
  auth: McpAuth;
  /** Of its tools only these; all of them without it. */
  tools?: string[];
  /** These run unasked although the server does not mark them as reading only. */
  readTools?: string[];
}

/** How a call says whom it is for. What is secret of it is kept apart, wrapped. */
export type McpAuth =
  | { mode: 'none' }
  /** The same credential for everybody, in this header. */
  | { mode: 'service'; header: string }
  /** The user's own token as Bearer, when its `aud` is `audience`: without it, the address of the server. */
  | { mode: 'user_header'; audience?: string; allowForeignAudience?: boolean }
  /** RFC 8693: the user's token for another one that is meant for this server. */
  | {
      mode: 'token_exchange';
      tokenUrl: string;
      resource?: string;
      audience?: string;
      scope?: string;
      clientId?: string;
    }
  /** Parameters that no model sees or sets, by their names. */
  | { mode: 'inject_args'; args: Record<string, McpSource> }
  /** Fields of the call's `_meta`, by their names. */
  | { mode: 'meta'; meta: Record<string, McpSource> }
  /** For servers that know nothing else: parameters whose values the model reads in its instructions. */
  | { mode: 'legacy_prompt'; args: Record<string, McpSource>; dangerouslyExposeCredentialsToModel: true };

/** What of the user goes along with a call. */
export type McpSource = 'user_id' | 'user_token' | `claim:${string}`;

/** Whether the user's token itself is needed to call this server. */
export function needsUserToken({ auth }: McpServer): boolean {
  if (auth.mode === 'user_header' || auth.mode === 'token_exchange') return true;
  if (auth.mode === 'none' || auth.mode === 'service') return false;
  return Object.values(auth.mode === 'meta' ? auth.meta : auth.args).some((source) => source !== 'user_id');
}

/** Not what `Object.prototype` has, and nothing that a URL, a query or a log line would have to escape. */
export const SITE_ID = /^[A-Za-z0-9][\w-]{0,63}$/;

/** A customer's website that embeds us and owns its threads. */
export interface Site {
  /** As `SITE_ID` says. */
  id: string;
  name: string;
  /** Serialised origins, and wildcards for one label: `https://*.example.com`. An empty list lets nobody in. */
  origins: string[];
  /** Raised to end all sessions of the site at once. */
  epoch: number;
  settings: SiteSettings;
}

/** Someone whom the site knows, from a user token that was verified. */
export interface User {
  /** `sub` of the token. */
  id: string;
  /** `name` of the token. */
  name?: string;
  /** Of the other claims those that the site has chosen. */
  claims: Record<string, unknown>;
}

/**
 * Who is asking, for one request: the first parameter of every store call. Only `auth/` makes one. It holds no
 * credential, because what a run can reach may end in a prompt, a trace or a log.
 */
export interface Context {
  site: Site;
  /** `v_…` for a visitor, `u_…` for a user: whose threads these are. */
  owner: string;
  /** Who that is, when the site has proven it. */
  user?: User;
  /** What the client said about the page and itself: data to show to a model, proof of nothing. */
  metadata: Record<string, unknown>;
  /**
   * The token by which the site has proven the user, for calls in the user's name; `undefined` when there is none any
   * more. Ask at each call. A function, because what it gives must not be stored with a run or printed.
   */
  userToken?: () => Promise<string | undefined>;
  /** Aborted when nobody waits for the answer any more. */
  signal: AbortSignal;
}
