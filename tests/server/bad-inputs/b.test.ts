import { afterEach, describe, expect, test } from 'vitest';
import type { SiteIdentity } from '../../../server/context.ts';
import { ORIGIN, ISSUER as OURS } from '../auth/make-auth.ts';
import {
  ISSUER,
  type Json,
  jwkOf,
  KINDS,
  makeUserWorld,
  pairs,
  published,
  refused,
  SECRET,
  signed,
  stranger,
  withIdentity,
} from './user-world.ts';

// User tokens that are refused, in both modes. Those that are taken, with B2, B26 and B27: b-users.test.ts. Elsewhere:
// B1, B25 and B28 in ../auth/sign-in.test.ts, which begins B12 too; the lengths of B3 in ../auth/site-secrets.test.ts;
// B13, B14, B15, B16, B17, B18, B21 and B24 in ../auth/jwks.test.ts, which shows of B19 what a key set gives out.

const HOUR = 60 * 60;
const world = await makeUserWorld();
const {
  auth,
  secrets,
  sites,
  signing,
  now,
  siteToken,
  claimsFor,
  forge,
  forgeRaw,
  show,
  askDirectly,
  grantOf,
  userOf,
} = world;
afterEach(() => world.reset());

describe.each(KINDS)('mode $kind', ({ site: { id: site, ...known }, alg }) => {
  const make = (claims?: Json, header?: Json) => forge(site, alg, claims, header);
  const makeRaw = (more: string) => forgeRaw(site, alg, more);
  const parts = () => make().split('.');
  const withSubject = (title: string, sub: unknown): [string, () => string] => [`B6 sub ${title}`, () => make({ sub })];
  const withAlg = (name: unknown): [string, () => string] => [
    `B19 alg ${JSON.stringify(name)} in the header`,
    () => make({}, { alg: name }),
  ];

  test.each<[string, () => string]>([
    withSubject('missing', undefined),
    withSubject('""', ''),
    withSubject('of 256 characters', 'a'.repeat(256)),
    withSubject('of 5,000', 'a'.repeat(5_000)),
    withSubject('an object', { id: 'ada' }),
    withSubject('a list', ['ada']),
    withSubject('a number', 7),
    withSubject('0', 0),
    withSubject('true', true),
    withSubject('null', null),
    withSubject('with NUL', 'ada\0'),
    withSubject('with a newline', 'ada\nbob'),
    withSubject('with a carriage return', 'ada\r'),
    withSubject('with a tab', 'ada\tbob'),
    withSubject('with a bidi override', '\u202eada'),
    withSubject('with a bidi isolate', 'ada\u2066'),
    withSubject('with a zero-width space', 'a\u200bda'),
    withSubject('with a byte order mark', '\ufeffada'),
    withSubject('with half a character', 'ada\ud83e'),
    withSubject('with a noncharacter', 'ada\uffff'),
    withSubject('with DEL', 'ada\x7f'),
    ['B6 a second sub that is none', () => makeRaw('"sub":""')],
    ['B6 sub of the prototype', () => makeRaw('"__proto__":{"sub":"bob"},"sub":null')],

    ...['none', 'None', 'nOnE', 'NONE', ''].flatMap((none): [string, () => string][] => [
      [`B4 alg "${none}" with no signature`, () => make({}, { alg: none }).replace(/[^.]+$/, '')],
      [`B4 alg "${none}" with a good one`, () => make({}, { alg: none })],
    ]),
    ['B4 no signature', () => make().replace(/[^.]+$/, '')],
    ['B4 the signature of another token', () => `${make({ sub: 'bob' }).replace(/[^.]+$/, '')}${parts()[2]}`],
    ['B4 a signature of zeros', () => make().replace(/[^.]+$/, (text) => 'A'.repeat(text.length))],
    ['B4 HS256 with nothing', () => forge(site, 'HS256', {}, {}, '')],
    [
      'B4 HS256 with the public key as PEM',
      () => forge(site, 'HS256', {}, { kid: 'ES256' }, pairs.ES256.publicKey.export({ format: 'pem', type: 'spki' })),
    ],
    [
      'B4 HS256 with the public key as DER',
      () => forge(site, 'HS256', {}, { kid: 'ES256' }, pairs.ES256.publicKey.export({ format: 'der', type: 'spki' })),
    ],
    [
      'B4 HS256 with the public key as JWK',
      () => forge(site, 'HS256', {}, { kid: 'ES256' }, JSON.stringify(published[1])),
    ],
    ['B4 a key of the issuer of somebody else', () => forge(site, 'ES256', {}, {}, stranger.privateKey)],
    ['B4 a key of ours', () => forge(site, 'EdDSA', {}, {}, signing.privateKey)],
    ['B4 a key of ours, named', () => forge(site, 'EdDSA', {}, { kid: signing.kid }, signing.privateKey)],
    [
      'B4 a key in the header',
      () => forge(site, 'ES256', {}, { jwk: jwkOf(stranger.publicKey), kid: undefined }, stranger.privateKey),
    ],
    [
      'B4 an address of keys in the header',
      () => forge(site, 'ES256', {}, { jku: 'https://evil.example/keys', kid: 'evil' }, stranger.privateKey),
    ],
    [
      'B4 certificates in the header',
      () => forge(site, 'ES256', {}, { x5u: 'https://evil.example/c', x5c: ['MIIB'] }, stranger.privateKey),
    ],

    ...['HS384', 'HS512', 'hs256', 'PS256', 'RS512', 'ES384', 'ES256K', 'Ed25519', ['HS256'], null, 7, undefined].map(
      withAlg,
    ),
    ['B19 the alg of another key', () => make({}, { alg: alg === 'HS256' ? 'ES256' : 'RS256' })],

    ['B5 aud missing', () => make({ aud: undefined })],
    ['B5 aud of a site that there is not', () => make({ aud: 'elsewhere' })],
    ['B5 aud as a list', () => make({ aud: [site] })],
    ['B5 aud as a list with another', () => make({ aud: [site, 'twin'] })],
    ['B5 aud in capitals', () => make({ aud: site.toUpperCase() })],
    ['B5 aud with a slash', () => make({ aud: `${site}/` })],
    ['B5 aud with a space', () => make({ aud: ` ${site}` })],
    ['B5 aud ""', () => make({ aud: '' })],
    ['B5 aud with NUL', () => make({ aud: `${site}\0` })],
    ['B5 aud half a surrogate pair', () => make({ aud: `${site}\ud800` })],
    ['B5 aud of 4 KB', () => make({ aud: 'a'.repeat(4_096) })],
    ['B5 aud an object', () => make({ aud: { [site]: true } })],
    ['B5 aud of our sessions', () => make({ aud: `${OURS}/api` })],
    ['B5 iss missing', () => make({ iss: undefined })],
    ['B5 iss with a slash', () => make({ iss: `${ISSUER}/` })],
    ['B5 iss in capitals', () => make({ iss: ISSUER.toUpperCase() })],
    ['B5 iss of another', () => make({ iss: 'https://evil.example' })],
    ['B5 iss as a list', () => make({ iss: [ISSUER] })],
    ['B5 iss that is ours', () => make({ iss: OURS })],

    ['B9 exp missing', () => make({ exp: undefined })],
    ['B9 exp as text', () => make({ exp: String(now() + 60) })],
    ['B9 exp null', () => make({ exp: null })],
    ['B9 iat missing', () => make({ iat: undefined })],
    ['B9 iat as text', () => make({ iat: String(now()) })],
    ['B9 iat 31 s in the future', () => make({ iat: now() + 31 })],
    ['B9 iat far in the future', () => make({ iat: now() + 365 * 24 * HOUR, exp: now() + 365 * 24 * HOUR + 60 })],
    ['B9 iat after the end of time', () => makeRaw('"iat":1e400,"exp":1e400')],
    ['B9 not before 31 s from now', () => make({ nbf: now() + 31 })],
    ['B9 nbf as text', () => make({ nbf: '0' })],

    ...['site+jwt', 'sess+jwt', 'SESS+JWT', 'at+jwt', 'logout+jwt', 'secevent+jwt', 'dpop+jwt', '', 7, ['JWT']].map(
      (typ): [string, () => string] => [`B12 typ ${JSON.stringify(typ)}`, () => make({}, { typ })],
    ),
    ['B12 kid as a list', () => make({}, { kid: [alg] })],
    ['B12 kid a number', () => make({}, { kid: 1 })],
    ['B12 crit of exp', () => make({}, { crit: ['exp'], exp: 1 })],
    ['B12 crit of nothing', () => make({}, { crit: [] })],
    ['B12 crit as text', () => make({}, { crit: 'exp' })],
    ['B12 a payload that is not encoded', () => make({}, { crit: ['b64'], b64: false })],
    ['B12 of 9 KB', () => make({ filler: 'x'.repeat(6_400) })],
    ['B12 a payload that is a list', () => signed(alg, { alg, kid: alg }, [claimsFor(site)])],
    ['B12 a payload that is null', () => signed(alg, { alg, kid: alg }, null)],
    ['B12 a payload that is a text', () => signed(alg, { alg, kid: alg }, '"ada"')],
    ['B12 a payload that is no JSON', () => signed(alg, { alg, kid: alg }, 'sub=ada')],
    ['B12 a header that is a list', () => signed(alg, [{ alg }], claimsFor(site))],
    ['B12 a header that is no JSON', () => signed(alg, 'alg', claimsFor(site))],
    ['B12 two parts', () => parts().slice(0, 2).join('.')],
    ['B12 four parts', () => `${make()}.${parts()[2]}`],
    ['B12 five parts', () => `${make()}.a.b`],
    ['B12 dots alone', () => '..'],
    ['B12 a word', () => 'ada'],
  ])('%s', async (_, token) => {
    await expect(show(site, token())).rejects.toMatchObject(refused());
    await expect(askDirectly(token())).rejects.toMatchObject(refused());
  });

  test.each<[string, string, () => string]>([
    ['B9 of 24 hours and a second', 'token_lifetime_too_long', () => make({ exp: now() + 24 * HOUR + 1 })],
    ['B9 of a year', 'token_lifetime_too_long', () => make({ exp: now() + 365 * 24 * HOUR })],
    ['B9 without end', 'token_lifetime_too_long', () => makeRaw('"exp":1e400')],
    ['B9 of thirty thousand years', 'token_lifetime_too_long', () => make({ exp: 1e12 })],
    [
      'B9 of 25 hours, begun an hour ago',
      'token_lifetime_too_long',
      () => make({ iat: now() - HOUR, exp: now() + 24 * HOUR }),
    ],
    [
      'B9 of two days, begun yesterday',
      'token_expired',
      () => make({ iat: now() - 25 * HOUR, exp: now() + 23 * HOUR }),
    ],
    ['B9 over since 30 s', 'token_expired', () => make({ iat: now() - 300, exp: now() - 30 })],
    ['B9 over since 1970', 'token_expired', () => make({ iat: 0, exp: 0 })],
  ])('%s is %s', async (_, code, token) => {
    await expect(show(site, token())).rejects.toMatchObject(refused(code));
    await expect(askDirectly(token())).rejects.toMatchObject(refused(code));
  });

  test.each<[string, () => string]>([
    ['as most issuers make them', () => make()],
    ['without typ', () => make({}, { typ: undefined })],
    ['typ in small letters', () => make({}, { typ: 'jwt' })],
    ['without kid', () => make({}, { kid: undefined })],
    ['for 24 hours', () => make({ exp: now() + 24 * HOUR })],
    ['of a clock that is 30 s ahead', () => make({ iat: now() + 30 })],
    ['of a clock that is 29 s behind', () => make({ iat: now() - 300, exp: now() - 29 })],
    ['with nbf', () => make({ nbf: now() })],
    ['with claims that nobody has asked for', () => make({ jti: 7, azp: 'x', scope: ['a'], nonce: null })],
    [
      'with addresses of keys in the header',
      () => make({}, { jku: 'http://evil.example', x5u: 'http://evil.example' }),
    ],
  ])('a good token: %s', async (_, token) => {
    expect(await userOf(site, token())).toEqual({ id: 'ada', claims: {} });
    expect((await askDirectly(token())).user).toEqual({ id: 'ada', claims: {} });
  });

  test('B12 it is no site token, and where the site does not take it itself no session either', async () => {
    const asSite = auth.createSession({ bearer: `Bearer ${make()}`, origin: ORIGIN, body: {} });
    await expect(asSite).rejects.toMatchObject(refused());
    const identity = { ...known.settings.identity, directUserToken: false } as SiteIdentity;
    await sites.ensure(withIdentity(site, identity));
    for (const origin of [undefined, ORIGIN])
      await expect(auth.authenticate({ bearer: `Bearer ${make()}`, origin })).rejects.toMatchObject(refused());
  });

  test('B12 a site that is suspended, or proves nobody any more, takes none', async () => {
    await sites.ensure({ ...known, id: site, settings: { ...known.settings, suspended: true } });
    await expect(askDirectly(make())).rejects.toMatchObject(refused());
    await sites.ensure(withIdentity(site, { mode: 'none' }));
    await expect(askDirectly(make())).rejects.toMatchObject(refused());
    await expect(show(site, make())).rejects.toMatchObject(refused('not_configured'));
  });

  test('B12 tokens of ours prove no user', async () => {
    const session = await show(site, make());
    const ours = [session.session_token, session.visitor_token, siteToken(site)];
    for (const token of ours) await expect(show(site, token)).rejects.toMatchObject(refused());
  });
});

