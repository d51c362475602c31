import { PAGE_TEXT_MAX_BYTES, type PageContext, type PageContextLevel } from '../../protocol/page-context.ts';
import { chooseParts, outlineBehind } from './choose-parts.ts';
import { choosePassages } from './choose-passages.ts';
import { findRoots } from './find-roots.ts';
import { type Block, readBlocks } from './read-blocks.ts';
import { readSelection } from './read-selection.ts';
import { isReachable } from './readable.ts';
import { redact } from './redact.ts';
import { withoutUnseen } from './without-unseen.ts';

export interface PageContextInput {
  level: PageContextLevel;
  /** What the visitor asks: of a long page it chooses the passages. */
  question: string;
  /** What else a model wants to read of it: each takes its share of the passages. */
  queries?: string[];
  /** The visitor sees that the page is being read, and it may take longer than between a click and its effect. */
  isAwaited?: boolean;
  document?: Document;
  window?: Window;
}

/**
 * Reads the page as it stands now; `undefined` when nothing may be read. Global Privacy Control lowers the level to
 * `basic`. Never throws: of a broken page comes what could be read.
 */
export function readPageContext(input: PageContextInput): PageContext | undefined {
  const { document = globalThis.document, window = globalThis.window } = input;
  const isPrivate = (window.navigator as Navigator & { globalPrivacyControl?: boolean }).globalPrivacyControl === true;
  const level = isPrivate && input.level === 'page' ? 'basic' : input.level;
  if (level === 'off') return undefined;

  const questions = [input.question, ...(input.queries ?? [])];
  const deadline = performance.now() + (input.isAwaited ? AWAITED_READ_MS : READ_MS);
  const { roots, outsideMain } = attempt(() => findRoots(document), { roots: [], outsideMain: false });
  const publicUrl = address(window.location.href);
  // Asked of the head alone: a selector that finds nothing costs a walk over the whole page.
  const head = attempt(() => document.querySelector('head'), null);
  const context: PageContext = {
    url: publicUrl.url,
    path: publicUrl.path,
    title: attempt(() => field(head?.querySelector('title')?.textContent, 300), ''),
    description: attempt(() => field(head?.querySelector(DESCRIPTION)?.getAttribute('content'), 500), ''),
    headings: attempt(() => readHeadings(roots, deadline, outsideMain), []),
    lang: attempt(() => field(document.querySelector('html')?.getAttribute('lang'), 35), ''),
    timestamp: new Date().toISOString(),
  };
  const canonical = attempt(() => head?.querySelector('link[rel="canonical" i]')?.getAttribute('href'), null);
  if (canonical) context.canonical = attempt(() => address(canonical, window.location.href).url, publicUrl.url);
  if (level === 'basic') return context;

  const selection = attempt(() => readSelection(window, deadline), '');
  if (selection !== '') context.selection = selection;
  const { text, partial } = attempt(
    () => readText(roots, questions, window.innerHeight, deadline, outsideMain),
    NO_TEXT,
  );
  if (text !== '') context.text = text;
  if (partial) context.partial = true;
  return context;
}

/** The goal is 50 ms of script for all of it; the last choice and the redaction take what is left. */
const READ_MS = 40;
const AWAITED_READ_MS = 200;
const LEAST_READ_MS = 10;
const HEADINGS = 5;
/** Of each rank, because the first ones may be hidden. */
const HEADINGS_TRIED = 20;
const DESCRIPTION = 'meta[name="description" i],meta[property="og:description" i]';

function readHeadings(roots: Element[], deadline: number, outsideMain: boolean): string[] {
  const headings: string[] = [];
  for (const heading of roots.flatMap(firstHeadings)) {
    if (headings.length === HEADINGS || performance.now() > deadline) break;
    if (!isReachable(heading)) continue;
    const [line] = readBlocks([heading], { deadline, outsideMain }).blocks;
    if (line) headings.push(field(line.text.replace(/^#+ /, ''), 200));
  }
  return headings;
}

/** A collection stops at the last one asked for; a selector would gather every heading of a very long page. */
function firstHeadings(root: Element): Element[] {
  return ['h1', 'h2', 'h3']
    .flatMap((name) => Array.prototype.slice.call(root.getElementsByTagName(name), 0, HEADINGS_TRIED) as Element[])
    .toSorted((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
}

const NO_TEXT = { text: '', partial: false };

function readText(
  roots: Element[],
  questions: string[],
  viewportHeight: number,
  deadline: number,
  outsideMain: boolean,
): { text: string; partial: boolean } {
  const parts = chooseParts(roots, questions, viewportHeight, outsideMain);
  // Choosing among a million nodes outlasts the deadline: what it chose is still worth a few milliseconds.
  const read = readBlocks(parts, { deadline: Math.max(deadline, performance.now() + LEAST_READ_MS), outsideMain });
  if (read.stopped) addOutline(read.blocks, roots, outsideMain);
  const { text, partial } = choosePassages(read.blocks, questions, viewportHeight, PAGE_TEXT_MAX_BYTES);
  return { text: redact(withoutUnseen(text), read.published), partial: partial || read.stopped || parts !== roots };
}

/** Names the sections that the deadline left unread. */
function addOutline(blocks: Block[], roots: Element[], outsideMain: boolean): void {
  const headings = outlineBehind(blocks.at(-1)?.node, roots);
  const read = readBlocks(headings, { deadline: performance.now() + LEAST_READ_MS, outsideMain });
  const before = blocks.length;
  for (const block of read.blocks) blocks.push({ ...block, path: block.path.map((index) => index + before) });
}

/** Origin and path of an address: queries and fragments carry codes and tokens, paths sometimes names and addresses. */
function address(href: string, base?: string): { url: string; path: string } {
  const { origin, protocol, pathname } = new URL(href, base);
  const path = pathname.split('/').map(redactSegment).join('/').slice(0, 1_000);
  return { url: (origin === 'null' ? protocol : origin) + path, path };
}

function redactSegment(segment: string): string {
  const plain = attempt(() => decodeURIComponent(segment), segment);
  const redacted = redact(plain);
  return redacted === plain ? segment : redacted;
}

function field(text: string | null | undefined, maxChars: number): string {
  return redact(
    withoutUnseen(text ?? '')
      .replace(/\s+/g, ' ')
      .trim(),
  )
    .slice(0, maxChars)
    .toWellFormed();
}

function attempt<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
