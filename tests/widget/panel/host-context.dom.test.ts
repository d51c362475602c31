import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readHostContext } from '../../../widget/panel/host-context.ts';

let refusals: unknown[];
beforeEach(() => {
  refusals = [];
  vi.spyOn(console, 'error').mockImplementation((...line) => void refusals.push(line));
});
afterEach(() => vi.restoreAllMocks());

test('an object is sent as data; a function is asked each time', () => {
  let count = 0;
  const ask = () => ({ count: (count += 1), nested: { list: [1, 'two', null] } });
  expect(readHostContext({ plan: 'pro' })).toEqual({ plan: 'pro' });
  expect(readHostContext(ask)).toEqual({ count: 1, nested: { list: [1, 'two', null] } });
  expect(readHostContext(ask)).toMatchObject({ count: 2 });
  expect(readHostContext(undefined)).toBeUndefined();
  expect(readHostContext(() => undefined)).toBeUndefined();
  expect(refusals).toEqual([]);
});

const cycle: Record<string, unknown> = {};
cycle.self = cycle;
test.each([
  ['a cycle', cycle],
  ['a BigInt', { id: 1n }],
  ['a DOM node', { node: document.createElement('input') }],
  ['a DOM node itself', document.body],
  ['a megabyte', { text: 'x'.repeat(1_000_000) }],
  ['a string', 'text'],
  ['an array', [1]],
  [
    'a function that throws',
    () => {
      throw new Error('theirs');
    },
  ],
])('F24 %s is refused, with one console error', (_name, given) => {
  expect(readHostContext(given)).toBeUndefined();
  expect(refusals).toHaveLength(1);
});

test('F6 a key named __proto__ changes no prototype', () => {
  readHostContext(JSON.parse('{"__proto__":{"polluted":true}}'));
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});
