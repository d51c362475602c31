import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openKeyRing } from '../../../server/auth/keys.ts';
import { createKeyStore } from '../../../server/store/key-store.ts';
import { countRows, makeSite, ORIGIN, SECOND_ORIGIN } from '../auth/make-auth.ts';
import { makeApp, PUBLIC_URL } from '../make-app.ts';

// Site and session tokens as they come in over HTTP, made by hand: no library would sign most of them. Elsewhere:
// A8, A33, A34 and A35 in ../auth/session.test.ts; A11 in ../auth/keys.test.ts; A22 and A23 also in
// ../auth/site-token.test.ts and ../sites/registry.test.ts; A31 and A32 in ../../e2e/rotation.test.ts; what is open
// when a session ends (A38) with the streams.

const KEY_SECRET = 'a secret of the tests, long enough';

let stack: Awaited<ReturnType<typeof makeApp>>;
let signing: { kid: string; privateKey: KeyObject };
let session: string;

beforeAll(async () => {
  stack = await makeApp(async function* () {});
  signing = await (await openKeyRing(createKeyStore(stack.db), KEY_SECRET, Date.now)).signing();
  session = await stack.session();
});
beforeEach(() => {
  stack.logged.length = 0;
});
afterAll(() => stack.close());

type Json = Record<string, unknown>;
const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Json;

/** The good token with other claims and header, signed by `key`; `undefined` leaves a claim out. */
function forge(good: string, claims: Json = {}, header: Json = {}, key = signing.privateKey): string {
  const typ = good === session ? 'sess+jwt' : 'site+jwt';
  const head = encode({ alg: 'EdDSA', typ, kid: signing.kid, ...header });
  const text = `${head}.${encode({ ...claimsOf(good), ...claims })}`;
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
}
const site = (claims?: Json, header?: Json, key?: KeyObject) => forge(stack.siteToken, claims, header, key);
const asSession = (claims?: Json, header?: Json, key?: KeyObject) => forge(session, claims, header, key);

async function expectRefused(response: Response, status: number, code: string): Promise<void> {
  expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([
    status,
    code,
  ]);
  expect(stack.logged).toEqual([]);
}
const threads = (token: string | undefined, headers?: Record<string, string>) =>
  stack.post('/chatkit', token, { type: 'threads.list', params: {} }, headers);

test('the forging hand of these tests makes tokens that are good', async () => {
  expect((await stack.post('/v1/session', site(), {})).status).toBe(200);
  expect((await threads(asSession())).status).toBe(200);
});

