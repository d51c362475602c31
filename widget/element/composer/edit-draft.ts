import { type Draft, tagEnd } from '../state/draft.ts';

/**
 * The draft after its text became `text`, with the caret at `caret`. Tags move with the text around them. One that the
 * change cut into is gone, with what a deletion left of it: a tag is one unit.
 */
export function editDraft({ text: before, tags }: Draft, text: string, caret = text.length): Draft {
  const shorter = Math.min(before.length, text.length);
  // Bounded by the caret, which stands behind the change: "@" typed before "@Ada" is not one typed into it.
  let same = 0;
  const most = Math.min(shorter, text.length - caret);
  while (same < most && before.at(-1 - same) === text.at(-1 - same)) same++;
  let from = 0;
  while (from < shorter - same && before[from] === text[from]) from++;
  let to = before.length - same;
  let left = text;
  const cut = tags.filter((entry) => entry.start < to && tagEnd(entry) > from);
  const [first] = cut;
  if (first && from === text.length - same) {
    from = Math.min(from, first.start);
    to = Math.max(to, ...cut.map(tagEnd));
    left = before.slice(0, from) + before.slice(to);
  }
  const shift = left.length - before.length;
  const kept = tags.flatMap((entry) => {
    if (tagEnd(entry) <= from) return entry;
    return entry.start >= to ? { ...entry, start: entry.start + shift } : [];
  });
  return { text: left, tags: kept };
}
