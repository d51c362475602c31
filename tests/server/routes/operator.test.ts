import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeApp, OPERATOR_TOKEN } from '../make-app.ts';

let stack: Awaited<ReturnType<typeof makeApp>>;
beforeAll(async () => {
  stack = await makeApp(async function* () {});
});
afterAll(() => stack.close());

const AUTHORISED = { authorization: `Bearer ${OPERATOR_TOKEN}` };
async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = AUTHORISED) {
  const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  const response = await stack.app.request(`/v1/operator${path}`, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
}
const codeOf = ({ text }: { text: string }) => (JSON.parse(text) as { error: { code: string } }).error.code;

describe('who may call', () => {
  test.each<[string, () => Promise<Record<string, string>> | Record<string, string>]>([
    ['nobody', () => ({})],
    ['an empty token', () => ({ authorization: 'Bearer ' })],
    ['the beginning of the token', () => ({ authorization: AUTHORISED.authorization.slice(0, -1) })],
    ['the token and more', () => ({ authorization: `${AUTHORISED.authorization}x` })],
    ['another scheme', () => ({ authorization: AUTHORISED.authorization.replace('Bearer', 'Basic') })],
    ['a session', async () => ({ authorization: `Bearer ${await stack.session()}` })],
    ['a site token', () => ({ authorization: `Bearer ${stack.siteToken}` })],
    ['the token in a cookie', () => ({ cookie: `operator=${OPERATOR_TOKEN}` })],
  ])('not %s: 401', async (_, headers) => {
    const answer = await ask('GET', '/sites', undefined, await headers());
    expect([answer.status, codeOf(answer)]).toEqual([401, 'token_invalid']);
  });

  test.each(['https://docs.example.com', 'null', 'http://localhost:8787'])(
    'not a page of %s, even with the token: 403 without CORS',
    async (origin) => {
      for (const method of ['GET', 'POST', 'OPTIONS']) {
        const answer = await ask(method, '/sites', method === 'POST' ? {} : undefined, { ...AUTHORISED, origin });
        expect([answer.status, codeOf(answer)]).toEqual([403, 'origin_not_allowed']);
        expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      }
    },
  );

  test('the token in the address is none', async () => {
    expect((await ask('GET', `/sites?token=${OPERATOR_TOKEN}`, undefined, {})).status).toBe(401);
  });
});

test('what is unknown, or there already, has its code', async () => {
  for (const [method, path] of [
    ['GET', '/sites/nope'],
    ['PATCH', '/sites/nope'],
    ['DELETE', '/sites/nope'],
    ['POST', '/sites/nope/tags'],
    ['DELETE', '/sites/docs/tags/nope'],
    ['DELETE', '/sites/docs/secrets/nope'],
    ['DELETE', '/keys/nope'],
    ['GET', '/sites/__proto__'],
    ['GET', '/nothing'],
  ] as const) {
    const answer = await ask(method, path, method === 'PATCH' ? {} : undefined);
    expect([path, answer.status, codeOf(answer)]).toEqual([path, 404, 'not_found']);
  }
  const twice = await ask('POST', '/sites', { id: 'docs', origins: [] });
  expect([twice.status, codeOf(twice)]).toEqual([409, 'site_exists']);
});

test.each<[string, unknown, RegExp]>([
  ['a setting that there is not', { settings: { greting: 'x' } }, /settings\.greting is no setting here/],
  [
    'a setting of another mode',
    { settings: { identity: { issuer: 'x' } } },
    /settings\.identity\.issuer is no setting/,
  ],
  ['constructor', { settings: { constructor: { prototype: { x: 1 } } } }, /settings\.constructor is no setting/],
  ['a mode without its issuer', { settings: { identity: { mode: 'secret' } } }, /settings\.identity\.issuer/],
  ['origins as text', { origins: 'https://a.example' }, /origins/],
  ['a wildcard of a suffix', { origins: ['https://*.github.io'] }, /origins\.0/],
  ['101 origins', { origins: Array.from({ length: 101 }, (_, n) => `https://a${n}.example`) }, /origins/],
])('%s changes nothing', async (_, body, message) => {
  const before = await ask('GET', '/sites/docs');
  const answer = await ask('PATCH', '/sites/docs', body);
  expect([answer.status, codeOf(answer)]).toEqual([400, 'invalid_request']);
  expect(answer.text).toMatch(message);
  expect(await ask('GET', '/sites/docs').then(({ text }) => text)).toBe(before.text);
  expect(({} as { x?: number }).x).toBeUndefined();
});

const setJwksUrl = (jwksUrl: string) =>
  ask('PATCH', '/sites/docs', { settings: { identity: { mode: 'jwks', issuer: 'https://id.example', jwksUrl } } });

describe('B17 where the keys of an issuer are', () => {
  test.each([
    'http://id.example/jwks',
    'https://id.example:22/jwks',
    'https://me:secret@id.example/jwks',
    'https://127.0.0.1/jwks',
    'https://2130706433/jwks',
    'https://169.254.169.254/latest',
    'https://[::ffff:10.0.0.1]/jwks',
    'https://10.1.2.3/jwks',
    'file:///etc/passwd',
    'jwks.json',
  ])('%s is refused', async (jwksUrl) => {
    const answer = await setJwksUrl(jwksUrl);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'invalid_request']);
    expect((await stack.sites.load('docs'))?.settings.identity).toEqual({ mode: 'none' });
  });

  test.each(['https://id.example/jwks', 'http://localhost:9443/jwks'])('%s is taken', async (jwksUrl) => {
    expect((await setJwksUrl(jwksUrl)).status).toBe(200);
    await ask('PATCH', '/sites/docs', { settings: { identity: { mode: 'none' } } });
  });
});

test('F6 __proto__ in a body is nothing', async () => {
  const before = await ask('GET', '/sites/docs');
  const patched = await ask(
    'PATCH',
    '/sites/docs',
    JSON.parse('{"settings":{"__proto__":{"x":1}},"__proto__":{"x":1}}'),
  );
  expect(patched.text).toBe(before.text);
  expect(({} as { x?: number }).x).toBeUndefined();
});

test('only what is named changes, and null is the default again', async () => {
  const identity = { mode: 'secret', issuer: 'https://id.example', signInHours: 2 };
  await ask('PATCH', '/sites/docs', { settings: { theme: 'dark', greeting: 'Hi', identity } });
  await ask('PATCH', '/sites/docs', { settings: { theme: null, identity: { requireSignIn: true } } });
  const { settings } = (await stack.sites.load('docs')) ?? {};
  expect(settings).toMatchObject({ theme: 'auto', greeting: 'Hi', identity: { ...identity, requireSignIn: true } });
  await ask('PATCH', '/sites/docs', { settings: { identity: { mode: 'none' } } });
  expect((await stack.sites.load('docs'))?.settings.identity).toEqual({ mode: 'none' });
});

test('no answer holds a secret or a private key', async () => {
  const secret = 'a shared secret that is long enough';
  const answers = [
    await ask('POST', '/sites/docs/secrets', { secret }),
    await ask('GET', '/sites/docs'),
    await ask('GET', '/sites'),
    await ask('GET', '/keys'),
    await ask('POST', '/keys'),
  ];
  for (const { status, text } of answers) {
    expect(status).toBe(200);
    expect(text).not.toContain(secret);
    expect(text).not.toMatch(/wrapped|private/i);
  }
});
