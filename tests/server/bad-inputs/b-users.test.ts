import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { identity as identitySetting } from '../../../server/sites/parse-identity.ts';
import { makeSite, ORIGIN } from '../auth/make-auth.ts';
import { makeApp } from '../make-app.ts';
import { ISSUER, type Json, KINDS, makeUserWorld, proven, SECRET } from './user-world.ts';

// User tokens that hold: who that is then, what is kept of them, and what makes nobody a user. Those that do not hold,
// and where the other ids of B are shown: b.test.ts.

const { db, forge, forgeRaw, show, grantOf, userOf } = await makeUserWorld();

describe.each(KINDS)('mode $kind', ({ site: { id: site }, alg }) => {
  const make = (claims?: Json) => forge(site, alg, claims);
  const makeRaw = (more: string) => forgeRaw(site, alg, more);

  test.each([
    'a'.repeat(255),
    '\u{1f9f5}'.repeat(255),
    'auth0|5f7',
    'a b',
    '..',
    "'; --",
    '__proto__',
    'v_x',
    'ada@example.com',
  ])('B6 sub %j is somebody', async (sub) => {
    expect((await userOf(site, make({ sub })))?.id).toBe(sub);
  });

  test('B6 subs that look alike are different users', async () => {
    const subs = ['ada', 'Ada', 'ada ', ' ada', 'аda', 'e\u0301', '\u00e9', 'v_ada', 'u_ada'];
    const owners = await Promise.all(subs.map(async (sub) => (await grantOf(show(site, make({ sub })))).owner));
    expect(new Set(owners).size).toBe(subs.length);
  });

  test('B26 a claim that the site has not chosen is kept nowhere, and none of them is a right', async () => {
    const more = { role: 'owner', admin: true, quota: 1e9, site: 'twin', owner: 'u_x', uid: 'u_x', org: '*', ep: 99 };
    const plain = await grantOf(show(site, make({ sub: 'b26' })));
    const grant = await grantOf(show(site, make({ sub: 'b26', email: 'b26@example.com', ...more })));
    expect(grant).toEqual({ ...plain, visitorId: grant.visitorId });
    expect(grant.user).toEqual({ id: 'b26', claims: {} });
    const [found] = await db.read([
      { sql: 'SELECT user_body FROM visitors WHERE id = ?', args: [grant.visitorId ?? ''] },
    ]);
    expect(found?.rows).toEqual([{ user_body: '{"id":"b26","claims":{}}' }]);
  });

  test.each<[string, Json, Json]>([
    ['one of 4 KB', { plan: 'x'.repeat(4_096) }, {}],
    ['one of 4 KB in few characters', { plan: '語'.repeat(1_400) }, {}],
    [
      'one that leaves no room for the other',
      { plan: 'x'.repeat(4_000), groups: 'y'.repeat(100) },
      { plan: 'x'.repeat(4_000) },
    ],
    ['one too large before a small one', { plan: 'x'.repeat(5_000), groups: ['y'] }, { groups: ['y'] }],
  ])('B26 chosen claims are kept up to 4 KB: %s', async (_, claims, kept) => {
    expect((await userOf(site, make(claims)))?.claims).toEqual(kept);
  });

  test('B27 a claim keeps no key that means something to a program', async () => {
    const trap =
      '{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}},"prototype":{"x":1},"kept":[{"__proto__":{"x":1},"a":1}]}';
    const user = await userOf(site, makeRaw(`"plan":${trap}`));
    expect(JSON.stringify(user)).toBe('{"id":"ada","claims":{"plan":{"kept":[{"a":1}]}}}');
    expect(user?.claims['plan']).not.toHaveProperty('x');
    expect(({} as Json)['x']).toBeUndefined();
  });

  test('B27 what stands below __proto__ is no claim', async () => {
    const user = await userOf(site, makeRaw('"__proto__":{"plan":"pro","name":"Eve"},"constructor":{"name":"Eve"}'));
    expect(user).toEqual({ id: 'ada', claims: {} });
    expect(({} as Json)['plan']).toBeUndefined();
  });

  test('B27 two thousand levels are a claim as well', async () => {
    const user = await userOf(site, makeRaw(`"plan":${'['.repeat(2_000)}${']'.repeat(2_000)}`));
    expect(JSON.stringify(user?.claims)).toBe(`{"plan":${'['.repeat(2_000)}${']'.repeat(2_000)}}`);
  });

  test.each<[string, unknown, string | undefined]>([
    ['a number', 7, undefined],
    ['an object', { toString: 'Eve' }, undefined],
    ['spaces', '  ', undefined],
    ['control characters alone', '\0\u202e', undefined],
    ['with lines', ' Ada\n\nLovelace\0 ', 'Ada Lovelace'],
    ['with a bidi override', 'Ada\u202e!', 'Ada !'],
    ['of 101 characters', 'a'.repeat(101), 'a'.repeat(100)],
    ['of 101 emoji', `a${'\u{1f9f5}'.repeat(100)}`, `a${'\u{1f9f5}'.repeat(49)}`],
  ])('B26 a name: %s', async (_, name, kept) => {
    const user = await userOf(site, make({ name }));
    expect(user?.name).toBe(kept);
    expect(user?.name?.isWellFormed() ?? true).toBe(true);
  });
});

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'a b', 'a\nb', 'x'.repeat(101)])(
  'B27 a site cannot choose %j as a claim',
  (name) => {
    const setting = { mode: 'secret', issuer: ISSUER, claims: ['plan', name] };
    expect(identitySetting.safeParse(setting).success).toBe(false);
    expect(identitySetting.safeParse({ ...setting, claims: ['plan'] }).success).toBe(true);
  },
);

