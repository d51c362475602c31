import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { createAuth } from '../../../server/auth/auth.ts';
import { type KeyRing, openKeyRing } from '../../../server/auth/keys.ts';
import { createKeyRotation } from '../../../server/auth/rotate-keys.ts';
import { createSiteTokens } from '../../../server/auth/site-tokens.ts';
import { createTokens } from '../../../server/auth/tokens.ts';
import type { Site } from '../../../server/context.ts';
import { ATTACHMENT_LIMITS } from '../../../server/files/attachment-limits.ts';
import { createSiteRegistry, type SiteRegistry } from '../../../server/sites/registry.ts';
import { type Database, openDatabase } from '../../../server/store/database.ts';
import { createKeyStore } from '../../../server/store/key-store.ts';
import { createSiteStore } from '../../../server/store/site-store.ts';
import { createSiteTokenStore } from '../../../server/store/site-token-store.ts';
import { createVisitorStore } from '../../../server/store/visitor-store.ts';

export const ISSUER = 'https://chat.example.net';
export const ORIGIN = 'https://docs.example.com';
export const SECOND_ORIGIN = 'https://www.example.com';
const SECRET = 'a secret of the tests, long enough';

export function makeSite(changes: Partial<Site> = {}): Site {
  return {
    id: 'docs',
    name: 'Docs',
    origins: [ORIGIN, SECOND_ORIGIN],
    epoch: 0,
    settings: { prompts: [], theme: 'auto', pageContext: 'page', identity: { mode: 'none' } },
    ...changes,
  };
}

/** The real thing on a database in memory, with a clock to turn and a hand that signs whatever a test wants. */
export async function makeAuth(site = makeSite()) {
  const db = await openDatabase({ url: ':memory:' });
  const clock = { now: Date.parse('2026-11-24T10:00:00Z') };
  const now = () => clock.now;
  const openRegistry = () =>
    createSiteRegistry({ store: createSiteStore(db), attachments: ATTACHMENT_LIMITS, dictation: false, now });
  const sites = openRegistry();
  await sites.ensure(site);
  const keyStore = createKeyStore(db);
  const keys = await openKeyRing(keyStore, SECRET, now);
  const tokenStore = createSiteTokenStore(db);
  /** The tokens that the hand of `forgeSite` makes are recorded ones, or everything else about them would not matter. */
  const recordForged = (siteId: string) =>
    tokenStore.saveToken(siteId, { id: 'a', issuedAt: 0, expiresAt: 2 ** 40, origins: [] });
  await recordForged(site.id);
  const startServer = (registry: SiteRegistry, ring: KeyRing) => {
    const tokens = createTokens({ keys: ring, issuer: ISSUER, now });
    const siteTokens = createSiteTokens({ store: tokenStore, tokens, now });
    const visitors = createVisitorStore(db);
    return { auth: createAuth({ sites: registry, visitors, tokens, siteTokens, now }), siteTokens };
  };
  const { auth, siteTokens } = startServer(sites, keys);
  const signing = await keys.signing();
  return {
    auth,
    siteTokens,
    /** Another process on the same database. */
    anotherServer: async () => startServer(openRegistry(), await openKeyRing(keyStore, SECRET, now)).auth,
    sites,
    site,
    db,
    clock,
    recordForged,
    rotation: createKeyRotation({ store: keyStore, ring: keys, secret: SECRET, now }),
    siteBearer: withScheme((await siteTokens.issue(site)).token),
    signing,
    /** A site token with changes; a claim set to `undefined` is left out. */
    forgeSite: (claims: JWTPayload = {}, header: Partial<JWTHeaderParameters> = {}, key?: KeyObject | Uint8Array) => {
      const iat = Math.floor(clock.now / 1000);
      const good = {
        iss: ISSUER,
        aud: `${ISSUER}/session`,
        sub: site.id,
        jti: 'a',
        iat,
        exp: iat + 3600,
        org: site.origins,
      };
      return sign({ ...good, ...claims }, { typ: 'site+jwt', ...header }, key);
    },
    forgeSession: async (claims: JWTPayload = {}, header: Partial<JWTHeaderParameters> = {}) => {
      const iat = Math.floor(clock.now / 1000);
      const sub = 'v_aaaaaaaaaaaaaaaaaaaaaa';
      const good = {
        iss: ISSUER,
        aud: `${ISSUER}/api`,
        sub,
        jti: 'a',
        iat,
        exp: iat + 900,
        site: site.id,
        org: ORIGIN,
      };
      return sign({ ...good, ep: (await sites.load(site.id))?.epoch, ...claims }, { typ: 'sess+jwt', ...header });
    },
  };

  async function sign(claims: JWTPayload, header: Partial<JWTHeaderParameters>, key?: KeyObject | Uint8Array) {
    const full = { alg: 'EdDSA', kid: signing.kid, ...header };
    return withScheme(await new SignJWT(claims).setProtectedHeader(full).sign(key ?? signing.privateKey));
  }
}

const withScheme = (token: string): string => `Bearer ${token}`;

export const strangerKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey;

export async function countRows(db: Database, table: 'visitors'): Promise<number> {
  const [found] = await db.read([{ sql: `SELECT count(*) AS n FROM ${table}`, args: [] }]);
  return Number(found?.rows[0]?.['n']);
}
