import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closeOpenMarks } from '../../../widget/element/markdown/close-open-marks.ts';
import { type Blocks, MarkdownStream } from '../../../widget/element/markdown/markdown-stream.ts';

const BLOCKS = [
  'A paragraph with **bold** text.',
  '# A heading',
  '- one\n- two\n\n- three',
  '1. first\n\n2. second',
  '```js\nlet a;\n\nlet b;\n```',
  '> quoted\n> twice',
  '| a | b |\n|---|---|\n| 1 | 2 |',
  '---',
  'Two lines\nof text',
  '- outer\n\n  inner paragraph\n\n      code',
  '<div>\n\ntext',
];

function sources({ stable, tail }: Blocks): string[] {
  return [...stable, ...tail].map((block) => block.raw);
}

test('E16 arrives at the same blocks, however the text is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...BLOCKS), { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat(400), { maxLength: 20 }),
      (blocks, cuts) => {
        const text = blocks.join('\n\n');
        const stream = new MarkdownStream();
        for (const cut of cuts.toSorted((a, b) => a - b)) stream.update(text.slice(0, cut), false);
        // Cut anywhere and not yet finished: what was settled early is what a whole reading gives.
        const ending = `${text}\n\nThe end.`;
        expect(sources(stream.update(ending, false))).toEqual(sources(new MarkdownStream().update(ending, true)));
        const grown = sources(stream.update(text, true));
        expect(grown).toEqual(sources(new MarkdownStream().update(text, true)));
      },
    ),
  );
});

test('keeps the block objects of what cannot change any more', () => {
  const stream = new MarkdownStream();
  const { stable } = stream.update('One paragraph.\n\nAnother one', false);
  expect(stable).not.toEqual([]);
  expect(stream.update('One paragraph.\n\nAnother one that\n\ngrows', false).stable[0]).toBe(stable[0]);
});

test.each([
  ['say **bo', 'say **bo**'],
  ['say **', 'say '],
  ['call `run', 'call `run`'],
  ['see [the guide](https://exa', 'see the guide'],
  ['an ![image](https://exa', 'an '],
  ['text\n-', 'text\n'],
  ['```js\nlet a = "**b', '```js\nlet a = "**b'],
  ['* item', '* item'],
  ['2 * 3', '2 * 3'],
])('shows %j as %j while more is coming', (text, shown) => {
  expect(closeOpenMarks(text)).toBe(shown);
});
