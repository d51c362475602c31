import { createPublicKey } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { countRows, ISSUER, makeAuth, makeSite, ORIGIN, SECOND_ORIGIN, strangerKey } from './make-auth.ts';

const { auth, siteTokens, site, sites, db, clock, siteBearer, signing, forgeSite, forgeSession } = await makeAuth();
const start = clock.now;
afterEach(async () => {
  clock.now = start;
  await sites.ensure(site);
  vi.restoreAllMocks();
});

const open = (bearer: string | undefined, origin: string | undefined = ORIGIN) =>
  auth.createSession({ bearer, origin, body: {} });
const refused = (code: string) => ({ name: 'ApiError', code });
/** A JWT written by hand, for what a library refuses to sign. */
const craft = (header: object, signature = '') => {
  const [, payload] = siteBearer.split('.');
  return `Bearer ${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.${signature}`;
};

test('the forging hand of these tests makes tokens that are good', async () => {
  expect((await open(await forgeSite())).site.id).toBe('docs');
});

describe('A1, A36: no site token in the header', () => {
  test.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Bearer undefined',
    'Bearer null',
    siteBearer.replace('Bearer', 'Basic'),
    siteBearer.replace('Bearer', 'Token'),
    siteBearer.replace('Bearer ', ''),
    `${siteBearer} x`,
  ])('%.24s', async (bearer) => {
    const before = await countRows(db, 'visitors');
    await expect(open(bearer)).rejects.toMatchObject(refused('site_token_missing'));
    expect(await countRows(db, 'visitors')).toBe(before);
  });

  test.each(['bearer', 'BEARER'])('the case of %s does not matter', async (scheme) => {
    expect((await open(siteBearer.replace('Bearer', scheme))).expires_in).toBe(900);
  });
});

describe('tokens that are not ours', () => {
  const now = Math.floor(start / 1000);
  const publicKey = createPublicKey(signing.privateKey);
  const pem = Buffer.from(publicKey.export({ format: 'pem', type: 'spki' }));
  const jwk = Buffer.from(JSON.stringify(publicKey.export({ format: 'jwk' })));
  const rows: [string, () => string | Promise<string>][] = [
    ...['none', 'None', 'nOnE', ''].map((alg): [string, () => string] => [
      `A2 alg "${alg}" without a signature`,
      () => craft({ alg, typ: 'site+jwt', kid: signing.kid }),
    ]),
    ['A2 EdDSA with an empty signature', () => craft({ alg: 'EdDSA', typ: 'site+jwt', kid: signing.kid })],
    ['A2 EdDSA with a short signature', () => craft({ alg: 'EdDSA', typ: 'site+jwt', kid: signing.kid }, 'AAAA')],
    ['A3 HS256 with our public key as PEM', () => forgeSite({}, { alg: 'HS256' }, pem)],
    ['A3 HS256 with our public key as JWK', () => forgeSite({}, { alg: 'HS256' }, jwk)],
    ['A4 a session token', () => forgeSession()],
    ['A4 typ of a session, audience of a site', () => forgeSite({}, { typ: 'sess+jwt' })],
    ['A4 typ of a user token', () => forgeSite({}, { typ: 'JWT' })],
    ['A4 typ with the media type written out', () => forgeSite({}, { typ: 'application/site+jwt' })],
    ['A4 no typ', () => forgeSite({}, { typ: undefined as unknown as string })],
    ['A5 no aud', () => forgeSite({ aud: undefined as unknown as string })],
    ['A5 another aud', () => forgeSite({ aud: `${ISSUER}/api` })],
    ['A5 ours and another aud', () => forgeSite({ aud: [`${ISSUER}/session`, 'https://other.example'] })],
    ['A5 a list of our aud alone', () => forgeSite({ aud: [`${ISSUER}/session`] })],
    ['A6 iss with a slash', () => forgeSite({ iss: `${ISSUER}/` })],
    ['A6 iss in capitals', () => forgeSite({ iss: ISSUER.toUpperCase() })],
    ['A7 no exp', () => forgeSite({ exp: undefined as unknown as number })],
    ['A7 no iat', () => forgeSite({ iat: undefined as unknown as number })],
    ['A7 no jti', () => forgeSite({ jti: undefined as unknown as string })],
    ['exp in thirty thousand years', () => forgeSite({ exp: 1e18 })],
    ['exp as text', () => forgeSite({ exp: `${now + 60}` as unknown as number })],
    ['alive for more than 400 days', () => forgeSite({ exp: now + 401 * 24 * 3600 })],
    ['made in the future', () => forgeSite({ iat: now + 60, exp: now + 120 })],
    ['not to be used yet', () => forgeSite({ nbf: now + 60 })],
    ['signed by a stranger', () => forgeSite({}, {}, strangerKey())],
    ['A11 unknown kid', () => forgeSite({}, { kid: 'unknown' })],
    ['A11 no kid', () => forgeSite({}, { kid: undefined as unknown as string })],
    ['unknown crit', () => craft({ alg: 'EdDSA', typ: 'site+jwt', kid: signing.kid, crit: ['x'], x: 1 }, 'AAAA')],
    ['A16 9 KB, well signed', () => forgeSite({ pad: 'x'.repeat(7_000) })],
    ...[{}, ['docs'], 7, '', '__proto__', null, undefined, 'docs\0'].map((sub): [string, () => Promise<string>] => [
      `A17 sub ${JSON.stringify(sub)}`,
      () => forgeSite({ sub: sub as string }),
    ]),
    ['A17 org as text', () => forgeSite({ org: ORIGIN })],
    ['A17 org of numbers', () => forgeSite({ org: [1] })],
    ['an unknown site', () => forgeSite({ sub: 'other' })],
    ['two parts', () => siteBearer.split('.').slice(0, 2).join('.')],
    ['an altered claim', () => siteBearer.replace(/\.(.)/, (_, first) => `.${first === 'e' ? 'f' : 'e'}`)],
    ['rubbish', () => 'Bearer rubbish'],
    ['dots', () => 'Bearer ..'],
  ];
  test.each(rows)('%s', async (_, make) => {
    await expect(open(await make())).rejects.toMatchObject(refused('token_invalid'));
  });

  test('A8 expired by 29 s is good, by 31 s is not', async () => {
    const bearer = await forgeSite({ exp: now + 60 });
    clock.now = start + (60 + 29) * 1000;
    expect((await open(bearer)).expires_in).toBe(900);
    clock.now = start + (60 + 31) * 1000;
    await expect(open(bearer)).rejects.toMatchObject(refused('token_expired'));
  });

  test('a token as we issue it lives for 400 days', async () => {
    clock.now = start + 400 * 24 * 3600 * 1000;
    expect((await open(siteBearer)).expires_in).toBe(900);
    clock.now += 31_000;
    await expect(open(siteBearer)).rejects.toMatchObject(refused('token_expired'));
  });

  test('A12 keys that a token points at are neither fetched nor used', async () => {
    const fetching = vi.spyOn(globalThis, 'fetch');
    const stranger = strangerKey();
    const header = {
      jku: 'https://evil.example/jwks',
      x5u: 'https://evil.example/cert',
      jwk: createPublicKey(stranger).export({ format: 'jwk' }),
    };
    await expect(open(await forgeSite({}, header, stranger))).rejects.toMatchObject(refused('token_invalid'));
    await expect(open(await forgeSite({}, { ...header, kid: 'evil' }, stranger))).rejects.toMatchObject(
      refused('token_invalid'),
    );
    expect(fetching).not.toHaveBeenCalled();
  });
});

