import { expect, test } from 'vitest';
import { toPassages } from '../../../server/agent/passages.ts';

test('blocks become passages under the headings above them', () => {
  const passages = toPassages('# A\n\nfirst\nline two\n\n## B\n\nsecond\n\n# C\nthird');
  expect(passages).toStrictEqual([
    { n: 1, headingPath: ['A'], text: 'first\nline two', kind: 'text' },
    { n: 2, headingPath: ['A', 'B'], text: 'second', kind: 'text' },
    { n: 3, headingPath: ['C'], text: 'third', kind: 'text' },
  ]);
});

test('a table row brings its header row', () => {
  const passages = toPassages('| Plan | Seats |\n| Free | 1 |\n| Team | 5 |');
  expect(passages.map(({ text, kind }) => [kind, text])).toStrictEqual([
    ['table', '| Plan | Seats |\n| --- | --- |\n| Free | 1 |'],
    ['table', '| Plan | Seats |\n| --- | --- |\n| Team | 5 |'],
  ]);
});

test('a code block stays whole, with blank lines, comments and shorter fences inside', () => {
  const code = '````md\n# not a heading\n\n```\n| not | a table |\n```\n````';
  expect(toPassages(`before\n\n${code}\n\nafter`).map(({ text, kind }) => [kind, text])).toStrictEqual([
    ['text', 'before'],
    ['code', code],
    ['text', 'after'],
  ]);
});

test('a short list is one passage, a long one falls into its entries', () => {
  expect(toPassages('1. one\n2. two')).toHaveLength(1);
  const entry = 'words '.repeat(50).trim();
  expect(toPassages(`- ${entry}\n  more\n- ${entry}`).map(({ text }) => text)).toStrictEqual([
    `- ${entry}\n  more`,
    `- ${entry}`,
  ]);
});

test('nothing gives nothing, and an open fence still ends', () => {
  expect(toPassages('')).toStrictEqual([]);
  expect(toPassages('```\nopen')).toHaveLength(1);
});
