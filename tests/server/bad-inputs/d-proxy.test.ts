import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createCookieProxy } from '../../../server/proxy/cookie-proxy.ts';
import { answerJson, callRaw, type ProxiedChat, startProxiedChat } from '../proxy/proxied-chat.ts';

// The cookie proxy on real sockets, in front of a chat server that would answer everything. How the cookie is set (D15)
// is the host's own doing: what is shown here is that the token never comes back out.

let chat: ProxiedChat;
afterEach(() => chat.close());

const TOKEN = 'user-token';
const start = async (options = {}) => {
  chat = await startProxiedChat((response) => answerJson(response), options);
};

async function expectRefused(response: Response, status: number, code: string): Promise<void> {
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('location')).toBeNull();
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  expect(error.code).toBe(code);
  expect(error.message).not.toContain(TOKEN);
  expect(chat.received).toEqual([]);
}

const EVIL = 'https://evil.example';
const CONTENT_TYPES = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json',
  'text/plain; charset=application/json',
  '',
];

describe.each(CONTENT_TYPES)('a body of "%s"', (type) => {
  test.each([
    ['D6 another site', { origin: EVIL, 'sec-fetch-site': 'cross-site' }],
    ['D6 a form that hides its origin', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['D6 a caller without an origin', { origin: '', 'sec-fetch-site': 'cross-site' }],
    ['D6 a caller without either witness', { origin: '', 'sec-fetch-site': '' }],
    ['D7 an evil origin that claims to be the same', { origin: EVIL }],
    ['D7 an evil origin and nothing else', { origin: EVIL, 'sec-fetch-site': '' }],
    ['D8 a sibling domain', { origin: 'http://sibling.127.0.0.1', 'sec-fetch-site': 'same-site' }],
    ['D8 the own origin with a sibling as its witness', { 'sec-fetch-site': 'same-site' }],
    ['D8 an address that was typed', { 'sec-fetch-site': 'none' }],
    ['D8 the own origin without its witness', { 'sec-fetch-site': '' }],
    ['D8 an own origin that is only claimed', { origin: '' }],
  ])('%s → 403', async (_name, headers) => {
    await start();
    await expectRefused(await chat.call({ 'content-type': type, ...headers }), 403, 'origin_not_allowed');
  });
});

test.each([
  ['another port', (own: string) => own.replace(/\d+$/, '1')],
  ['another name for the same machine', (own: string) => own.replace('127.0.0.1', 'localhost')],
  ['the own one with a path', (own: string) => `${own}.evil.example`],
  ['the own one as a user name', (own: string) => `http://${own.slice(7)}@evil.example`],
  ['two of them', (own: string) => `${own} ${EVIL}`],
  ['the own one with a scheme of no page', (own: string) => own.replace('http', 'xhttp')],
  ['the own one in a way that no browser writes it', (own: string) => `${own}/`],
  ['no address at all', () => 'own'],
])('D7 an origin that looks like the own one: %s → 403', async (_name, make) => {
  await start();
  await expectRefused(await chat.call({ origin: make(chat.origin) }), 403, 'origin_not_allowed');
});

test.each(['Same-Origin', 'same-origin, cross-site', 'same-originx', 'null'])(
  'D8 a witness that says "%s" → 403',
  async (site) => {
    await start();
    await expectRefused(await chat.call({ 'sec-fetch-site': site }), 403, 'origin_not_allowed');
  },
);

test.each([EVIL, 'https://own.example.evil.example', 'http://own.example', 'https://own.example:8443', 'null'])(
  'D7 where the own origins are named, %s is none of them → 403',
  async (origin) => {
    await start({ origins: ['https://own.example'] });
    await expectRefused(await chat.call({ origin }), 403, 'origin_not_allowed');
  },
);

test.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])('D9 %s → 405', async (method) => {
  await start();
  const body = method === 'GET' || method === 'HEAD' ? null : '{}';
  const response = await chat.call({}, { method, body, path: '/api/chatkit?type=threads.delete' });
  expect(response.headers.get('allow')).toBe('POST');
  if (method === 'HEAD') expect(response.status).toBe(405);
  else await expectRefused(response, 405, 'method_not_allowed');
  expect(chat.received).toEqual([]);
});

const TWISTED = [
  '/api/chatkit/..%2fadmin',
  '/api/chatkit/..%2Fadmin',
  '/..%2fadmin',
  '/api/chatkit/%2e%2e%2fadmin',
  '/api/chatkit/..%5cadmin',
  '/api/chatkit%00.json',
  '//evil.example',
  '//evil.example/api/chatkit',
  '/api//chatkit',
  'http://evil.example/',
  'http://evil.example/api/chatkit',
  'https://evil.example:8443/api/chatkit',
];

