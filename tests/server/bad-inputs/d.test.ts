import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiError } from '../../../server/errors.ts';
import { listen } from '../../../server/listen.ts';
import { freePort } from '../../fakes/free-port.ts';
import { makeSite, ORIGIN } from '../auth/make-auth.ts';
import { CREATE } from '../chatkit/scripted-server.ts';
import { makeApp } from '../make-app.ts';

// CORS and framing. D6–D17 belong to the cookie proxy: d-proxy.test.ts. D4's 429 comes with rate limits.

const SHOP = 'https://shop.example.net';
let stack: Awaited<ReturnType<typeof makeApp>>;
let token: string;
let fail: unknown;

beforeAll(async () => {
  stack = await makeApp(
    async function* () {},
    async () => {
      throw fail;
    },
  );
  await stack.sites.ensure(makeSite({ id: 'shop', name: 'Shop', origins: [SHOP] }));
  token = await stack.session();
});
afterAll(() => stack.close());

const call = (path: string, method: string, origin: string | undefined, headers: Record<string, string> = {}) =>
  Promise.resolve(
    stack.app.request(path, { method, headers: { ...(origin !== undefined && { origin }), ...headers } }),
  );
const corsOf = (response: Response) => [...response.headers.keys()].filter((name) => name.startsWith('access-control'));

/** The paths that a widget calls, as the app lists them. */
const PATHS: [string, string][] = [
  ['/v1/session', 'POST, DELETE'],
  ['/chatkit', 'POST'],
  ['/v1/files', 'GET, POST, PUT'],
  ['/v1/files/atc_1', 'GET, POST, PUT'],
  ['/v1/files/preview/key', 'GET, POST, PUT'],
];

test.each(PATHS)(
  'D1 a preflight of %s from an allowed origin says what an element may send, and no more',
  async (path, methods) => {
    const response = await call(path, 'OPTIONS', ORIGIN, {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,x-user-id,chatkit-frame-instance-id',
      'access-control-request-private-network': 'true',
    });
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
    expect(Object.fromEntries(response.headers)).toEqual({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': methods,
      'access-control-allow-headers': 'authorization, content-type, accept-language, chatkit-frame-instance-id',
      'access-control-max-age': '600',
      'cache-control': 'no-store',
      vary: 'Origin',
      'x-content-type-options': 'nosniff',
    });
  },
);

const DISALLOWED = [
  'https://evil.example',
  'null',
  '*',
  '',
  `${ORIGIN}/`,
  `${ORIGIN}:8443`,
  `${ORIGIN}.`,
  `${ORIGIN}.evil.example`,
  `${ORIGIN}, https://evil.example`,
  `https://evil.example ${ORIGIN}`,
  'https://evildocs.example.com',
  'https://a.docs.example.com',
  'https://example.com',
  'https://docs.example.com@evil.example',
  'https://evil.example/docs.example.com',
  'http://docs.example.com',
  'HTTPS://DOCS.EXAMPLE.COM',
  'https://docs.exаmple.com',
  'https://docs.xn--exmple-4nf.com',
  'file://',
  'moz-extension://docs.example.com',
  "https://docs.example.com' OR 1=1 --",
  '__proto__',
  `https://${'a'.repeat(10_000)}.example.com`,
];

describe.each(PATHS)('D2 %s', (path) => {
  test.each(DISALLOWED)('shows nothing to %s', async (origin) => {
    // A header holds bytes: what is beyond them could not even be sent.
    const sent = Buffer.from(origin).toString('latin1');
    for (const method of ['OPTIONS', 'GET', 'POST', 'PUT', 'DELETE']) {
      const response = await call(path, method, sent, { authorization: `Bearer ${token}` });
      expect(corsOf(response), method).toEqual([]);
      expect(response.headers.get('vary'), method).toBe('Origin');
      expect(response.status, method).toBeLessThan(500);
    }
  });
});

test('D3 no answer ever allows credentials, sets a cookie or opens to all', async () => {
  const paths = new Set(stack.app.routes.map((route) => route.path.replace(/[:*]\w*/g, 'x')));
  for (const path of paths)
    for (const method of ['OPTIONS', 'GET', 'POST', 'PUT', 'DELETE', 'PATCH'])
      for (const origin of [ORIGIN, 'https://evil.example', undefined]) {
        const { headers } = await call(path, method, origin, { authorization: `Bearer ${token}`, cookie: 'a=b' });
        expect(headers.has('access-control-allow-credentials'), `${method} ${path}`).toBe(false);
        expect(headers.has('set-cookie'), `${method} ${path}`).toBe(false);
        expect(headers.get('access-control-allow-origin'), `${method} ${path}`).not.toBe('*');
      }
});

