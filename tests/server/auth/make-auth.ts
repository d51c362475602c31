import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { type Auth, createAuth } from '../../../server/auth/auth.ts';
import { openKeyRing } from '../../../server/auth/keys.ts';
import { createKeyRotation } from '../../../server/auth/rotate-keys.ts';
import type { Site } from '../../../server/context.ts';
import { ATTACHMENT_LIMITS } from '../../../server/files/attachment-limits.ts';
import { createSiteRegistry } from '../../../server/sites/registry.ts';
import { type Database, openDatabase } from '../../../server/store/database.ts';
import { createKeyStore } from '../../../server/store/key-store.ts';
import { createSiteStore } from '../../../server/store/site-store.ts';
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
  const sites = createSiteRegistry({
    store: createSiteStore(db),
    attachments: ATTACHMENT_LIMITS,
    dictation: false,
    now,
  });
  await sites.ensure(site);
  const keyStore = createKeyStore(db);
  const keys = await openKeyRing(keyStore, SECRET, now);
  const auth: Auth = createAuth({
    sites,
    visitors: createVisitorStore(db),
    keys,
    issuer: ISSUER,
    now,
  });
  const signing = await keys.signing();
  return {
    auth,
    sites,
    site,
    db,
    clock,
    rotation: createKeyRotation({ store: keyStore, ring: keys, secret: SECRET, now }),
    siteBearer: withScheme(await auth.issueSiteToken(site)),
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
    forgeSession: (claims: JWTPayload = {}, header: Partial<JWTHeaderParameters> = {}) => {
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
      return sign({ ...good, ep: site.epoch, ...claims }, { typ: 'sess+jwt', ...header });
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