const publicKey = () => createPublicKey(signing.privateKey);
const hmac = (good: string, secret: string | Buffer) => {
  const head = encode({ alg: 'HS256', typ: good === session ? 'sess+jwt' : 'site+jwt', kid: signing.kid });
  const text = `${head}.${good.split('.')[1]}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
};
const unsigned = (good: string, alg: string) =>
  `${encode({ alg, typ: good === session ? 'sess+jwt' : 'site+jwt', kid: signing.kid })}.${good.split('.')[1]}.`;
const now = () => Math.floor(Date.now() / 1000);

/** How each kind of token is asked with, and made with other claims. */
const KINDS = [
  {
    kind: 'site',
    good: () => stack.siteToken,
    make: site,
    ask: (token: string) => stack.post('/v1/session', token, {}),
  },
  { kind: 'session', good: () => session, make: asSession, ask: (token: string) => threads(token) },
];

describe.each(KINDS)('$kind tokens', ({ kind, good, make, ask }) => {
  const stranger = generateKeyPairSync('ed25519').privateKey;
  const rows: [string, () => string][] = [
    ...['none', 'None', 'nOnE', 'NONE', ''].map((alg): [string, () => string] => [
      `A2 alg "${alg}"`,
      () => unsigned(good(), alg),
    ]),
    ['A2 no signature', () => good().replace(/[^.]+$/, '')],
    ['A2 a signature of zeros', () => good().replace(/[^.]+$/, encode('\0'.repeat(64)))],
    ['A2 the signature of another token', () => good().replace(/[^.]+$/, make({ jti: 'b' }).split('.')[2] ?? '')],
    ['A3 HS256 with our PEM', () => hmac(good(), publicKey().export({ format: 'pem', type: 'spki' }))],
    ['A3 HS256 with our DER', () => hmac(good(), publicKey().export({ format: 'der', type: 'spki' }))],
    ['A3 HS256 with our JWK', () => hmac(good(), JSON.stringify(publicKey().export({ format: 'jwk' })))],
    [
      'A3 HS256 with the bare key',
      () => hmac(good(), Buffer.from(String(publicKey().export({ format: 'jwk' }).x), 'base64url')),
    ],
    ['A3 HS256 with nothing', () => hmac(good(), '')],
    ['A3 another name of the algorithm', () => make({}, { alg: 'Ed25519' })],
    ['A4 of the other kind', () => (kind === 'site' ? session : stack.siteToken)],
    ['A4 typ of the other kind', () => make({}, { typ: kind === 'site' ? 'sess+jwt' : 'site+jwt' })],
    ['A4 typ JWT', () => make({}, { typ: 'JWT' })],
    ['A4 no typ', () => make({}, { typ: undefined })],
    ['A4 typ in capitals', () => make({}, { typ: kind === 'site' ? 'SITE+JWT' : 'SESS+JWT' })],
    ['A5 no aud', () => make({ aud: undefined })],
    ['A5 aud of the other kind', () => make({ aud: `${PUBLIC_URL}/${kind === 'site' ? 'api' : 'session'}` })],
    ['A5 aud as a list', () => make({ aud: [claimsOf(good())['aud']] })],
    ['A5 aud as a list with another', () => make({ aud: [claimsOf(good())['aud'], 'https://other.example'] })],
    ['A5 aud with a slash', () => make({ aud: `${String(claimsOf(good())['aud'])}/` })],
    ['A6 iss with a slash', () => make({ iss: `${PUBLIC_URL}/` })],
    ['A6 iss in capitals', () => make({ iss: PUBLIC_URL.toUpperCase() })],
    ['A6 iss of another', () => make({ iss: 'https://evil.example' })],
    ['A7 no exp', () => make({ exp: undefined })],
    ['A7 exp as text', () => make({ exp: String(now() + 60) })],
    ['A7 exp null', () => make({ exp: null })],
    ['A7 exp in thirty thousand years', () => make({ exp: 1e12 })],
    ['A7 no iat', () => make({ iat: undefined })],
    ['A7 iat in the future', () => make({ iat: now() + 60, exp: now() + 120 })],
    ['A7 not before later', () => make({ nbf: now() + 60 })],
    ['A11 unknown kid', () => make({}, { kid: 'unknown' })],
    ['A11 kid as a list', () => make({}, { kid: [signing.kid] })],
    ['A11 kid that is a path', () => make({}, { kid: '../../key-secret' })],
    ['A11 kid that is SQL', () => make({}, { kid: `' OR '1'='1` })],
    ['A11 kid __proto__', () => make({}, { kid: '__proto__' })],
    ['A12 a key of its own', () => make({}, { jwk: createPublicKey(stranger).export({ format: 'jwk' }) }, stranger)],
    ['A12 a place for the key', () => make({}, { jku: 'https://evil.example/jwks', kid: 'evil' }, stranger)],
    ['A12 a certificate', () => make({}, { x5u: 'https://evil.example/c', x5c: ['AAAA'] }, stranger)],
    ['unknown crit', () => make({}, { crit: ['x'], x: 1 })],
    ['b64 false', () => make({}, { b64: false, crit: ['b64'] })],
    ['A16 9 KB, well signed', () => make({ pad: 'x'.repeat(7_000) })],
    ...[{}, [], ['docs'], 7, true, null, '', '__proto__', 'a\0', 'a\nb', 'x'.repeat(256)].flatMap(
      (value): [string, () => string][] =>
        [
          [`A17 sub ${JSON.stringify(value).slice(0, 20)}`, () => make({ sub: value })],
          ...(kind === 'site'
            ? []
            : [
                [`A17 site ${JSON.stringify(value).slice(0, 20)}`, () => make({ site: value })] as [
                  string,
                  () => string,
                ],
              ]),
          [`A17 jti ${JSON.stringify(value).slice(0, 20)}`, () => make({ jti: value })],
        ].filter(([name]) => !(kind === 'session' && /jti "__proto__"/.test(String(name)))) as [string, () => string][],
    ),
    [
      'a claim set twice',
      () => {
        const [head = '', body = ''] = good().split('.');
        const text = Buffer.from(body, 'base64url')
          .toString()
          .replace('{', '{"sub":"evil",')
          .replace(/}$/, ',"aud":"evil"}');
        const twice = `${head}.${encode(text)}`;
        return `${twice}.${sign(null, Buffer.from(twice), signing.privateKey).toString('base64url')}`;
      },
    ],
    [
      'claims that are a list',
      () => {
        const [head = ''] = good().split('.');
        const text = `${head}.${encode('[]')}`;
        return `${text}.${sign(null, Buffer.from(text), signing.privateKey).toString('base64url')}`;
      },
    ],
    ['four parts', () => `${good()}.x`],
    ['five parts, as if encrypted', () => `${good()}..`],
    ['two parts', () => good().split('.').slice(0, 2).join('.')],
    ['dots', () => '...'],
  ];
  test.each(rows)('%s: 401', async (_, token) => {
    const fetching = vi.spyOn(globalThis, 'fetch');
    const before = await countRows(stack.db, 'visitors');
    await expectRefused(await ask(token()), 401, 'token_invalid');
    expect(fetching).not.toHaveBeenCalled();
    expect(await countRows(stack.db, 'visitors')).toBe(before);
    fetching.mockRestore();
  });

  test.each([
    ['A1 none', undefined],
    ['A1 empty', ''],
    ['A36 empty Bearer', 'Bearer '],
    ['A1 "undefined"', 'Bearer undefined'],
    ['A1 "null"', 'Bearer null'],
    ['A36 Basic', () => `Basic ${good()}`],
    ['A36 Token', () => `Token ${good()}`],
    ['A36 no scheme', good],
    ['A36 padded parts', () => `Bearer ${good().replace(/\./g, '=.')}`],
    ['A36 two tokens', () => `Bearer ${good()}, Bearer ${good()}`],
  ] as [string, string | (() => string) | undefined][])('%s: 401', async (_, made) => {
    const authorization = typeof made === 'function' ? made() : made;
    const path = kind === 'site' ? '/v1/session' : '/chatkit';
    const before = await countRows(stack.db, 'visitors');
    const answer = await stack.post(path, undefined, {}, authorization === undefined ? {} : { authorization });
    await expectRefused(answer, 401, `${kind}_token_missing`);
    expect(await countRows(stack.db, 'visitors')).toBe(before);
  });

  test('A36 the case of the scheme does not matter', async () => {
    const path = kind === 'site' ? '/v1/session' : '/chatkit';
    const body = kind === 'site' ? {} : { type: 'threads.list', params: {} };
    for (const scheme of ['bearer', 'BEARER'])
      expect((await stack.post(path, undefined, body, { authorization: `${scheme} ${good()}` })).status).toBe(200);
  });

  test.each([
    ['A18 not on the list', 'https://evil.example'],
    ['A19 null', 'null'],
    ['A20 ours as the beginning', `${ORIGIN}.evil.io`],
    ['A20 ours as the end', ORIGIN.replace('https://', 'https://evil')],
    ['A20 ours as a user name', `${ORIGIN}@evil.com`],
    ['A20 ours as a password', `https://evil.com:${ORIGIN.slice(8)}@evil.com`],
    ['A20 ours in a path', `https://evil.com/${ORIGIN}`],
    ['A20 ours in two', `${ORIGIN}, https://evil.com`],
    ['A20 in other letters', ORIGIN.replace('docs', 'dоcs')],
    ['A21 http', ORIGIN.replace('https', 'http')],
    ['A21 another port', `${ORIGIN}:8443`],
    ['A22 a label more', ORIGIN.replace('https://', 'https://a.')],
    ['A23 the apex', 'https://example.com'],
    ['A23 a star', 'https://*.example.com'],
    ['A28 empty', ''],
  ])('%s: 403, and nothing that lets a page read it', async (_, origin) => {
    const headers = Object.fromEntries([['origin', Buffer.from(origin).toString('latin1')]]);
    const path = kind === 'site' ? '/v1/session' : '/chatkit';
    const answer = await stack.post(path, good(), { type: 'threads.list', params: {} }, headers);
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    await expectRefused(answer, 403, 'origin_not_allowed');
  });

  test('A28 without Origin: 403', async () => {
    const path = kind === 'site' ? '/v1/session' : '/chatkit';
    const init = { method: 'POST', headers: { authorization: `Bearer ${good()}` }, body: '{}' };
    await expectRefused(await stack.app.request(path, init), 403, 'origin_not_allowed');
  });

  test('A30 in the address, a cookie or the body: 401, and in no log', async () => {
    const path = kind === 'site' ? '/v1/session' : '/chatkit';
    const names = ['token', 'access_token', 'session_token', 'site_token', 'authorization', 'jwt'];
    for (const name of names) {
      const query = new URLSearchParams({ [name]: good() });
      const answer = await stack.post(`${path}?${query}`, undefined, { [name]: good() }, { cookie: query.toString() });
      await expectRefused(answer, 401, `${kind}_token_missing`);
    }
  });
});

