export type PassageKind = 'text' | 'list' | 'table' | 'code';

/** A piece of page text that can be cited on its own. */
export interface Passage {
  /** From 1, in the order of the page: the number a model cites. */
  n: number;
  /** The headings above it, outermost first. */
  headingPath: string[];
  /** As Markdown: a table row brings its header row, a code block its fence. */
  text: string;
  kind: PassageKind;
}

export interface Heading {
  /** 1 to 6. */
  rank: number;
  words: string;
}

/** The headings of page text in the shape of `PageContext.text`, also those of sections whose passages were not sent. */
export function toOutline(pageText: string): Heading[] {
  return toBlocks(pageText).flatMap((block) => readHeading(block) ?? []);
}

/** Of a table the row alone, without the names of its columns. */
export function withoutHeader({ kind, text }: Pick<Passage, 'kind' | 'text'>): string {
  return kind === 'table' ? text.slice(text.lastIndexOf('\n') + 1) : text;
}

/**
 * Cuts page text in the shape of `PageContext.text` into passages. A passage is a block, because answers are spread
 * over more than a sentence: measured on real pages, three blocks hold the answer to 63 % of questions, three sentences
 * 46 %. A table becomes one passage a row; a code block stays whole; a long list falls into its entries.
 */
export function toPassages(pageText: string): Passage[] {
  const passages: Passage[] = [];
  let headings: Heading[] = [];
  const add = (text: string, kind: PassageKind): void => {
    passages.push({ n: passages.length + 1, headingPath: headings.map(({ words }) => words), text, kind });
  };
  for (const block of toBlocks(pageText)) {
    const heading = readHeading(block);
    if (heading) headings = [...headings.filter((above) => above.rank < heading.rank), heading];
    else if (isFence(block)) add(block, 'code');
    else if (block.startsWith('|')) for (const row of toRows(block)) add(row, 'table');
    else if (LIST_ENTRY.test(block)) for (const part of toListParts(block)) add(part, 'list');
    else add(block, 'text');
  }
  return passages;
}

const LIST_ENTRY = /^\s*(?:[-*•]|\d{1,3}[.)、])\s+/;

/** A list of more characters than this is cited by entry. */
const LIST_MAX_CHARS = 500;

/** Blank lines part blocks, except inside a fence; a heading is a block even when text follows it at once. */
function toBlocks(text: string): string[] {
  const blocks: string[] = [];
  let lines: string[] = [];
  let fence: string | undefined;
  const flush = (): void => {
    const block = lines.join('\n').trim();
    if (block !== '') blocks.push(block);
    lines = [];
  };
  for (const line of text.split('\n')) {
    const ticks = /^\s*(`{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      lines.push(line);
      if (ticks !== undefined && ticks.length >= fence.length && line.trim() === ticks) {
        fence = undefined;
        flush();
      }
    } else if (ticks !== undefined) {
      flush();
      fence = ticks;
      lines.push(line);
    } else if (line.trim() === '') flush();
    else if (/^#{1,6}\s+\S/.test(line)) {
      flush();
      lines.push(line);
      flush();
    } else lines.push(line);
  }
  flush();
  return blocks;
}

function readHeading(block: string): Heading | undefined {
  const [, signs, words] = /^(#{1,6})\s+(\S.*)$/.exec(block) ?? [];
  return signs && words ? { rank: signs.length, words: words.trim() } : undefined;
}

function isFence(block: string): boolean {
  return block.startsWith('```');
}

function toRows(block: string): string[] {
  const lines = block.split('\n').filter((line) => line.startsWith('|'));
  const rows = lines.filter((line) => !/^\|[\s:|-]+\|?$/.test(line));
  const [header, ...body] = rows;
  if (header === undefined) return [];
  if (body.length === 0) return [header];
  const rule = `|${' --- |'.repeat(toCells(header).length)}`;
  return body.map((row) => `${header}\n${rule}\n${row}`);
}

/** The cells of a row, trimmed. A bar that belongs to a cell is written `\|`. */
export function toCells(row: string): string[] {
  return row
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}

function toListParts(block: string): string[] {
  if (block.length <= LIST_MAX_CHARS) return [block];
  const parts: string[] = [];
  for (const line of block.split('\n')) {
    const last = parts.at(-1);
    if (last === undefined || LIST_ENTRY.test(line)) parts.push(line);
    else parts[parts.length - 1] = `${last}\n${line}`;
  }
  return parts;
}
