import { randomBytes } from 'node:crypto';
import { createCache } from '../cache.ts';
import type { Site } from '../context.ts';
import { ApiError } from '../errors.ts';
import { SITE_LIFETIME, type Tokens } from './tokens.ts';
import { MAX_CHARS } from './verify-strict.ts';

/** What is kept of a site token. The token itself is made of it whenever it is shown. */
export interface SiteTokenRecord {
  /** `jti` of the token. */
  id: string;
  /** Seconds, as in the token. */
  issuedAt: number;
  /** Seconds. */
  expiresAt: number;
  /** The most origins that it opens. */
  origins: string[];
}

export interface SiteTokenStore {
  hasToken(siteId: string, id: string): Promise<boolean>;
  /** Newest first. */
  loadTokens(siteId: string): Promise<SiteTokenRecord[]>;
  saveToken(siteId: string, record: SiteTokenRecord): Promise<void>;
  /** One, or all of the site; how many there were. */
  deleteTokens(siteId: string, id?: string): Promise<number>;
}

export interface SiteToken extends SiteTokenRecord {
  /** To be pasted into the pages of the site. */
  token: string;
}

/** The site tokens that count: a token that is not recorded opens nothing, however well it is signed. */
export interface SiteTokens {
  /** Those that have not expired, newest first, signed by the present key. */
  list(siteId: string): Promise<SiteToken[]>;
  /** One more, good for the present origins of the site, for 400 days. Throws `ApiError` when there is no room. */
  issue(site: Site): Promise<SiteToken>;
  /** The newest one that is good for all present origins, else one more. */
  current(site: Site): Promise<SiteToken>;
  isLive(siteId: string, id: string): Promise<boolean>;
  /** Ends one or all, here at once and on every server within a minute; how many there were. */
  revoke(siteId: string, id?: string): Promise<number>;
}

/** How long another server may believe in a revoked token, in milliseconds. */
const CACHE_MS = 60_000;
/** More are nobody's intention. */
const MAX_LIVE = 100;

interface SiteTokensOptions {
  store: SiteTokenStore;
  tokens: Pick<Tokens, 'signSite'>;
  /** Milliseconds. */
  now: () => number;
}

export function createSiteTokens({ store, tokens, now }: SiteTokensOptions): SiteTokens {
  const cache = createCache<boolean>(CACHE_MS, now);
  const live = async (siteId: string): Promise<SiteTokenRecord[]> =>
    (await store.loadTokens(siteId)).filter(({ expiresAt }) => expiresAt > now() / 1000);
  const sign = async (siteId: string, record: SiteTokenRecord): Promise<SiteToken> => ({
    ...record,
    token: await tokens.signSite(siteId, record),
  });

  async function issue({ id: siteId, origins }: Site): Promise<SiteToken> {
    if ((await live(siteId)).length >= MAX_LIVE)
      throw new ApiError('invalid_request', `site: ${MAX_LIVE} tokens are in use; revoke some of them first`);
    const issuedAt = Math.floor(now() / 1000);
    const id = randomBytes(16).toString('base64url');
    const signed = await sign(siteId, { id, issuedAt, expiresAt: issuedAt + SITE_LIFETIME, origins });
    if (signed.token.length > MAX_CHARS)
      throw new ApiError('invalid_request', 'site: origins are too many or too long for one token');
    const { token: _, ...record } = signed;
    await store.saveToken(siteId, record);
    return signed;
  }

  return {
    list: async (siteId) => Promise.all((await live(siteId)).map((record) => sign(siteId, record))),
    issue,
    async current(site) {
      const found = (await live(site.id)).find((record) =>
        site.origins.every((entry) => record.origins.includes(entry)),
      );
      return found ? sign(site.id, found) : issue(site);
    },
    isLive: (siteId, id) => cache.get(`${siteId} ${id}`, () => store.hasToken(siteId, id)),
    async revoke(siteId, id) {
      const count = await store.deleteTokens(siteId, id);
      cache.clear();
      return count;
    },
  };
}
