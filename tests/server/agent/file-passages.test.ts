import { expect, test } from 'vitest';
import { toFilePassages } from '../../../server/agent/file-passages.ts';

test('a text falls into its blocks, numbered on from the page', () => {
  expect(toFilePassages('# Terms\r\n\r\nPay within\r\n30 days.\r\n\r\n- a\r\n- b', 'text/markdown', 7)).toEqual([
    { n: 7, headingPath: ['Terms'], text: 'Pay within\n30 days.', kind: 'text' },
    { n: 8, headingPath: ['Terms'], text: '- a\n- b', kind: 'list' },
  ]);
});

test('a block without end is cut where a line ends, else where a word does, and nothing is lost', () => {
  const lines = Array.from({ length: 60 }, (_, n) => `line ${n} of a log that has no empty line in it`).join('\n');
  const passages = toFilePassages(lines, 'text/plain', 1);
  expect(passages.length).toBeGreaterThan(2);
  expect(passages.every(({ text }) => text.length <= 800 && text.startsWith('line '))).toBe(true);
  expect(passages.map(({ text }) => text).join('\n')).toBe(lines);
  const words = toFilePassages('word '.repeat(500), 'text/plain', 1);
  expect(words.every(({ text }) => text.length <= 800 && /^word( word)*$/.test(text))).toBe(true);
  const solid = toFilePassages('🧵'.repeat(1_001), 'text/plain', 1);
  expect(solid.every(({ text }) => text.isWellFormed())).toBe(true);
  expect(solid.map(({ text }) => text).join('')).toBe('🧵'.repeat(1_001));
});

test('each passage of a CSV file says what its columns are', () => {
  const rows = Array.from({ length: 100 }, (_, n) => `plan ${n},${n} euro,a description of it`);
  const passages = toFilePassages(`name,price,about\n${rows.join('\n')}\n`, 'text/csv', 1);
  expect(passages.length).toBeGreaterThan(3);
  for (const { text, kind } of passages) {
    expect(kind).toBe('code');
    expect(text).toMatch(/^```csv\nname,price,about\nplan \d[\s\S]*\n```$/);
  }
  const kept = passages.flatMap(({ text }) => text.split('\n').slice(2, -1));
  expect(kept).toEqual(rows);
});

test('JSON cannot leave its fence', () => {
  expect(toFilePassages('{"a": "````"}', 'application/json', 1)).toEqual([
    { n: 1, headingPath: [], text: '`````json\n{"a": "````"}\n`````', kind: 'code' },
  ]);
});

test('a file of white space has no passages', () => {
  expect(toFilePassages(' \n\n ', 'text/plain', 1)).toEqual([]);
  expect(toFilePassages(' \n\n ', 'text/csv', 1)).toEqual([]);
});
