import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { StreamingRequest } from '../../../../protocol/request.ts';
import { en } from '../../../../widget/element/strings/en.ts';
import { createApiClient } from '../../../../widget/element/transport/api-client.ts';
import { failureText, RequestFailure, waitAfter } from '../../../../widget/element/transport/request-failure.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const { signal } = new AbortController();
const list = { type: 'threads.list', params: {} } as const;
const create: StreamingRequest = {
  type: 'threads.create',
  params: { input: { content: [], attachments: [], inference_options: {} } },
};

function client(...answers: (Response | Error)[]) {
  const calls: { self: unknown; url: unknown; init: RequestInit }[] = [];
  const send = function (this: unknown, url: unknown, init: RequestInit) {
    calls.push({ self: this, url, init });
    const answer = answers.shift();
    return answer instanceof Response ? Promise.resolve(answer) : Promise.reject(answer ?? new Error('no answer left'));
  } as typeof fetch;
  return { calls, api: createApiClient(() => ({ url: '/chatkit', fetch: send, locale: 'de', uploadUrl: undefined })) };
}

const DELTA = { type: 'assistant_message.content_part.text_delta', content_index: 0, delta: 'Because' };

async function drain(events: AsyncIterable<unknown>): Promise<unknown[]> {
  return Array.fromAsync(events);
}

// Shows 63, 64, 65, 66, 67.
test('calls the host fetch without a this, with an absolute URL, plain headers and a string body', async () => {
  const { api, calls } = client(Response.json({ data: [] }));
  await api.json(list, signal);
  const [{ self, url, init } = { self: 0, url: 0, init: {} }] = calls;
  expect(self).toBeUndefined();
  expect(url).toBe(new URL('/chatkit', document.baseURI).href);
  expect(init).toEqual({
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'Accept-Language': 'de' },
    body: '{"type":"threads.list","params":{}}',
    signal,
  });
});

// Shows 73, 74.
test('reads again after 429 as late as the server asks', async () => {
  const busy = new Response('', { status: 429, headers: { 'retry-after': '3' } });
  const { api, calls } = client(busy, Response.json({ data: [] }));
  const answer = api.json(list, signal);
  await vi.advanceTimersByTimeAsync(2_900);
  expect(calls).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(200);
  await expect(answer).resolves.toEqual({ data: [] });
});

test('a host fetch that rejects with a status is believed, and not asked again', async () => {
  const { api, calls } = client(Object.assign(new Error('nobody is signed in'), { status: 401 }));
  const failure: unknown = await api.json(list, signal).catch((error: unknown) => error);
  expect(failure).toMatchObject({ status: 401, detail: 'nobody is signed in' });
  expect(failureText(failure, en)).toBe(en.refused);
  expect(calls).toHaveLength(1);
});

// Shows 74.
test('never sends a streaming request twice', async () => {
  const { api, calls } = client(new TypeError('network'), Response.json({}));
  await expect(drain(api.stream(create, signal))).rejects.toMatchObject({ name: 'RequestFailure', status: 0 });
  expect(calls).toHaveLength(1);
});

// Shows 72.
test('turns an error body into a failure with its code', async () => {
  const body = { error: { code: 'message_too_long', message: 'at most 8,000 characters' } };
  const { api } = client(Response.json(body, { status: 400 }));
  await expect(drain(api.stream(create, signal))).rejects.toMatchObject({ status: 400, code: 'message_too_long' });
});

test('ends a read whose fetch ignores the signal', async () => {
  const abort = new AbortController();
  const { api } = client(new Response(new ReadableStream()));
  const events = drain(api.stream(create, abort.signal));
  const failed = expect(events).rejects.toMatchObject({ name: 'AbortError' });
  await vi.advanceTimersByTimeAsync(0);
  abort.abort();
  await failed;
});

const HTML = '<!doctype html><title>Sign in</title>';
const html = () => new Response(HTML, { headers: { 'content-type': 'text/html; charset=utf-8' } });

test('takes a page of HTML for no answer, and does not ask for it again', async () => {
  const { api, calls } = client(html(), html(), html());
  await expect(api.json(list, signal)).rejects.toMatchObject({ name: 'RequestFailure', status: 200 });
  expect(calls).toHaveLength(1);
  await expect(drain(api.stream(create, signal))).rejects.toMatchObject({ name: 'RequestFailure', status: 200 });
});

// Shows 72.
test('shows the error of a stream that is JSON, whatever its status says', async () => {
  const { api } = client(Response.json({ error: { code: 'quota', message: 'Quota reached.' } }));
  await expect(drain(api.stream(create, signal))).rejects.toMatchObject({ code: 'quota', detail: 'Quota reached.' });
});

// Shows 73.
test.each([
  [401, 'refused'],
  [403, 'refused'],
  [404, 'missing'],
  [413, 'tooLong'],
  [429, 'tooMany'],
  [500, 'unavailable'],
  [503, 'unavailable'],
  [200, 'unreadable'],
] as const)('has words for the status %i, however it is asked', async (status, words) => {
  const answer = () => new Response('no', { status, headers: { 'content-type': 'text/html', 'retry-after': '60' } });
  const { api } = client(answer(), answer());
  const failures = await Promise.allSettled([drain(api.stream(create, signal)), api.json(list, signal)]);
  expect(failures.map((failure) => failure.status)).toEqual(['rejected', 'rejected']);
  for (const failure of failures)
    if (failure.status === 'rejected') {
      expect(failureText(failure.reason, en)).toBe(en[words]);
      if (status >= 400) expect(waitAfter(failure.reason)).toBe(60_000);
    }
});

test('keeps nobody waiting for longer than five minutes', () => {
  expect(waitAfter(new RequestFailure(503, { retryAfter: 86_400_000 }))).toBe(300_000);
  expect(waitAfter(new RequestFailure(503))).toBeUndefined();
});

// Shows 76.
test('passes over events and updates that it does not know, or that are broken', async () => {
  const known = { type: 'progress_update', text: 'Reading' };
  const events = [
    { type: 'thread.item.hologram', item: {} },
    { type: 'thread.item.updated', item_id: 'm', update: { type: 'hologram.turned' } },
    { type: 'thread.item.updated', item_id: 'm' },
    { type: 'thread.item.added' },
    { type: 'thread.item.done', item: { id: 'w', type: 'widget' } },
    known,
    { type: 'thread.item.updated', item_id: 'm', update: { ...DELTA, content_index: 1e9 } },
  ];
  const { api } = client(new Response(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')));
  expect(await drain(api.stream(create, signal))).toEqual([known]);
});

// Shows 79.
test('reads a stream with comments, ids and event names', async () => {
  const body = ': hi\n\nid: 7\nevent: message\nretry: 10\ndata: {"type":"progress_update","text":"x"}\n\n: bye\n\n';
  const { api } = client(new Response(body));
  expect(await drain(api.stream(create, signal))).toEqual([{ type: 'progress_update', text: 'x' }]);
});

// Shows 91.
test('lets the page work while a body that came at once is read', async () => {
  vi.useRealTimers();
  const frame = `data: ${JSON.stringify({ type: 'thread.item.updated', item_id: 'm', update: DELTA })}\n\n`;
  const { api } = client(new Response(frame.repeat(50_000)));
  let pauses = 0;
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('message', () => {
    pauses += 1;
    port2.postMessage(null);
  });
  port1.start();
  port2.postMessage(null);
  const events = await drain(api.stream(create, signal));
  port1.close();
  expect(events).toHaveLength(50_000);
  expect(pauses).toBeGreaterThan(2);
});