const chat = (body: unknown, bearer = token, headers = {}) => stack.post('/chatkit', bearer, body, headers);

describe('D4 an allowed origin can read a refusal', () => {
  // Some test before has asked for the end of its session.
  beforeAll(async () => {
    token = await stack.session();
  });
  const recording = { type: 'input.transcribe', params: { audio_base64: 'AAAA', mime_type: 'audio/webm' } };
  const failing = (error: unknown) => () => {
    fail = error;
    return chat(recording);
  };
  test.each<[number, string, () => Promise<Response>]>([
    [400, 'invalid_json', () => chat('{')],
    [401, 'token_invalid', () => chat(CREATE, 'nonsense')],
    [401, 'session_token_missing', () => stack.post('/chatkit', undefined, CREATE)],
    [401, 'site_token_missing', () => stack.post('/v1/session', undefined, {})],
    [403, 'origin_not_allowed', () => chat(CREATE, token, { origin: SHOP })],
    [403, 'origin_not_allowed', () => stack.post('/v1/session', stack.siteToken, {}, { origin: SHOP })],
    [404, 'not_found', () => chat({ type: 'threads.get_by_id', params: { thread_id: 'thr_1' } })],
    [404, 'not_found', () => call('/v1/files/atc_1', 'GET', ORIGIN, { authorization: `Bearer ${token}` })],
    [405, 'method_not_allowed', () => call('/chatkit', 'PATCH', ORIGIN)],
    [413, 'body_too_large', () => chat('x'.repeat(70_000))],
    [500, 'internal', failing(new Error('a bug'))],
    [503, 'model_unavailable', failing(new ApiError('model_unavailable', 'the model does not answer'))],
    [503, 'storage_unavailable', failing(new ApiError('storage_unavailable', 'the disk is full'))],
  ])('%i %s', async (status, code, ask) => {
    const response = await ask();
    expect(await response.json()).toEqual({ error: { code, message: expect.any(String) as string } });
    expect(response.status).toBe(status);
    const origin = response.headers.get('access-control-allow-origin');
    expect([ORIGIN, SHOP]).toContain(origin);
    expect(response.headers.get('vary')).toBe('Origin');
  });
});

test('D5 a shared cache never gives one origin the answer for another', async () => {
  for (const [path] of PATHS)
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST'])
      for (const origin of [ORIGIN, SHOP, 'https://evil.example', undefined]) {
        const { headers } = await call(path, method, origin, { authorization: `Bearer ${token}` });
        expect(headers.get('vary'), `${method} ${path} ${origin}`).toBe('Origin');
        expect(headers.get('cache-control'), `${method} ${path} ${origin}`).toMatch(/no-store|private/);
      }
});

describe('D21 over a socket', () => {
  let close: () => Promise<void>;
  let port: number;
  beforeAll(async () => {
    port = await freePort();
    close = await listen(stack.app.fetch, { host: '127.0.0.1', port });
  });
  afterAll(() => close());

  const send = (head: string) =>
    new Promise<string>((resolve, reject) => {
      let answer = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(head));
      socket.on('data', (data) => {
        answer += data.toString('latin1');
      });
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
    });

  test.each([
    ['a folded origin', `Origin: ${ORIGIN}\r\n x-injected: 1\r\n`],
    ['a bare CR', `Origin: ${ORIGIN}\rx-injected: 1\r\n`],
    ['a bare CR in another header', `Accept-Language: en\rx-injected: 1\r\nOrigin: ${ORIGIN}\r\n`],
    ['a NUL', `Origin: ${ORIGIN}\0x-injected: 1\r\n`],
    ['a space before the colon', `Origin : ${ORIGIN}\r\n`],
    ['no name', `: ${ORIGIN}\r\n`],
  ])('%s is 400 and reflects nothing', async (_, header) => {
    const answer = await send(`OPTIONS /chatkit HTTP/1.1\r\nHost: localhost\r\n${header}Connection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer.toLowerCase()).not.toMatch(/x-injected|access-control/);
  });

  test('an escaped line break of a path stays one', async () => {
    const answer = await send(
      `GET /v1/files/preview/x%0d%0ax-injected:%201 HTTP/1.1\r\nHost: localhost\r\nOrigin: ${ORIGIN}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).not.toMatch(/\r\nx-injected/);
  });
});
