import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readJson } from '../../../server/routes/read-json.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const requestOf = (body: ReadableStream<Uint8Array>) =>
  new Request('http://localhost/', { method: 'POST', body, duplex: 'half' } as RequestInit);

test('L3 a body that does not come is given up after 30 seconds, and let go of', async () => {
  const cancelled = Promise.withResolvers<void>();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array([0x7b])),
    cancel: () => cancelled.resolve(),
  });
  let outcome: unknown;
  const reading = readJson(requestOf(body)).catch((error: unknown) => {
    outcome = error;
  });
  await vi.advanceTimersByTimeAsync(29_999);
  expect(outcome).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  await reading;
  expect(outcome).toMatchObject({ name: 'ApiError', code: 'invalid_request' });
  await cancelled.promise;
  expect(vi.getTimerCount()).toBe(0);
});

test('one that comes leaves no timer', async () => {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of ['{"a"', ':1}']) controller.enqueue(new TextEncoder().encode(part));
      controller.close();
    },
  });
  expect(await readJson(requestOf(body))).toEqual({ a: 1 });
  expect(vi.getTimerCount()).toBe(0);
});
