import type { SessionRequest, SessionResponse, SiteView } from '../../protocol/session.ts';
import type { Site } from '../context.ts';
import { ApiError } from '../errors.ts';
import { parseBearer } from './bearer.ts';
import { originPatterns, requireOrigin } from './origin.ts';
import type { SiteTokens } from './site-tokens.ts';
import { SESSION_LIFETIME, type Tokens } from './tokens.ts';
import { recogniseVisitor, type VisitorStore } from './visitors.ts';

/** What a call says about who makes it, untouched. */
interface Caller {
  /** The whole `Authorization` header. */
  bearer: string | undefined;
  /** The `Origin` header. */
  origin: string | undefined;
}

/** Who may do what. Every refusal is an `ApiError`, and no message says more than its code. */
export interface Auth {
  /** A session for a page of a site: the known visitor of `visitor_token`, or a new one. */
  createSession(input: Caller & { body: SessionRequest }): Promise<SessionResponse>;
  /** The site and the owner that a session speaks for, from the origin that it was made for. */
  authenticate(input: Caller): Promise<{ site: Site; owner: string }>;
  /** Whether some site lets this origin in: for a preflight, which carries no token. */
  isKnownOrigin(origin: string): Promise<boolean>;
}

export interface AuthOptions {
  sites: {
    find(siteId: string): Promise<Site | undefined>;
    hasOrigin(entry: string): Promise<boolean>;
    siteView(site: Site): SiteView;
  };
  visitors: VisitorStore;
  tokens: Tokens;
  siteTokens: SiteTokens;
  /** Milliseconds. */
  now: () => number;
}

export function createAuth({ sites, visitors, tokens, siteTokens, now }: AuthOptions): Auth {
  async function requireSite(siteId: string): Promise<Site> {
    const site = await sites.find(siteId);
    if (!site) throw new ApiError('token_invalid', 'The token is not valid here.');
    return site;
  }

  return {
    async createSession({ bearer, origin: sent, body }) {
      const token = parseBearer(bearer);
      if (token === undefined) throw new ApiError('site_token_missing', 'A site token is needed as Bearer.');
      const proof = await tokens.verifySite(token);
      const site = await requireSite(proof.siteId);
      if (!(await siteTokens.isLive(site.id, proof.id)))
        throw new ApiError('token_invalid', 'The token is not valid here.');
      // The token is an upper bound: the site may have fewer origins by now, and new ones need a new token.
      const origin = requireOrigin(sent, site.origins, proof.origins);
      // Never silently anonymous: whoever sends a user token means that user.
      if (body.user_token !== undefined)
        throw new ApiError('not_implemented', 'This server does not take user tokens yet.');
      const visitor = await recogniseVisitor({
        store: visitors,
        siteId: site.id,
        origin,
        token: body.visitor_token,
        now: now(),
      });
      return {
        session_token: await tokens.signSession({ visitorId: visitor.id, siteId: site.id, origin, epoch: site.epoch }),
        expires_in: SESSION_LIFETIME,
        visitor_token: visitor.token,
        site: sites.siteView(site),
      };
    },

    async authenticate({ bearer, origin: sent }) {
      const token = parseBearer(bearer);
      if (token === undefined) throw new ApiError('session_token_missing', 'A session token is needed as Bearer.');
      const proof = await tokens.verifySession(token);
      const site = await requireSite(proof.siteId);
      const origin = requireOrigin(sent, site.origins);
      if (origin !== proof.origin) throw new ApiError('origin_mismatch', 'The session was made for another origin.');
      // As good as expired: the remedy is the same, a new session.
      if (proof.epoch !== site.epoch) throw new ApiError('token_expired', 'The session has ended.');
      return { site, owner: proof.visitorId };
    },

    async isKnownOrigin(origin) {
      const found = await Promise.all(originPatterns(origin).map((entry) => sites.hasOrigin(entry)));
      return found.includes(true);
    },
  };
}
