import type { Annotation, AssistantMessageContent, Source } from '../../../protocol/item.ts';

/**
 * Stands on both sides of a citation's numbers inside the text that is lexed. U+FFFC is the "object replacement
 * character", and a symbol to markdown's rules, so a mark right after `**bold**` does not keep it from closing.
 */
const MARK = '\ufffc';
/** Overrides of the reading order go with them: text that is read in another order than it stands in is a disguise. */
const MARKS = /\ufffc([\d,]+)\ufffc|[\u202d\u202e]/g;

export interface CitedText {
  /** The text with its citation marks. */
  text: string;
  /** Each source once, in the order of first use: number 1 is the first. */
  sources: readonly Source[];
}

/** Puts the citations of one part of a message into its text, each at its place, those of one place together. */
export function markCitations({ text, annotations }: AssistantMessageContent, known: readonly Source[]): CitedText {
  const clean = text.includes(MARK) ? text.replaceAll(MARK, '\ufffd') : text;
  const sources = [...known];
  const places = new Map<number, Set<number>>();
  for (const annotation of annotations) {
    const number = numberOf(annotation, sources);
    if (annotation.index === undefined) continue;
    const place = backToWord(clean, annotation.index);
    places.set(place, (places.get(place) ?? new Set()).add(number));
  }
  let marked = '';
  let end = 0;
  for (const [place, numbers] of [...places].toSorted(([a], [b]) => a - b)) {
    marked += `${clean.slice(end, place)}${MARK}${[...numbers].join(',')}${MARK}`;
    end = place;
  }
  return { text: marked + clean.slice(end), sources };
}

/** Text and citation numbers in turn: text at even places, numbers such as `1,2`, or none, at odd ones. */
export function splitMarks(text: string): (string | undefined)[] {
  return text.split(MARKS);
}

export function withoutMarks(text: string): string {
  return text.replace(MARKS, '');
}

function numberOf({ source }: Annotation, sources: Source[]): number {
  const key = sourceKey(source);
  const index = sources.findIndex((other) => sourceKey(other) === key);
  return index === -1 ? sources.push(source) : index + 1;
}

function sourceKey(source: Source): string {
  switch (source.type) {
    case 'url':
      return `url ${source.url}`;
    case 'file':
      return `file ${source.filename}`;
    case 'entity':
      return `entity ${source.id}`;
  }
}

/** A mark after a line end would stand at the beginning of the next block and break it: it goes to the word before. */
function backToWord(text: string, index: number): number {
  let place = Math.min(Math.max(0, index), text.length);
  while (place > 0 && /\s/.test(text[place - 1] ?? '')) place -= 1;
  return place;
}