describe('B4 the algorithm is the one of the mode', () => {
  test('a site with a key set believes no HS256, whatever secret there is', async () => {
    await secrets.add('portal', SECRET);
    for (const kid of ['oct', 'ES256', undefined])
      await expect(show('portal', forge('portal', 'HS256', {}, { kid }))).rejects.toMatchObject(refused());
  });

  test.each(['RS256', 'ES256', 'EdDSA'] as const)('a site with a secret believes no %s', async (alg) => {
    await expect(show('docs', forge('docs', alg))).rejects.toMatchObject(refused());
    expect((await userOf('portal', forge('portal', alg)))?.id).toBe('ada');
  });
});

describe('B19 a key without alg', () => {
  const algs = Object.keys(pairs) as (keyof typeof pairs)[];
  test.each(algs.flatMap((key) => algs.filter((alg) => alg !== key).map((alg) => [key, alg] as const)))(
    'of %s does not check what says that it is %s',
    async (key, alg) => {
      const token = signed(key, { alg, kid: key }, claimsFor('portal'));
      await expect(show('portal', token)).rejects.toMatchObject(refused());
    },
  );
});

test('B5 two sites of one issuer with the same keys do not take each other’s tokens', async () => {
  const token = forge('portal', 'ES256');
  const mine = await grantOf(show('portal', token));
  await expect(show('twin', token)).rejects.toMatchObject(refused());
  expect((await askDirectly(token)).site.id).toBe('portal');
  expect((await grantOf(show('twin', forge('twin', 'ES256')))).owner).not.toBe(mine.owner);
});

test('B3 while a secret changes, tokens of both hold; with one removed only the other’s do', async () => {
  const next = 'another secret, which the site will use from tomorrow on';
  const tokens = () => [forge('docs', 'HS256'), forge('docs', 'HS256', {}, {}, next)] as const;
  await expect(show('docs', tokens()[1])).rejects.toMatchObject(refused());
  const [old] = await secrets.list('docs');
  await secrets.add('docs', next);
  for (const token of tokens()) expect((await userOf('docs', token))?.id).toBe('ada');
  const late = { exp: now() - 60, iat: now() - 120 };
  for (const key of [SECRET, next])
    await expect(show('docs', forge('docs', 'HS256', late, {}, key))).rejects.toMatchObject(refused('token_expired'));
  await secrets.remove('docs', old?.id ?? '');
  await expect(show('docs', tokens()[0])).rejects.toMatchObject(refused());
  expect((await userOf('docs', tokens()[1]))?.id).toBe('ada');
  for (const { id } of await secrets.list('docs')) await secrets.remove('docs', id);
  await expect(show('docs', tokens()[1])).rejects.toMatchObject(refused('user_token_unavailable'));
  await secrets.add('docs', SECRET);
});
