import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createJwks } from '../../../server/auth/jwks.ts';
import type { Site, SiteIdentity } from '../../../server/context.ts';
import { makeAuth, makeSite, ORIGIN } from '../auth/make-auth.ts';

// Sites of both modes, and a hand that signs user tokens as no library would.

export const ISSUER = 'https://login.example.com';
export const SECRET = 'the secret that the site shares with this server';

export const pairs = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2_048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
};
export const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' });
/** The keys say nothing of their algorithm: the worst case of B19. */
export const published = [
  ...Object.entries(pairs).map(([kid, { publicKey }]) => Object.assign(jwkOf(publicKey), { kid })),
  { kty: 'oct', k: Buffer.from(SECRET).toString('base64url'), kid: 'oct' },
];

export const proven = {
  issuer: ISSUER,
  requireSignIn: false,
  directUserToken: true,
  claims: ['plan', 'groups'],
  signInHours: 24,
};
export const withIdentity = (id: string, identity: SiteIdentity): Site => {
  const site = makeSite({ id, name: id });
  return { ...site, settings: { ...site.settings, identity } };
};
const jwksUrl = `${ISSUER}/keys`;
export const DOCS = withIdentity('docs', { ...proven, mode: 'secret' });
export const PORTAL = withIdentity('portal', { ...proven, mode: 'jwks', jwksUrl });
/** Another site of the same issuer with the same keys. */
const TWIN = withIdentity('twin', { ...proven, mode: 'jwks', jwksUrl });

export type Json = Record<string, unknown>;
type Alg = keyof typeof pairs | 'HS256';
type Key = KeyObject | string | Buffer;

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Signs a header and a payload as they are, whatever they say. */
export function signed(alg: Alg, header: unknown, payload: unknown, key?: Key): string {
  const text = `${encode(header)}.${encode(payload)}`;
  if (alg === 'HS256') {
    const mac = createHmac('sha256', key ?? SECRET).update(text);
    return `${text}.${mac.digest('base64url')}`;
  }
  const privateKey = (key as KeyObject | undefined) ?? pairs[alg].privateKey;
  const hash = alg === 'EdDSA' ? null : 'sha256';
  const signature = sign(hash, Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

export const refused = (code = 'token_invalid') => ({ name: 'ApiError', code });

/** How each mode is asked: both are held to the same rows. */
export const KINDS = [
  { kind: 'secret', site: DOCS, alg: 'HS256' as const },
  { kind: 'jwks', site: PORTAL, alg: 'ES256' as const },
];

export async function makeUserWorld() {
  const jwks = createJwks({ fetch: async () => Response.json({ keys: published }), now: () => world.clock.now });
  const world = await makeAuth(DOCS, jwks);
  const { auth, clock, secrets, sites, siteTokens, db, signing } = world;
  await secrets.add('docs', SECRET);
  const bearers = new Map<string, string>();
  const reset = async (): Promise<void> => {
    for (const site of [DOCS, PORTAL, TWIN]) await sites.ensure(site);
  };
  await reset();
  for (const site of [DOCS, PORTAL, TWIN]) bearers.set(site.id, `Bearer ${(await siteTokens.issue(site)).token}`);

  const now = () => Math.floor(clock.now / 1000);
  /** What a good token of a site says, with changes; `undefined` leaves a claim out. */
  const claimsFor = (aud: string, changes: Json = {}): Json => ({
    iss: ISSUER,
    aud,
    sub: 'ada',
    iat: now(),
    exp: now() + 300,
    ...changes,
  });
  const show = (site: string, user_token: string) =>
    auth.createSession({ bearer: bearers.get(site), origin: ORIGIN, body: { user_token } });
  const grantOf = async (session: Promise<{ session_token: string }>) =>
    auth.authenticate({ bearer: `Bearer ${(await session).session_token}`, origin: ORIGIN });
  return {
    auth,
    secrets,
    sites,
    db,
    signing,
    /** Seconds. */
    now,
    /** The sites as they were at first. */
    reset,
    siteToken: (site: string) => bearers.get(site)?.slice('Bearer '.length) ?? '',
    claimsFor,
    /** A good token of an algorithm, with changes. */
    forge: (aud: string, alg: Alg, claims?: Json, header?: Json, key?: Key) =>
      signed(alg, { alg, typ: 'JWT', kid: alg, ...header }, claimsFor(aud, claims), key),
    /** A good token with more in it that no object can say. */
    forgeRaw: (aud: string, alg: Alg, more: string) =>
      signed(alg, { alg, kid: alg }, `${JSON.stringify(claimsFor(aud)).slice(0, -1)},${more}}`),
    show,
    askDirectly: (token: string) => auth.authenticate({ bearer: `Bearer ${token}`, origin: undefined }),
    grantOf,
    userOf: async (site: string, token: string) => (await grantOf(show(site, token))).user,
  };
}