test('A16 a token of 9 KB or of 15 KB costs no signature', async () => {
  const start = performance.now();
  for (let n = 0; n < 100; n++) expect((await threads(`${'a'.repeat(9 * 1024 + n * 50)}.b.c`)).status).toBe(401);
  // A bad signature alone takes 80 µs; this is the whole request, on any machine.
  expect((performance.now() - start) / 100).toBeLessThan(20);
});

test('A29 a session of one origin used from another of the same site: 401', async () => {
  const answer = await threads(session, { origin: SECOND_ORIGIN });
  expect(answer.headers.get('access-control-allow-origin')).toBe(SECOND_ORIGIN);
  await expectRefused(answer, 401, 'origin_mismatch');
});

test('A21 what an owner writes as https://EXAMPLE.com:443 is https://example.com', async () => {
  const written = await stack.sites.ensure(makeSite({ id: 'shop', origins: ['https://EXAMPLE.com:443'] }));
  const { token } = await stack.siteTokens.issue(written);
  expect((await stack.post('/v1/session', token, {}, { origin: 'https://example.com' })).status).toBe(200);
});

test('A27 a site without origins lets nobody in', async () => {
  const nobody = await stack.sites.ensure(makeSite({ id: 'nobody', origins: [] }));
  const { token } = await stack.siteTokens.issue(nobody);
  for (const origin of [ORIGIN, 'null', '', 'https://*'])
    await expectRefused(await stack.post('/v1/session', token, {}, { origin }), 403, 'origin_not_allowed');
});

test('A38 a session of a site that was suspended or removed: 401', async () => {
  const gone = makeSite({ id: 'gone' });
  await stack.sites.ensure(gone);
  const { token } = await stack.siteTokens.issue(gone);
  const opened = (await (await stack.post('/v1/session', token, {})).json()) as { session_token: string };
  expect((await threads(opened.session_token)).status).toBe(200);
  await stack.sites.ensure({ ...gone, settings: { ...gone.settings, suspended: true } });
  await expectRefused(await threads(opened.session_token), 401, 'token_invalid');
  await stack.sites.ensure(gone);
  expect((await threads(opened.session_token)).status).toBe(200);
  await stack.sites.remove('gone');
  await expectRefused(await threads(opened.session_token), 401, 'token_invalid');
  await expectRefused(await stack.post('/v1/session', token, {}), 401, 'token_invalid');
});
