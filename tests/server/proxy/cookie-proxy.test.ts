import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createCookieProxy } from '../../../server/proxy/cookie-proxy.ts';
import { answerJson, type ProxiedChat, startProxiedChat } from './proxied-chat.ts';

let chat: ProxiedChat | undefined;
afterEach(() => chat?.close());

const EVENTS = { 'content-type': 'text/event-stream' };

test('the cookie goes on as the Bearer token, with the body as it was', async () => {
  chat = await startProxiedChat((response) => answerJson(response));
  const response = await chat.call({}, { body: '{"type":"threads.create","metadata":{"a":"ü"}}' });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ ok: true });
  expect(chat.received[0]?.url).toBe('/chatkit');
  expect(chat.received[0]?.headers.authorization).toBe('Bearer user-token');
  expect(chat.received[0]?.body).toBe('{"type":"threads.create","metadata":{"a":"ü"}}');
});

test('a chunk is passed on before the next one is written', async () => {
  let stream: ServerResponse | undefined;
  chat = await startProxiedChat((response) => {
    stream = response.writeHead(200, EVENTS);
    stream.write('data: {"n":0}\n\n');
  });
  const response = await chat.call();
  expect(response.headers.get('cache-control')).toBe('no-store, no-transform');
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  // Each is written only when the one before has arrived: a proxy that collects would wait for ever.
  for (let n = 0; n < 5; n++) {
    expect(await reader?.read()).toEqual({ done: false, value: `data: {"n":${n}}\n\n` });
    stream?.write(`data: {"n":${n + 1}}\n\n`);
  }
  await reader?.cancel();
});

test.each([
  ['while it streams', true],
  ['before there is an answer', false],
])('when the browser leaves %s, the chat server is told', async (_, isStreaming) => {
  const gone = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  chat = await startProxiedChat((response) => {
    response.on('close', gone.resolve);
    if (isStreaming) response.writeHead(200, EVENTS).write(': hello\n\n');
    asked.resolve();
  });
  const leave = new AbortController();
  const answer = chat.call({}, { signal: leave.signal });
  if (isStreaming) await (await answer).body?.getReader().read();
  await asked.promise;
  leave.abort();
  await Promise.allSettled([answer]);
  await gone.promise;
  expect(chat.reported).toEqual([]);
});

test('a cookie that is not the token itself is made into one', async () => {
  chat = await startProxiedChat((response) => answerJson(response), {
    token: async (cookie) => (cookie === 'user-token' ? 'unsealed' : undefined),
  });
  expect((await chat.call()).status).toBe(200);
  expect(chat.received[0]?.headers.authorization).toBe('Bearer unsealed');
  const refused = await chat.call({ cookie: '__Host-session=other' });
  expect(refused.status).toBe(401);
  expect(chat.received).toHaveLength(1);
});

test('behind a proxy that changes the host, the origins are named', async () => {
  chat = await startProxiedChat((response) => answerJson(response), { origins: ['https://shop.example'] });
  expect((await chat.call({ origin: 'https://shop.example' })).status).toBe(200);
  expect((await chat.call()).status).toBe(403);
});

test('where TLS ends before the host, the scheme of its own pages is another one', async () => {
  chat = await startProxiedChat((response) => answerJson(response));
  expect((await chat.call({ origin: chat.origin.replace('http:', 'https:') })).status).toBe(200);
});

test.each([400, 404, 409, 429, 500, 503])('an answer of %i is passed on with its words', async (status) => {
  chat = await startProxiedChat((response) => answerJson(response, status, { 'retry-after': '7' }));
  const response = await chat.call();
  expect(response.status).toBe(status);
  expect(response.headers.get('retry-after')).toBe('7');
  expect(await response.json()).toEqual({ ok: true });
});

test('a chat server that is down is said so, without its address', async () => {
  chat = await startProxiedChat(() => undefined, { target: 'http://127.0.0.1:9/chatkit' });
  const response = await chat.call();
  expect(response.status).toBe(502);
  expect(await response.json()).toEqual({
    error: { code: 'upstream_unavailable', message: 'the chat server does not answer' },
  });
  expect(chat.reported).toHaveLength(1);
});

test('a page of HTML where an answer should be is no answer', async () => {
  chat = await startProxiedChat((response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<script>alert(1)</script>'),
  );
  const response = await chat.call();
  expect(response.status).toBe(502);
  expect(await response.text()).not.toContain('script');
  expect(String(chat.reported[0])).toContain('the chat server answered 200 with text/html');
});

test('a target that is no address fails at once, not at the first question', () => {
  expect(() => createCookieProxy({ cookie: 'a', target: 'chat.example.com' })).toThrow('Invalid URL');
});

test('an answer that comes in one piece is whole', async () => {
  const long = JSON.stringify({ text: 'ü'.repeat(400_000) });
  chat = await startProxiedChat(async (response) => {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
    if (!response.write(long.slice(0, 200_000))) await once(response, 'drain');
    response.end(long.slice(200_000));
  });
  expect(await (await chat.call()).text()).toBe(long);
});
