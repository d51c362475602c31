import { pickOutline } from './pick-outline.ts';
import { orderPassages } from './rank-passages.ts';
import { isDropped, isReachable } from './readable.ts';

/** A page with less text is read whole. */
const LARGE_PAGE_CHARS = 60_000;
/** Of a large page so much is read with care: more than is sent, because some of it may turn out hidden. */
const READ_CHARS = 32_000;
/** About a section. Larger containers are opened, smaller neighbours read together. */
const PART_CHARS = 1_500;
/** Read whole or not at all: their parts mean little alone. */
const ATOMIC = new Set('p h1 h2 h3 h4 h5 h6 pre table ol dl details blockquote figure li'.split(' '));
/** How far back the headings above a passage are looked for. */
const HEADINGS_BACK = 200;

interface Part {
  nodes: Node[];
  text: string;
  node: Node;
}

/**
 * The nodes to read. Asking each node of a page of 100,000 whether it may be read and is shown costs 150 ms; the
 * browser gives the raw text of a subtree in a fraction of that. So of a large page the raw text chooses, by questions
 * and viewport, which parts are read, and nothing of the raw text is kept. Each part comes with the headings above it,
 * and all of them with the outline of the page. A smaller page is read whole: `roots` themselves come back.
 */
export function chooseParts(
  roots: Element[],
  questions: string[],
  viewportHeight: number,
  outsideMain: boolean,
): Node[] {
  const parts: Part[] = [];
  let chars = 0;
  for (const root of roots) {
    const text = root.textContent ?? '';
    chars += text.length;
    if (chars > LARGE_PAGE_CHARS || roots.length > 1) split(root, text, parts, outsideMain);
  }
  if (chars <= LARGE_PAGE_CHARS) return roots;

  const chosen: number[] = [];
  let left = READ_CHARS;
  for (const index of orderPassages(parts, questions, viewportHeight)) {
    const part = parts[index];
    if (!part || left <= 0) break;
    left -= part.text.length;
    chosen.push(index);
  }
  return withHeadings(
    chosen.toSorted((a, b) => a - b).map((index) => parts[index]?.nodes ?? []),
    headingsIn(roots),
  ).filter((node) => {
    const element = node instanceof Element ? node : node.parentElement;
    return element !== null && isReachable(element);
  });
}

/** The headings of the page's outline that stand behind a node, or all of them. */
export function outlineBehind(node: Node | undefined, roots: Element[]): Element[] {
  const headings = headingsIn(roots);
  const wanted = outlineOf(headings);
  return headings.filter((heading, index) => {
    const isBehind = !node || node.compareDocumentPosition(heading) & Node.DOCUMENT_POSITION_FOLLOWING;
    return wanted.has(index) && isBehind && isReachable(heading);
  });
}

function headingsIn(roots: Element[]): Element[] {
  return roots.flatMap((root) => [...root.querySelectorAll('h1,h2,h3,h4,h5,h6')]);
}

/** Which of the headings make up the outline, as indexes. */
function outlineOf(headings: Element[]): Set<number> {
  const ranked = headings.map((heading, index) => ({ rank: rankOf(heading), text: heading.textContent ?? '', index }));
  return new Set(pickOutline(ranked).map(({ index }) => index));
}

/** The nodes of the parts, which are in the page's order, among the headings that go along. */
function withHeadings(parts: Node[][], headings: Element[]): Node[] {
  const ofParts = new Set(parts.flat());
  const wanted = outlineOf(headings);
  const nodes: Node[] = [];
  let next = 0;
  const addHeadings = (end: number): void => {
    for (; next < end; next += 1) {
      const heading = headings[next];
      if (heading && wanted.has(next) && !liesWithin(heading, ofParts)) nodes.push(heading);
    }
  };
  for (const part of parts) {
    const before = countBefore(part[0], headings);
    for (const index of headingsAbove(before, headings)) wanted.add(index);
    addHeadings(before);
    nodes.push(...part);
  }
  addHeadings(headings.length);
  return nodes;
}

function split(node: Node, text: string, parts: Part[], outsideMain: boolean): void {
  const name = (node as Element).localName;
  if (text.length <= PART_CHARS || !(node instanceof Element) || ATOMIC.has(name)) {
    addPart(node, name, text, parts);
    return;
  }
  for (const child of node.childNodes) {
    const isElement = child.nodeType === Node.ELEMENT_NODE;
    if (!isElement && child.nodeType !== Node.TEXT_NODE) continue;
    if (isElement && isDropped(child as Element, (child as Element).localName, outsideMain)) continue;
    const inner = child.textContent ?? '';
    if (isElement || inner.trim() !== '') split(child, inner, parts, outsideMain);
  }
}

function addPart(node: Node, name: string | undefined, text: string, parts: Part[]): void {
  const last = parts.at(-1);
  if (last && last.text.length + text.length < PART_CHARS && !/^h[1-3]$/.test(name ?? '')) {
    last.nodes.push(node);
    last.text += text;
    last.node = node;
  } else {
    parts.push({ nodes: [node], text, node });
  }
}

function liesWithin(element: Element, nodes: ReadonlySet<Node>): boolean {
  for (let at: Element | null = element; at; at = at.parentElement) if (nodes.has(at)) return true;
  return false;
}

/** How many of the headings stand before a node. */
function countBefore(node: Node | undefined, headings: Element[]): number {
  if (!node) return 0;
  let low = 0;
  let high = headings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const position = headings[middle]?.compareDocumentPosition(node) ?? 0;
    if (position & Node.DOCUMENT_POSITION_FOLLOWING && !(position & Node.DOCUMENT_POSITION_CONTAINED_BY))
      low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The headings that what follows the first `before` of them stands under, as indexes, innermost first. */
function headingsAbove(before: number, headings: Element[]): number[] {
  const above: number[] = [];
  let rank = 7;
  for (let index = before - 1; index >= Math.max(0, before - HEADINGS_BACK) && rank > 1; index -= 1) {
    const own = rankOf(headings[index]);
    if (own >= rank) continue;
    rank = own;
    above.push(index);
  }
  return above;
}

function rankOf(heading: Element | undefined): number {
  return Number(heading?.localName[1] ?? 7);
}
