import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { UserMessageContent } from '../../../../protocol/item.ts';
import { editDraft } from '../../../../widget/element/composer/edit-draft.ts';
import {
  contentOf,
  type Draft,
  draftOf,
  joinDrafts,
  tagEnd,
  tagLabel,
} from '../../../../widget/element/state/draft.ts';

const words = (text: string): UserMessageContent => ({ type: 'input_text', text });
const ada: UserMessageContent = { type: 'input_tag', id: 'u_1', text: 'Ada', data: { team: 'x' }, interactive: true };
const bob: UserMessageContent = { type: 'input_tag', id: 'u_2', text: 'Bob', data: {}, interactive: false };
const DRAFT = draftOf([words('Ask '), ada, words(' or '), bob, words('!')]);

const shown = ({ text, tags }: Draft) => [text, ...tags.map((entry) => text.slice(entry.start, tagEnd(entry)))];

test('a draft gives back the content that it was made of', () => {
  expect(DRAFT.text).toBe('Ask @Ada or @Bob!');
  expect(contentOf(DRAFT)).toEqual([words('Ask '), ada, words(' or '), bob, words('!')]);
});

test('white space around a draft is not sent, and one of nothing else is empty', () => {
  expect(contentOf(draftOf([words('\n  Hi \n')]))).toEqual([words('Hi')]);
  expect(contentOf(draftOf([words('  '), ada, words('  ')]))).toEqual([ada]);
  expect(contentOf(draftOf([words(' \n ')]))).toEqual([]);
});

test.each<[string, string, number, string[]]>([
  ['typing before tags moves them', 'Now ask @Ada or @Bob!', 8, ['@Ada', '@Bob']],
  ['typing between two moves the second', 'Ask @Ada and or @Bob!', 13, ['@Ada', '@Bob']],
  ['the same letter as a tag begins with, before it', 'Ask @@Ada or @Bob!', 5, ['@Ada', '@Bob']],
  ['the same letter as a tag ends with, behind it', 'Ask @Adaa or @Bob!', 9, ['@Ada', '@Bob']],
  ['typing into one leaves its words', 'Ask @Axda or @Bob!', 7, ['@Bob']],
  ['a selection over one', 'Ask  or @Bob!', 4, ['@Bob']],
  ['everything', '', 0, []],
])('%s', (_name, text, caret, tags) => {
  expect(shown(editDraft(DRAFT, text, caret))).toEqual([text, ...tags]);
});

test('a deletion that cuts a tag takes all of it', () => {
  expect(shown(editDraft(DRAFT, 'Ask @Ad or @Bob!', 7))).toEqual(['Ask  or @Bob!', '@Bob']);
  expect(shown(editDraft(DRAFT, 'Ask @Aob!', 6))).toEqual(['Ask !']);
});

test('whatever is edited, a tag stands at its own words or is gone', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', '@', 'A', 'd', ' '), maxLength: 4 });
  fc.assert(
    fc.property(fc.nat(17), fc.nat(6), letters, (from, length, inserted) => {
      const text = DRAFT.text.slice(0, from) + inserted + DRAFT.text.slice(from + length);
      const edited = editDraft(DRAFT, text, from + inserted.length);
      for (const { start, tag } of edited.tags) expect(edited.text.startsWith(tagLabel(tag), start)).toBe(true);
      // Away from the change nothing is lost.
      for (const entry of DRAFT.tags)
        if (tagEnd(entry) <= from || entry.start >= from + length)
          expect(edited.tags.map(({ tag }) => tag)).toContain(entry.tag);
    }),
  );
});

test('two drafts are joined by a line, with the tags of both', () => {
  expect(shown(joinDrafts(DRAFT, draftOf([bob])))).toEqual(['Ask @Ada or @Bob!\n@Bob', '@Ada', '@Bob', '@Bob']);
  expect(joinDrafts({ text: '', tags: [] }, DRAFT)).toBe(DRAFT);
  expect(joinDrafts(DRAFT, { text: '', tags: [] })).toBe(DRAFT);
});