describe('B2 who somebody says to be, without a token', () => {
  let stack: Awaited<ReturnType<typeof makeApp>>;
  beforeAll(async () => {
    stack = await makeApp(async function* () {});
    const site = makeSite();
    await stack.sites.ensure({ ...site, settings: { ...site.settings, identity: { ...proven, mode: 'secret' } } });
    await stack.secrets.add('docs', SECRET);
  });
  afterAll(() => stack.close());

  test.each<[string, Json, Record<string, string>]>([
    ['user_id', { user_id: 'ada' }, {}],
    ['email', { email: 'ada@example.com' }, {}],
    ['user', { user: { id: 'ada', sub: 'ada' }, userInfo: { userId: 'ada' }, sub: 'ada', uid: 'u_x' }, {}],
    ['idv', { idv: 'verified', owner: 'u_aaaaaaaaaaaaaaaaaaaaaa' }, {}],
    ['headers', {}, { 'x-user-id': 'ada', 'x-user-token': 'ada', 'x-forwarded-email': 'ada@example.com' }],
    ['a cookie', {}, { cookie: 'user_token=ada; user_id=ada' }],
  ])('%s is nobody', async (_, body, headers) => {
    const response = await stack.post('/v1/session', stack.siteToken, body, headers);
    expect(response.status).toBe(200);
    const { session_token } = (await response.json()) as { session_token: string };
    const grant = await stack.auth.authenticate({ bearer: `Bearer ${session_token}`, origin: ORIGIN });
    expect(grant.user).toBeUndefined();
    expect(grant.owner).toMatch(/^v_[\w-]{22}$/);
  });

  test.each<[string, unknown, number]>([
    ['""', '', 401],
    ['a word', 'ada', 401],
    ['a number', 7, 400],
    ['null', null, 400],
    ['an object', { sub: 'ada' }, 400],
    ['a list', ['ada'], 400],
  ])('%s as user_token is refused, not somebody anonymous', async (_, user_token, status) => {
    const response = await stack.post('/v1/session', stack.siteToken, { user_token });
    expect(response.status).toBe(status);
    expect(stack.logged).toEqual([]);
  });
});
