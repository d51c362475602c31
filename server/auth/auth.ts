import type { SessionRequest, SessionResponse, SiteView } from '../../protocol/session.ts';
import { createCache } from '../cache.ts';
import { needsUserToken, type Site, type User } from '../context.ts';
import { ApiError } from '../errors.ts';
import { parseBearer } from './bearer.ts';
import type { KeptTokens } from './kept-tokens.ts';
import { originPatterns, requireOrigin } from './origin.ts';
import { comeBack, requiresSignIn, type SignInDeps, signIn, signInNeeded } from './sign-in.ts';
import type { SiteTokens } from './site-tokens.ts';
import { SESSION_LIFETIME, type Tokens } from './tokens.ts';
import { readSite } from './unproven.ts';
import type { UserTokens } from './user-token.ts';
import { recogniseVisitor, type Visitor, type VisitorStore } from './visitors.ts';

/** What a call says about who makes it, untouched. */
interface Caller {
  /** The whole `Authorization` header. */
  bearer: string | undefined;
  /** The `Origin` header. */
  origin: string | undefined;
}

/** Who is asking, and by what right. */
export interface Grant {
  site: Site;
  /** Whose threads these are. */
  owner: string;
  user?: User;
  /** Absent for a user token that was sent itself: there is no visitor then. */
  visitorId?: string;
  /** The user's token, read anew at each call, where the site has tools that are called with it. */
  userToken?: () => Promise<string | undefined>;
}

/** Who may do what. Every refusal is an `ApiError`, and no message says more than its code. */
export interface Auth {
  /** A session for a page of a site: the known visitor of `visitor_token`, the user of `user_token`, or a new visitor. */
  createSession(input: Caller & { body: SessionRequest }): Promise<SessionResponse>;
  /** Who a session speaks for, from the origin that it was made for; or a user token, where the site takes it itself. */
  authenticate(input: Caller): Promise<Grant>;
  /** Whether a right that was given is still there: for answers that go on for long. */
  isLive(grant: Grant): Promise<boolean>;
  /** Ends the visitor of a session: its tokens count no more, and its answers stop. */
  endSession(input: Caller): Promise<void>;
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
  userTokens: UserTokens;
  tokens: Tokens;
  siteTokens: SiteTokens;
  keptTokens: KeptTokens;
  turns: SignInDeps['turns'];
  /** Milliseconds. */
  now: () => number;
}

/** How long another server may take to see that a visitor has ended, in milliseconds. */
const VISITOR_CACHE_MS = 30_000;

/** Neither id has a space in it. */
const place = (siteId: string, visitorId: string) => `${siteId} ${visitorId}`;

export function createAuth(options: AuthOptions): Auth {
  const { sites, visitors, userTokens, tokens, siteTokens, keptTokens, turns, now } = options;
  const live = createCache<Visitor | undefined>(VISITOR_CACHE_MS, now);
  const findVisitor = (siteId: string, id: string) =>
    live.get(place(siteId, id), () => visitors.findVisitor(siteId, id));
  const forget = (siteId: string, visitorId: string) => live.forget(place(siteId, visitorId));
  const signInDeps = { visitors, turns, forget };

  async function requireSite(siteId: string): Promise<Site> {
    const site = await sites.find(siteId);
    if (!site) throw new ApiError('token_invalid', 'The token is not valid here.');
    return site;
  }

  async function authenticateSession(token: string, sent: string | undefined) {
    const proof = await tokens.verifySession(token);
    const site = await requireSite(proof.siteId);
    const origin = requireOrigin(sent, site.origins);
    if (origin !== proof.origin) throw new ApiError('origin_mismatch', 'The session was made for another origin.');
    const visitor = await findVisitor(site.id, proof.visitorId);
    // As good as expired: the remedy is the same, a new session.
    if (proof.epoch !== site.epoch || !visitor || visitor.signIn?.owner !== proof.userOwner)
      throw new ApiError('token_expired', 'The session has ended.');
    const { signIn } = visitor;
    if (!signIn && requiresSignIn(site)) throw signInNeeded(site);
    return {
      site,
      owner: signIn?.owner ?? visitor.id,
      visitorId: visitor.id,
      ...(signIn && { user: signIn.user }),
      ...(signIn && takesUserTokens(site) && { userToken: () => keptTokens.read(site.id, visitor.id) }),
    };
  }

  /** The site that takes this user token itself; a browser that sends it has to be on the site's own pages. */
  async function findDirectSite(token: string): Promise<Site | undefined> {
    const siteId = readSite(token);
    const site = siteId === undefined ? undefined : await sites.find(siteId);
    return site && site.settings.identity.mode !== 'none' && site.settings.identity.directUserToken ? site : undefined;
  }

  async function authenticate({ bearer, origin }: Caller): Promise<Grant> {
    const token = parseBearer(bearer);
    if (token === undefined) throw new ApiError('session_token_missing', 'A session token is needed as Bearer.');
    const site = await findDirectSite(token);
    if (!site) return await authenticateSession(token, origin);
    if (origin !== undefined) requireOrigin(origin, site.origins);
    const proof = await userTokens.verify(site, token);
    return { site, ...proof, ...(takesUserTokens(site) && { userToken: async () => token }) };
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
      const proven = body.user_token === undefined ? undefined : await userTokens.verify(site, body.user_token);
      const known = await recogniseVisitor(visitors, { siteId: site.id, origin }, body.visitor_token, now());
      const { user_token: userToken } = body;
      const arrival = {
        site,
        origin,
        known,
        now: now(),
        ...(userToken !== undefined &&
          takesUserTokens(site) && { keepToken: (id: string) => keptTokens.keep(site.id, id, userToken) }),
      };
      const visitor = await (proven ? signIn(signInDeps, proven, arrival) : comeBack(signInDeps, arrival));
      return {
        session_token: await tokens.signSession({
          visitorId: visitor.id,
          siteId: site.id,
          origin,
          epoch: site.epoch,
          ...(visitor.signIn && { userOwner: visitor.signIn.owner }),
        }),
        expires_in: SESSION_LIFETIME,
        visitor_token: visitor.token,
        site: sites.siteView(site),
      };
    },

    authenticate,

    async isLive({ site: { id, epoch }, visitorId }) {
      const site = await sites.find(id);
      return site?.epoch === epoch && (visitorId === undefined || (await findVisitor(id, visitorId)) !== undefined);
    },

    async endSession(caller) {
      const { site, visitorId } = await authenticate(caller);
      if (visitorId === undefined) throw new ApiError('token_invalid', 'The token is no session.');
      await visitors.endVisitor(site.id, visitorId);
      forget(site.id, visitorId);
      await turns.endOf(site.id, visitorId);
    },

    async isKnownOrigin(origin) {
      const found = await Promise.all(originPatterns(origin).map((entry) => sites.hasOrigin(entry)));
      return found.includes(true);
    },
  };
}

function takesUserTokens({ settings }: Site): boolean {
  return settings.mcpServers.some(needsUserToken);
}
