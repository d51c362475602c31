import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(ROOT, 'docs', 'symptoms.md'), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| **'));
const cited = (row: string) =>
  [...row.matchAll(/\[([^\]]+)\]\(\.\.\/(tests\/[^)]+)\)/g)].map(([, title = '', file = '']) => ({ title, file }));

test('each of the six problems names a test', () => {
  expect(rows.map((row) => cited(row).length > 0)).toEqual([true, true, true, true, true, true]);
});

test.each(rows.flatMap(cited))('there is a test "$title"', ({ title, file }) => {
  const source = readFileSync(join(ROOT, file), 'utf8');
  expect(source.includes(`test('${title}'`)).toBe(true);
});
