import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CHAPTERS, MARKS } from '../../tools/element-contract.ts';
import { citationsOf, elementPage, openStatements, readCitations, readPage } from '../../tools/element-statements.ts';

const citations = readCitations();
const known = new Set(CHAPTERS.flatMap(({ statements }) => Object.keys(statements).map(Number)));

test('the page of the element says what the tests say (`node tools/element-statements.ts` writes it)', () => {
  expect(readPage()).toBe(elementPage(readPage(), citations));
});

test('every statement has a test, steps by hand, or a reason to differ', () => {
  expect(openStatements(citations)).toEqual([]);
});

test('a citation stands above a test and names statements that there are', () => {
  const broken = citations.filter(
    ({ title, numbers }) =>
      title === undefined || numbers.length === 0 || !numbers.every((number) => known.has(number)),
  );
  expect(broken.map(({ file, line, numbers }) => `${file}:${line} ${numbers.join(' ')}`)).toEqual([]);
  expect(Object.keys(MARKS).filter((number) => !known.has(Number(number)))).toEqual([]);
});

test('a citation is read with the line and the name of its test, and a stray one without', () => {
  const source = [
    '// Shows 4, 29.',
    "test('opens', () => {",
    '// Shows 5.',
    'const x = 1;',
    '// Shows 6.',
    'test(',
    "  'wraps',",
    ');',
    '// Shows 7.',
    'test.each([',
    "  ['a case', 1],",
    "])('counts %s', (name) => {",
  ];
  expect(citationsOf('tests/a.test.ts', source.join('\n'))).toEqual([
    { numbers: [4, 29], file: 'tests/a.test.ts', line: 2, title: 'opens' },
    { numbers: [5], file: 'tests/a.test.ts', line: 4, title: undefined },
    { numbers: [6], file: 'tests/a.test.ts', line: 6, title: 'wraps' },
    { numbers: [7], file: 'tests/a.test.ts', line: 10, title: 'counts %s' },
  ]);
});

test('the page names every part and every property that a host page can use', () => {
  const element = join(import.meta.dirname, '../../widget/element');
  const sources = readdirSync(element, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:tsx|css)$/.test(name))
    .map((name) => readFileSync(join(element, name), 'utf8'))
    .join('\n');
  const parts = [...sources.matchAll(/\bpart="([^"]+)"/g)].flatMap(([, names = '']) => names.split(' '));
  const properties = [...sources.matchAll(/var\(\s*(--chatkit-[a-z-]+)/g)].map(([, name = '']) => name);
  const named = [...new Set([...parts, ...properties])];
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !readPage().includes(`\`${name}\``))).toEqual([]);
});