describe.each([
  ['wherever it is mounted', {}],
  ['at a path that it knows', { path: '/api/chatkit' }],
])('%s', (_name, options) => {
  test.each(TWISTED)('D11 %s → 404', async (address) => {
    await start(options);
    expect(await callRaw(chat, address)).toBe(404);
    expect(chat.received).toEqual([]);
  });
});

test.each(['/', '/api/chatkit/', '/api/chatkit/admin', '/api/../admin', '/API/chatkit', '/admin?/api/chatkit'])(
  'D11 %s is not the path that it knows → 404',
  async (address) => {
    await start({ path: '/api/chatkit' });
    expect(await callRaw(chat, address)).toBe(404);
    expect(chat.received).toEqual([]);
  },
);

test.each(['/api/chatkit?target=http://evil.example', '/api/chatkit?/../admin', '/api/chatkit?x#y'])(
  'D11 nothing in %s changes where the request goes',
  async (address) => {
    await start({ path: '/api/chatkit' });
    expect(await callRaw(chat, address, [`x-forwarded-host: evil.example`, 'x-original-url: /admin'])).toBe(200);
    expect(chat.received.map(({ url }) => url)).toEqual(['/chatkit']);
  },
);

test.each([`bad${String.fromCharCode(13)}value`, 'bad\u0000value'])(
  'D21 a header that holds a control character is refused by Node: %j → 400',
  async (value) => {
    await start();
    expect(await callRaw(chat, '/api/chatkit', [`accept-language: ${value}`])).toBe(400);
    expect(chat.received).toEqual([]);
  },
);

test('D12 of the request only what a ChatKit element sends goes on, and no cookie', async () => {
  await start();
  const element = {
    accept: 'text/event-stream',
    'accept-language': 'de',
    'chatkit-frame-instance-id': 'f1',
    'content-type': 'application/json',
  };
  const others = {
    authorization: 'Bearer of-the-browser',
    'x-user-id': 'admin',
    'x-user-token': 'forged',
    'x-forwarded-for': '10.0.0.1',
    'x-forwarded-host': 'evil.example',
    'x-internal': 'yes',
    'proxy-authorization': 'Basic x',
    referer: 'https://own.example/?code=secret',
    'user-agent': 'Browser',
  };
  await chat.call({ ...element, ...others });
  const headers = chat.received[0]?.headers ?? {};
  // What remains is the HTTP client's own.
  const { host, connection, 'content-length': length, 'accept-encoding': encoding, ...sent } = headers;
  expect([host, connection, length, encoding].every((value) => value !== undefined)).toBe(true);
  const { 'user-agent': agent, 'sec-fetch-mode': mode, ...ours } = sent;
  expect([agent, mode]).toEqual(['node', 'cors']);
  expect(ours).toEqual({ ...element, authorization: `Bearer ${TOKEN}` });
});

test('D14 of the answer only what a ChatKit element reads comes back, no cookie and no permission', async () => {
  chat = await startProxiedChat((response) =>
    answerJson(response, 200, {
      'set-cookie': 'session=evil',
      'access-control-allow-origin': '*',
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': '*',
      'www-authenticate': 'Basic',
      'content-security-policy': "default-src 'none'",
      'clear-site-data': '"*"',
      'strict-transport-security': 'max-age=0',
      link: '<https://evil.example>; rel=preload',
      refresh: '0; url=https://evil.example',
      location: 'https://evil.example',
      server: 'uvicorn',
      'x-request-id': '7',
      'cache-control': 'public, max-age=600',
      'retry-after': '3',
    }),
  );
  const response = await chat.call();
  const {
    date: _date,
    connection: _connection,
    'keep-alive': _keepAlive,
    'transfer-encoding': _,
    ...headers
  } = Object.fromEntries(response.headers);
  expect(headers).toEqual({
    'cache-control': 'no-store, no-transform',
    'content-type': 'application/json',
    'retry-after': '3',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  });
});

test.each([200, 401, 404, 500, 502])('D15 the token is in no part of an answer of %i', async (status) => {
  chat = await startProxiedChat((response) => answerJson(response, status, { 'x-echo': TOKEN, 'set-cookie': TOKEN }));
  const response = await chat.call();
  expect(JSON.stringify([...response.headers]) + (await response.text())).not.toContain(TOKEN);
});

test.each([
  ['no cookie at all', ''],
  ['another cookie', 'theme=dark'],
  ['a name that ends like it', 'not__Host-session=x'],
  ['a name that begins like it', '__Host-session2=x'],
  ['its name in other letters', '__host-session=x'],
  ['its name as a value', 'a=__Host-session=x'],
  ['its name without a value', '__Host-session'],
  ['an empty value', '__Host-session='],
  ['an empty quoted value', '__Host-session=""'],
  ['two values, one of a sibling domain perhaps', '__Host-session=x; __Host-session=y'],
  ['a line break in it', '__Host-session=x%0d%0ax-admin:%201'],
  ['a space in it', '__Host-session=x%20y'],
  ['letters that no header holds', '__Host-session=%C3%BC'],
  ['a NUL in it', '__Host-session=x%00'],
])('D16 %s → 401', async (_name, cookie) => {
  await start();
  await expectRefused(await chat.call({ cookie }), 401, 'user_token_required');
});

