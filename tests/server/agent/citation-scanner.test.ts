import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CitationScanner } from '../../../server/agent/citation-scanner.ts';

function scan(pieces: string[]) {
  const scanner = new CitationScanner();
  const parts = [...pieces.map((piece) => scanner.push(piece)), scanner.flush()];
  return { text: parts.map(({ text }) => text).join(''), markers: parts.flatMap(({ markers }) => markers) };
}

test.each([
  ['One fact [1].', 'One fact.', [{ n: 1, index: 8 }]],
  ['One [1] two', 'One two', [{ n: 1, index: 3 }]],
  ['一个事实[12]。', '一个事实。', [{ n: 12, index: 4 }]],
  [
    'Both [1, 2] [3]!',
    'Both!',
    [
      { n: 1, index: 4 },
      { n: 2, index: 4 },
      { n: 3, index: 4 },
    ],
  ],
  ['😀[1]', '😀', [{ n: 1, index: 2 }]],
  ['A link [1](https://a.example) stays', 'A link [1](https://a.example) stays', []],
  ['`list[0]` and [2]', '`list[0]` and', [{ n: 2, index: 13 }]],
  ['``a ` [1]`` b[1]', '``a ` [1]`` b', [{ n: 1, index: 13 }]],
  ['```js\na[1]\n```\nb[1]', '```js\na[1]\n```\nb', [{ n: 1, index: 16 }]],
  ['> ~~~\n> a[1]\n> ~~~\nb[1]', '> ~~~\n> a[1]\n> ~~~\nb', [{ n: 1, index: 20 }]],
  ['a lone ` tick\n\nb[1]', 'a lone ` tick\n\nb', [{ n: 1, index: 16 }]],
  ['- [ ] open, \\[1] kept, [x] kept', '- [ ] open, \\[1] kept, [x] kept', []],
  ['| a | b [1] |', '| a | b |', [{ n: 1, index: 7 }]],
  ['ends with [', 'ends with [', []],
])('%j', (input, text, markers) => {
  expect(scan([input])).toStrictEqual({ text, markers });
});

test('a paragraph that is cut between its two line ends still ends a lone code span', () => {
  expect(scan(['a ` b\n', '\nc[1]'])).toStrictEqual({ text: 'a ` b\n\nc', markers: [{ n: 1, index: 8 }] });
});

test('where the pieces are cut changes nothing', () => {
  const piece = fc.constantFrom(
    '[',
    ']',
    '1',
    '23',
    ',',
    ' ',
    '`',
    '```',
    '~~~',
    '\n',
    '(',
    ')',
    'a',
    '。',
    '\\',
    '> ',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      expect(scan(pieces.join('').split(''))).toStrictEqual(scan([pieces.join('')]));
    }),
  );
});
