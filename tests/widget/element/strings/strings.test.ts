import { afterEach, expect, test } from 'vitest';
import { ar } from '../../../../widget/element/strings/ar.ts';
import { en } from '../../../../widget/element/strings/en.ts';
import { stringsFor } from '../../../../widget/element/strings/strings.ts';

const arabic = { ...ar };

afterEach(() => {
  Object.assign(ar, arabic);
});

test('Arabic has every text that English has, and none of them is English', () => {
  expect(Object.keys(en).filter((key) => !Object.hasOwn(ar, key))).toEqual([]);
  const words = Object.entries(ar).filter(
    ([key, value]) => typeof value === 'string' && key !== 'locale' && key !== 'dir',
  );
  expect(words.filter(([, value]) => !/\p{Script=Arabic}/u.test(String(value)))).toEqual([]);
});

// Shows 144.
test('finds the exact language, that of an alias or a region, and English for what is not there', async () => {
  expect((await stringsFor('ar')).send).toBe(ar.send);
  expect((await stringsFor('ar-EG')).send).toBe(ar.send);
  expect((await stringsFor('arb')).send).toBe(ar.send);
  expect((await stringsFor('xx-Zzzz')).send).toBe(en.send);
});

// Shows 144.
test('takes a text that a language lacks from English', async () => {
  Reflect.deleteProperty(ar, 'stop');
  expect(await stringsFor('ar')).toMatchObject({ stop: en.stop, send: ar.send });
});

// Shows 146.
test('writes dates in the region that was asked for, and never in a language that the texts are not in', async () => {
  expect(await stringsFor('ar-EG')).toMatchObject({ locale: 'ar-EG', dir: 'rtl' });
  expect(await stringsFor('en-GB')).toMatchObject({ locale: 'en-GB', dir: 'ltr' });
  expect(await stringsFor('de-DE')).toMatchObject({ locale: 'en', dir: 'ltr' });
});

test('counts files as each language does', () => {
  expect(en.tooManyFiles(1)).toBe('A message can have at most one file.');
  expect(en.tooManyFiles(2)).toBe('A message can have at most 2 files.');
  expect([1, 2, 3, 11, 100].map((count) => ar.tooManyFiles?.(count).split(': ')[1])).toEqual([
    'ملف واحد.',
    'ملفان.',
    '3 ملفات.',
    '11 ملفًا.',
    '100 ملف.',
  ]);
});
