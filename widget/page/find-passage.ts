import type { PassagePlace } from '../../protocol/page-tools.ts';
import { findRoots } from './find-roots.ts';
import { isDropped, isReachable } from './readable.ts';
import { wordsOfLine } from './text-shape.ts';

/** Characters between two lines of a passage, at most: hidden words, buttons. Further away it is another line. */
const LINE_GAP = 400;

/**
 * Where the passage stands on the page: a range for every piece of text that it covers, in the page's order; none when
 * the page does not show it, or not any more. White space and the elements between the words make no difference. When
 * only the heading is there, the heading. Nothing that may not be read is found. Never throws.
 */
export function findPassage({ text = '', heading = '' }: PassagePlace, document: Document): Range[] {
  try {
    const { roots, outsideMain } = findRoots(document);
    const letters = new Letters(roots, outsideMain);
    const words = squeeze(heading);
    const above = letters.find(words, 0, (node) => headingAround(node) === words);
    const lines = text
      .split('\n')
      .map(wordsOfLine)
      .filter((variants) => variants.length > 0);
    const found = findLines(lines, letters, above?.end ?? 0);
    // The heading may stand below, or be another one of the same words.
    const spans = found.length > 0 || !above ? found : findLines(lines, letters, 0);
    return (spans.length > 0 || !above ? spans : [above]).flatMap((span) => letters.rangesOf(span));
  } catch {
    // A page can shadow any property of its nodes: then the passage is not found.
    return [];
  }
}

/** The letters of the heading that a text node is part of, without the sign of a link to itself. */
function headingAround(node: Text): string | undefined {
  const heading = node.parentElement?.closest('h1,h2,h3,h4,h5,h6');
  return heading ? squeeze(heading.textContent ?? '').replace(/[#¶§🔗]+$/u, '') : undefined;
}

interface Span {
  start: number;
  end: number;
}

/** The first line wherever it is from `from` on, the others close behind what was found before them. */
function findLines(lines: string[][], letters: Letters, from: number): Span[] {
  const spans: Span[] = [];
  for (const variants of lines) {
    const last = spans.at(-1);
    for (const variant of variants) {
      const span = letters.find(squeeze(variant), last?.end ?? from);
      if (!span || (last && span.start > last.end + LINE_GAP)) continue;
      spans.push(span);
      break;
    }
  }
  return spans;
}

/** All letters of a page in one string, without white space, and the text nodes they are from. */
class Letters {
  private readonly nodes: Text[] = [];
  private readonly starts: number[] = [];
  private readonly all: string;

  constructor(roots: Element[], outsideMain: boolean) {
    let length = 0;
    const parts: string[] = [];
    for (const root of roots) {
      for (const node of textsIn(root, outsideMain)) {
        const part = squeeze(node.data);
        this.nodes.push(node);
        this.starts.push(length);
        parts.push(part);
        length += part.length;
      }
    }
    this.all = parts.join('');
  }

  /** The first place from `from` on that can be seen. */
  find(wanted: string, from: number, isMeant: (node: Text) => boolean = () => true): Span | undefined {
    if (wanted === '') return undefined;
    for (let start = this.all.indexOf(wanted, from); start >= 0; start = this.all.indexOf(wanted, start + 1)) {
      const node = this.nodes[this.indexAt(start)];
      if (node?.parentElement && isMeant(node) && isReachable(node.parentElement))
        return { start, end: start + wanted.length };
    }
    return undefined;
  }

  /** One range a text node, because a range cannot leave its shadow tree. */
  rangesOf({ start, end }: Span): Range[] {
    const ranges: Range[] = [];
    for (let index = this.indexAt(start); index < this.nodes.length; index += 1) {
      const node = this.nodes[index] as Text;
      const first = this.starts[index] ?? 0;
      if (first >= end) break;
      const length = (this.starts[index + 1] ?? this.all.length) - first;
      if (length === 0) continue;
      const range = node.ownerDocument.createRange();
      // With the white space between the first and the last letter: it is a part of the line that is seen.
      range.setStart(node, start < first ? 0 : offsetOf(node.data, start - first));
      range.setEnd(node, end > first + length ? node.data.length : offsetOf(node.data, end - first - 1) + 1);
      ranges.push(range);
    }
    return ranges;
  }

  /** The last node that begins at or before a place: of several that begin there, the one with letters. */
  private indexAt(place: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** White space, and the signs that nobody sees, which were not read either. */
const SKIPPED = /[\s\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;
const ALL_SKIPPED = new RegExp(SKIPPED, 'gu');

function squeeze(text: string): string {
  return text.replace(ALL_SKIPPED, '');
}

/** Where in `data` its letter number `letter` stands. */
function offsetOf(data: string, letter: number): number {
  let seen = 0;
  for (let offset = 0; offset < data.length; offset += 1) {
    if (SKIPPED.test(data.charAt(offset))) continue;
    if (seen === letter) return offset;
    seen += 1;
  }
  return data.length;
}

/** The text nodes as they are shown, through open shadow roots and slots, without what is never read. */
function* textsIn(node: Node, outsideMain: boolean): Generator<Text> {
  if (node.nodeType === Node.TEXT_NODE) yield node as Text;
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  const element = node as Element;
  if (isDropped(element, element.localName, outsideMain)) return;
  const assigned = element.localName === 'slot' ? (element as HTMLSlotElement).assignedNodes() : [];
  const children = assigned.length > 0 ? assigned : (element.shadowRoot ?? element).childNodes;
  for (const child of children) yield* textsIn(child, outsideMain);
}