describe('origins', () => {
  test.each([
    ['A18 another site', 'https://evil.example'],
    ['A19 null', 'null'],
    ['A20 as a prefix', 'https://docs.example.com.evil.io'],
    ['A20 as a suffix', 'https://evildocs.example.com'],
    ['A20 as userinfo', 'https://docs.example.com@evil.com'],
    ['A21 http', 'http://docs.example.com'],
    ['A21 another port', 'https://docs.example.com:8443'],
    ['the default port written out, as no browser does', 'https://docs.example.com:443'],
    ['capitals, as no browser does', 'https://DOCS.example.com'],
    ['with a slash', 'https://docs.example.com/'],
    ['a parent domain', 'https://example.com'],
    ['A28 none', undefined],
    ['empty', ''],
  ])('%s is refused', async (_, origin) => {
    const before = await countRows(db, 'visitors');
    await expect(auth.createSession({ bearer: siteBearer, origin, body: {} })).rejects.toMatchObject(
      refused('origin_not_allowed'),
    );
    expect(await countRows(db, 'visitors')).toBe(before);
  });

  test('A21 a site configured as https://EXAMPLE.com:443 lets https://example.com in', async () => {
    await sites.ensure(makeSite({ origins: ['https://EXAMPLE.com:443'] }));
    const bearer = await forgeSite({ org: ['https://example.com'] });
    expect((await open(bearer, 'https://example.com')).expires_in).toBe(900);
  });

  test.each([
    ['https://pr-12.example.com', true],
    ['https://a.b.example.com', false],
    ['https://example.com', false],
    ['https://pr-12.example.com:8443', false],
    ['http://pr-12.example.com', false],
    ['https://pr-12.example.com.evil.io', false],
    ['https://*.example.com', false],
  ])('A22, A23 https://*.example.com and the origin %s: %s', async (origin, isLetIn) => {
    const wild = makeSite({ origins: ['https://*.example.com'] });
    await sites.ensure(wild);
    const bearer = `Bearer ${(await siteTokens.issue(wild)).token}`;
    expect(await auth.isKnownOrigin(origin)).toBe(isLetIn);
    if (!isLetIn) return expect(open(bearer, origin)).rejects.toMatchObject(refused('origin_not_allowed'));
    const session = await open(bearer, origin);
    await auth.authenticate({ bearer: `Bearer ${session.session_token}`, origin });
    // Of the two lists the narrower counts, whichever it is.
    await expect(open(siteBearer, origin)).rejects.toMatchObject(refused('origin_not_allowed'));
    await sites.ensure(makeSite({ origins: ['https://other.example.com'] }));
    await expect(open(bearer, origin)).rejects.toMatchObject(refused('origin_not_allowed'));
    return undefined;
  });

  test('A27 an empty list lets nobody in', async () => {
    await sites.ensure(makeSite({ origins: [] }));
    await expect(open(siteBearer)).rejects.toMatchObject(refused('origin_not_allowed'));
  });

  test('the token bounds what the site may allow, and the site narrows it', async () => {
    const bearer = await forgeSite({ org: [SECOND_ORIGIN] });
    await expect(open(bearer, ORIGIN)).rejects.toMatchObject(refused('origin_not_allowed'));
    expect((await open(bearer, SECOND_ORIGIN)).expires_in).toBe(900);
    await sites.ensure(makeSite({ origins: [ORIGIN] }));
    await expect(open(siteBearer, SECOND_ORIGIN)).rejects.toMatchObject(refused('origin_not_allowed'));
  });
});

test('a user token is refused, never taken for nobody', async () => {
  const before = await countRows(db, 'visitors');
  const asking = auth.createSession({ bearer: siteBearer, origin: ORIGIN, body: { user_token: 'x' } });
  await expect(asking).rejects.toMatchObject(refused('not_configured'));
  expect(await countRows(db, 'visitors')).toBe(before);
});
