import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { StreamingRequest } from '../../../protocol/request.ts';
import { createApiClient } from '../../../widget/element/transport/api-client.ts';

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

async function drain(events: AsyncIterable<unknown>): Promise<unknown[]> {
  return Array.fromAsync(events);
}

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

test('reads again after 429 as late as the server asks', async () => {
  const busy = new Response('', { status: 429, headers: { 'retry-after': '3' } });
  const { api, calls } = client(busy, Response.json({ data: [] }));
  const answer = api.json(list, signal);
  await vi.advanceTimersByTimeAsync(2_900);
  expect(calls).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(200);
  await expect(answer).resolves.toEqual({ data: [] });
});

test('never sends a streaming request twice', async () => {
  const { api, calls } = client(new TypeError('network'), Response.json({}));
  await expect(drain(api.stream(create, signal))).rejects.toMatchObject({ name: 'RequestFailure', status: 0 });
  expect(calls).toHaveLength(1);
});

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
