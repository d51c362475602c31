import { afterEach, expect, test, vi } from 'vitest';
import { installWindowApi, type WindowApi } from '../../../widget/embed/window-api.ts';

const page = window as { pagewise?: unknown };

afterEach(() => {
  delete page.pagewise;
  vi.restoreAllMocks();
});

function fakeApi(overrides: Partial<WindowApi> = {}): { api: WindowApi; calls: string[] } {
  const calls: string[] = [];
  const note =
    (name: string) =>
    (...values: unknown[]): never => {
      calls.push([name, ...values].join(' '));
      return undefined as never;
    };
  const names = ['open', 'close', 'toggle', 'ask', 'identify', 'logout', 'setContext', 'on', 'off', 'destroy'] as const;
  const api = Object.fromEntries(names.map((name) => [name, note(name)])) as never as WindowApi;
  return { api: { ...api, ...overrides }, calls };
}

test('what was queued runs in order, and push keeps working', () => {
  page.pagewise = [['setContext', 1], 'open', ['ask', 'How much?']];
  const { api, calls } = fakeApi();
  installWindowApi(api);
  (page.pagewise as { push(command: unknown): void }).push(['close']);
  expect(calls).toEqual(['setContext 1', 'open', 'ask How much?', 'close']);
});

test('F7 an element or a name of the prototype in the queue breaks nothing', () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  page.pagewise = [['constructor'], null, ['open']];
  const { api, calls } = fakeApi();
  installWindowApi(api);
  expect(calls).toEqual(['open']);
  expect(error).toHaveBeenCalledTimes(2);
  page.pagewise = document.createElement('form');
  expect(() => installWindowApi(api)).not.toThrow();
});

test('a rejection reaches whoever awaits it, and nobody else', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', note);
  const { api } = fakeApi({ identify: () => Promise.reject(new Error('not supported yet')) });
  installWindowApi(api);
  const { identify } = page.pagewise as WindowApi;
  void identify('token');
  await expect(identify('token')).rejects.toThrow('not supported yet');
  await new Promise(setImmediate);
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

test('taken away, it leaves what somebody else put there since', () => {
  const uninstall = installWindowApi(fakeApi().api);
  page.pagewise = 'theirs';
  uninstall();
  expect(page.pagewise).toBe('theirs');
});