test('D16 there is no other way in: neither a Bearer of the browser nor a query is asked', async () => {
  await start();
  const response = await chat.call(
    { cookie: '', authorization: `Bearer ${TOKEN}` },
    { path: `/api/chatkit?token=${TOKEN}` },
  );
  await expectRefused(response, 401, 'user_token_required');
});

test.each([
  ['in JSON', (response: ServerResponse) => answerExpired(response), 'token_expired'],
  ['as a page', (response: ServerResponse) => response.writeHead(401, HTML).end('<h1>Login</h1>'), 'token_invalid'],
  ['without a word', (response: ServerResponse) => response.writeHead(401).end(), 'token_invalid'],
])('D16 an expired token that the chat server refuses %s → 401 JSON', async (_name, answer, code) => {
  chat = await startProxiedChat(answer);
  const response = await chat.call();
  expect(response.status).toBe(401);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('www-authenticate')).toBeNull();
  expect(await response.json()).toMatchObject({ error: { code } });
});

const HTML = { 'content-type': 'text/html', 'www-authenticate': 'Basic' };

function answerExpired(response: ServerResponse): void {
  const body = JSON.stringify({ error: { code: 'token_expired', message: 'the token has expired' } });
  response.writeHead(401, { 'content-type': 'application/json' }).end(body);
}

test.each([301, 302, 303, 307, 308])('D16 a redirect of %i is neither followed nor passed on → 502', async (status) => {
  chat = await startProxiedChat((response) => response.writeHead(status, { location: '/chatkit/login' }).end());
  const response = await chat.call();
  expect(response.status).toBe(502);
  expect(response.headers.get('location')).toBeNull();
  expect(await response.json()).toMatchObject({ error: { code: 'upstream_unavailable' } });
  expect(chat.received).toHaveLength(1);
});

test.each([
  ['text/html', '<script>alert(1)</script>'],
  ['text/html; application/json', '<script>alert(1)</script>'],
  ['application/jsonx', '{}'],
  ['image/svg+xml', '<svg onload="alert(1)"/>'],
  ['application/javascript', 'alert(1)'],
])('D14 a body of %s would run on the own origin → 502', async (type, body) => {
  chat = await startProxiedChat((response) => response.writeHead(200, { 'content-type': type }).end(body));
  const response = await chat.call();
  expect(response.status).toBe(502);
  expect(await response.text()).not.toContain('alert');
});

test('L1 a body over 16 MB → 413, and nothing of it goes on', async () => {
  await start();
  const body = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(1024 * 1024)),
  });
  const response = await chat.call({}, { body, duplex: 'half' } as RequestInit);
  await expectRefused(response, 413, 'body_too_large');
});

test('D17 a chunk is passed on within 50 ms, and one at a time', async () => {
  let stream: ServerResponse | undefined;
  chat = await startProxiedChat((response) => {
    stream = response.writeHead(200, { 'content-type': 'text/event-stream' });
    stream.flushHeaders();
  });
  const response = await chat.call();
  const reader = response.body?.getReader();
  const waits: number[] = [];
  for (let n = 0; n < 20; n++) {
    const written = performance.now();
    stream?.write(`data: ${n}\n\n`);
    const chunk = await reader?.read();
    waits.push(performance.now() - written);
    expect(new TextDecoder().decode(chunk?.value)).toBe(`data: ${n}\n\n`);
  }
  // The best of twenty: the machine may be late, a proxy that waits is late each time.
  expect(Math.min(...waits)).toBeLessThan(50);
  await reader?.cancel();
});

test('D17 a browser that leaves ends the request to the chat server within a second', { timeout: 2_000 }, async () => {
  const gone = Promise.withResolvers<number>();
  chat = await startProxiedChat((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
    response.on('close', () => gone.resolve(performance.now()));
  });
  const leave = new AbortController();
  const response = await chat.call({}, { signal: leave.signal });
  await response.body?.getReader().read();
  const left = performance.now();
  leave.abort();
  expect((await gone.promise) - left).toBeLessThan(1_000);
});

test('D17 a framework that cancels the answer instead of the request ends it as well', async () => {
  chat = await startProxiedChat((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
    response.on('close', () => gone.resolve());
  });
  const gone = Promise.withResolvers<void>();
  const proxy = createCookieProxy({ cookie: 's', target: chat.target });
  const response = await proxy(
    new Request('https://own.example/api/chatkit', {
      method: 'POST',
      body: '{}',
      headers: { origin: 'https://own.example', 'sec-fetch-site': 'same-origin', cookie: 's=t' },
    }),
  );
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  await gone.promise;
});
