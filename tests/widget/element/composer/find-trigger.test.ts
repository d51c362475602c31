import { expect, test } from 'vitest';
import { findTrigger } from '../../../../widget/element/composer/find-trigger.ts';
import { draftOf } from '../../../../widget/element/state/draft.ts';

test.each<[string, string | undefined]>([
  ['@', '@'],
  ['Ask @ad', '@ad'],
  ['Ask @Ada Lov', '@Ada Lov'],
  ['@Ada who wrote the first program', undefined],
  ['mail ada@example.com', undefined],
  ['One\n/cl', '/cl'],
  ['see /cl', '/cl'],
  ['and/or', undefined],
  ['/usr/bin', undefined],
  ['/clear now', undefined],
  ['@ad /cl', '/cl'],
  ['@ad\nnext line', undefined],
])('%j has the sign %j', (text, expected) => {
  const found = findTrigger(text, text.length, []);
  expect(found && found.sign + found.query).toBe(expected);
  expect(found?.from).toBe(found && text.lastIndexOf(found.sign));
});

test('looks at what stands before the caret alone, and passes over tags', () => {
  expect(findTrigger('@adx', 3, [])?.query).toBe('ad');
  const { text, tags } = draftOf([
    { type: 'input_tag', id: 'u', text: 'Ada', data: {}, interactive: false },
    { type: 'input_text', text: ' is' },
  ]);
  expect(findTrigger(text, 4, tags)).toBeUndefined();
  expect(findTrigger(text, text.length, tags)).toBeUndefined();
});
