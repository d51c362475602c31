import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import { Turn } from '../../../server/chatkit/turn.ts';
import { readAll } from './scripted-server.ts';

const progress = (text: string): ThreadStreamEvent => ({ type: 'progress_update', text });
const never = () => new Promise<never>(() => {});
const ignore = () => {};

test('the work goes on while nobody reads', async () => {
  let made = 0;
  const turn = new Turn(
    [],
    async function* () {
      for (; made < 1_000; made += 1) yield progress(String(made));
    },
    ignore,
  );
  await turn.finished;
  expect(made).toBe(1_000);
  expect(await readAll(turn)).toHaveLength(1_000);
});

test('a reader follows the work as it goes', async () => {
  const gate = Promise.withResolvers<void>();
  const turn = new Turn(
    [],
    async function* () {
      yield progress('first');
      await gate.promise;
      yield progress('second');
    },
    ignore,
  );
  const reader = turn.read().getReader();
  const text = new TextDecoder();
  expect(text.decode((await reader.read()).value)).toBe('data: {"type":"progress_update","text":"first"}\n\n');
  gate.resolve();
  expect(text.decode((await reader.read()).value)).toBe('data: {"type":"progress_update","text":"second"}\n\n');
  expect((await reader.read()).done).toBe(true);
});

const leaveUnread = async (chars: number, count: number) => {
  let made = 0;
  let wasCancelled = false;
  const turn = new Turn(
    [],
    async function* (signal) {
      for (; made < count && !signal.aborted; made += 1) yield progress('x'.repeat(chars));
      wasCancelled = signal.aborted;
    },
    ignore,
  );
  await turn.finished;
  return { made, wasCancelled, events: await readAll(turn) };
};

describe('a reader that leaves too much unread', () => {
  test('is taken for gone at 256 KB', async () => {
    const { made, wasCancelled, events } = await leaveUnread(64 * 1024, 100);
    expect(wasCancelled).toBe(true);
    expect(made).toBeLessThan(6);
    expect(events).toEqual([{ type: 'error', code: 'stream.error', allow_retry: true }]);
  });

  test('may leave one frame of any size', async () => {
    const { wasCancelled, events } = await leaveUnread(1024 * 1024, 1);
    expect(wasCancelled).toBe(false);
    expect(events).toHaveLength(1);
  });
});

test('a reader that goes cancels, once', async () => {
  let aborts = 0;
  const reached = Promise.withResolvers<void>();
  const turn = new Turn(
    [],
    async function* (signal) {
      signal.addEventListener('abort', () => {
        aborts += 1;
      });
      yield progress('…');
      reached.resolve();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
    ignore,
  );
  await reached.promise;
  await turn.read().cancel();
  turn.cancel();
  await turn.finished;
  expect(aborts).toBe(1);
});

test('a turn that ended is not cancelled afterwards', async () => {
  let seen: AbortSignal | undefined;
  const turn = new Turn(
    [],
    async function* (signal) {
      seen = signal;
      yield progress('…');
    },
    ignore,
  );
  await turn.finished;
  turn.cancel();
  expect(seen?.aborted).toBe(false);
  expect(await readAll(turn)).toEqual([progress('…')]);
});

test('a throw ends with an error event without its cause, which is reported', async () => {
  const reported: unknown[] = [];
  const failure = new Error('db password=1');
  const turn = new Turn(
    [],
    async function* () {
      yield progress('…');
      throw failure;
    },
    (error) => reported.push(error),
  );
  expect(await readAll(turn)).toEqual([progress('…'), { type: 'error', code: 'stream.error', allow_retry: true }]);
  expect(reported).toEqual([failure]);
});

describe('in silence', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('a comment goes out every 15 seconds, counted from the last event', async () => {
    const gate = Promise.withResolvers<void>();
    const turn = new Turn(
      [],
      async function* () {
        yield progress('first');
        await gate.promise;
        yield progress('second');
        await never();
      },
      ignore,
    );
    const reader = turn.read().getReader();
    await reader.read();
    await vi.advanceTimersByTimeAsync(14_000);
    gate.resolve();
    await reader.read();
    const next = reader.read();
    let isHere = false;
    void next.then(() => {
      isHere = true;
    });
    await vi.advanceTimersByTimeAsync(14_999);
    expect(isHere).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(new TextDecoder().decode((await next).value)).toBe(': keep-alive\n\n');
    turn.cancel();
    expect(vi.getTimerCount()).toBe(0);
  });
});

const texts = (value: Uint8Array | undefined) =>
  [...new TextDecoder().decode(value).matchAll(/"text":"(.)/g)].map(([, text]) => text);

describe('a busy turn', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('writes its first eight times at once, then what came within 16 ms together', async () => {
    const gates = Array.from({ length: 10 }, () => Promise.withResolvers<void>());
    const turn = new Turn(
      [],
      async function* () {
        for (const [index, gate] of gates.entries()) {
          yield progress(String(index));
          await gate.promise;
        }
        await never();
      },
      ignore,
    );
    const reader = turn.read().getReader();
    for (let n = 0; n < 8; n += 1) {
      expect(texts((await reader.read()).value)).toEqual([String(n)]);
      gates[n]?.resolve();
    }
    const next = reader.read();
    await vi.advanceTimersByTimeAsync(15);
    gates[8]?.resolve();
    await expect(Promise.race([next, Promise.resolve('waits')])).resolves.toBe('waits');
    await vi.advanceTimersByTimeAsync(1);
    expect(texts((await next).value)).toEqual(['8', '9']);
    turn.cancel();
  });

  test('keeps nothing back when it ends', async () => {
    const gate = Promise.withResolvers<void>();
    const turn = new Turn(
      [progress('a')],
      async function* () {
        await gate.promise;
        yield progress('b');
      },
      ignore,
    );
    const reader = turn.read().getReader();
    await reader.read();
    gate.resolve();
    expect(texts((await reader.read()).value)).toEqual(['b']);
    expect((await reader.read()).done).toBe(true);
  });
});
