import { expect, test } from 'vitest';
import { createCache } from '../../server/cache.ts';

let now = 0;
const counting = () => {
  const loads: string[] = [];
  const cache = createCache<string>(1_000, () => now);
  return {
    loads,
    get: (key: string) => cache.get(key, async () => `${key} ${loads.push(key)}`),
    clear: () => cache.clear(),
  };
};

test('what was loaded is known until it is too old, and calls at the same time load once', async () => {
  const { loads, get, clear } = counting();
  expect(await Promise.all([get('a'), get('a')])).toEqual(['a 1', 'a 1']);
  now += 999;
  expect(await get('a')).toBe('a 1');
  now += 1;
  expect(await get('a')).toBe('a 2');
  clear();
  expect(await get('a')).toBe('a 3');
  expect(loads).toEqual(['a', 'a', 'a']);
});

test('a failure is not kept', async () => {
  const cache = createCache<string>(1_000, () => now);
  await expect(cache.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await cache.get('a', async () => 'back')).toBe('back');
});

test('of many keys the one that was loaded first goes', async () => {
  const { loads, get } = counting();
  for (let n = 0; n <= 1_000; n++) await get(`k${n}`);
  await get('k1');
  expect(loads).toHaveLength(1_001);
  await get('k0');
  expect(loads).toHaveLength(1_002);
});
