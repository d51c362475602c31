import { afterEach, beforeEach, expect, test, vi } from 'vitest';

// The registry of elements and the status are the page's: each test has a page of its own.
let client: typeof import('../../../widget/client/chatkit-status.ts');
let define: () => void;
let isDefined: boolean;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.resetModules();
  client = await import('../../../widget/client/chatkit-status.ts');
  isDefined = false;
  const defined = Promise.withResolvers<void>();
  define = () => {
    isDefined = true;
    defined.resolve();
  };
  vi.spyOn(customElements, 'get').mockImplementation(() => (isDefined ? HTMLElement : undefined));
  vi.spyOn(customElements, 'whenDefined').mockReturnValue(defined.promise as unknown as Promise<typeof HTMLElement>);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  document.head.replaceChildren();
});

function failScript(src: string): void {
  const script = document.head.appendChild(document.createElement('script'));
  script.type = 'text/plain';
  Object.defineProperty(script, 'src', { value: src });
  script.dispatchEvent(new Event('error'));
}

const settled = () => vi.advanceTimersByTimeAsync(0);

test('it resolves when the element comes, however late', async () => {
  const ready = client.whenChatKitReady({ timeoutMs: 60_000 });
  await vi.advanceTimersByTimeAsync(59_000);
  define();
  await ready;
  expect(vi.getTimerCount()).toBe(0);
  await client.whenChatKitReady({ timeoutMs: 0 });
});

test.each([
  [undefined, 10_000],
  [500, 500],
])('with a time-out of %s it rejects after %i ms', async (timeoutMs, after) => {
  const error = client.whenChatKitReady(timeoutMs === undefined ? {} : { timeoutMs }).catch((e: unknown) => e);
  await vi.advanceTimersByTimeAsync(after - 1);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(await error).toMatchObject({ name: 'ChatKitNotReadyError', code: 'timed_out' });
});

test('no time-out is one, too', async () => {
  const ready = client.whenChatKitReady({ timeoutMs: Number.POSITIVE_INFINITY });
  await vi.advanceTimersByTimeAsync(86_400_000);
  define();
  await ready;
});

test.each(['https://cdn.example/deployments/chatkit/chatkit.js', 'https://chat.example/chatkit.js?v=2'])(
  'a script %s that fails is known at once',
  async (src) => {
    const error = client.whenChatKitReady().catch((e: unknown) => e);
    failScript(src);
    expect(await error).toMatchObject({ code: 'script_failed', message: `${src} could not be loaded` });
  },
);

test('the failure of another script says nothing', async () => {
  const ready = client.whenChatKitReady();
  failScript('https://cdn.example/analytics.js');
  await settled();
  define();
  await ready;
});

test('an abort ends the waiting with its own reason', async () => {
  const leave = new AbortController();
  const error = client.whenChatKitReady({ signal: leave.signal }).catch((e: unknown) => e);
  leave.abort(new Error('unmounted'));
  expect(await error).toEqual(new Error('unmounted'));
  expect(vi.getTimerCount()).toBe(0);
  await expect(client.whenChatKitReady({ signal: leave.signal })).rejects.toThrow('unmounted');
});

test('the status goes from pending to ready, and its followers are told', async () => {
  const told = vi.fn();
  const leave = client.chatKitStatus.subscribe(told);
  expect(client.chatKitStatus.get()).toBe('pending');
  define();
  await settled();
  expect(client.chatKitStatus.get()).toBe('ready');
  expect(told).toHaveBeenCalledTimes(1);
  leave();
});

test('an error is told, and taken back when the element comes after all', async () => {
  const told: string[] = [];
  client.chatKitStatus.subscribe(() => told.push(client.chatKitStatus.get()));
  failScript('https://chat.example/chatkit.js');
  await settled();
  define();
  await settled();
  expect(told).toEqual(['error', 'ready']);
});

test('who has left is told nothing', async () => {
  const told = vi.fn();
  client.chatKitStatus.subscribe(told)();
  define();
  await settled();
  expect(told).not.toHaveBeenCalled();
});
