import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { createAuth } from '../../../server/auth/auth.ts';
import type { Jwks } from '../../../server/auth/jwks.ts';
import { createKeptTokens } from '../../../server/auth/kept-tokens.ts';
import { type KeyRing, openKeyRing } from '../../../server/auth/keys.ts';
import { createKeyRotation } from '../../../server/auth/rotate-keys.ts';
import { createSiteSecrets } from '../../../server/auth/site-secrets.ts';
import { createSiteTokens } from '../../../server/auth/site-tokens.ts';
import { createTokens } from '../../../server/auth/tokens.ts';
import { createUserTokens } from '../../../server/auth/user-token.ts';
import type { Site } from '../../../server/context.ts';
import { ATTACHMENT_LIMITS } from '../../../server/files/attachment-limits.ts';
import { createSiteRegistry, type SiteRegistry } from '../../../server/sites/registry.ts';
import { type Database, openDatabase } from '../../../server/store/database.ts';
import { createKeyStore } from '../../../server/store/key-store.ts';
import { createSecretStore } from '../../../server/store/secret-store.ts';
import { createSiteStore } from '../../../server/store/site-store.ts';
import { createSiteTokenStore } from '../../../server/store/site-token-store.ts';
import { createVisitorStore } from '../../../server/store/visitor-store.ts';

export const ISSUER = 'https://chat.example.net';
export const ORIGIN = 'https://docs.example.com';
export const SECOND_ORIGIN = 'https://www.example.com';
const SECRET = 'a secret of the tests, long enough';

export const FORGED_VISITOR = 'v_aaaaaaaaaaaaaaaaaaaaaa';

export function makeSite(changes: Partial<Site> = {}): Site {
  return {
    id: 'docs',
    name: 'Docs',
    origins: [ORIGIN, SECOND_ORIGIN],
    epoch: 0,
    settings: { prompts: [], theme: 'auto', pageContext: 'page', identity: { mode: 'none' }, mcpServers: [] },
    ...changes,
  };
}

/** Issuers that have published nothing. */
export const NO_KEYS: Jwks = { find: async () => undefined };

/** The real thing on a database in memory, with a clock to turn and a hand that signs whatever a test wants. */
export async function makeAuth(site = makeSite(), jwks = NO_KEYS) {
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
  const secrets = createSiteSecrets({ store: createSecretStore(db), keySecret: SECRET, now });
  const endedTurns: string[] = [];
  /** The tokens that the hand of `forgeSite` makes are recorded ones, or everything else about them would not matter. */
  const recordForged = (siteId: string) =>
    tokenStore.saveToken(siteId, { id: 'a', issuedAt: 0, expiresAt: 2 ** 40, origins: [] });
  await recordForged(site.id);
  const visitors = createVisitorStore(db);
  // Whom the sessions of `forgeSession` are of, or everything else about them would not matter.
  await visitors.saveVisitor(
    { tokenHash: 'of nobody', siteId: site.id, origin: ORIGIN },
    { id: FORGED_VISITOR, seenAt: clock.now },
  );
  const userTokens = createUserTokens({ secrets, jwks, now });
  const keptTokens = createKeptTokens({ visitors, keySecret: SECRET, now });
  const turns = { endOf: async (_: string, visitorId: string) => void endedTurns.push(visitorId) };
  const startServer = (registry: SiteRegistry, ring: KeyRing) => {
    const tokens = createTokens({ keys: ring, issuer: ISSUER, now });
    const siteTokens = createSiteTokens({ store: tokenStore, tokens, now });
    return {
      auth: createAuth({ sites: registry, visitors, userTokens, tokens, siteTokens, keptTokens, turns, now }),
      siteTokens,
    };
  };
  const { auth, siteTokens } = startServer(sites, keys);
  const signing = await keys.signing();
  return {
    auth,
    siteTokens,
    secrets,
    visitors,
    /** The visitors whose answers were ended. */
    endedTurns,
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
      const sub = FORGED_VISITOR;
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
