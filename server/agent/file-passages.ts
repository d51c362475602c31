import { type Passage, toPassages } from './passages.ts';

/** A passage is quoted whole, so none of a file may be longer than a screen of it. */
const MAX_CHARS = 800;

/**
 * Cuts the text of a file into passages, numbered from `first`. Plain text is read as the Markdown that it mostly is;
 * data keeps its lines, and each passage of a CSV file its first line, which names the columns.
 */
export function toFilePassages(text: string, mimeType: string, first: number): Passage[] {
  const pieces = mimeType === 'text/csv' || mimeType === 'application/json' ? toData(text, mimeType) : toBlocks(text);
  return pieces.map(({ headingPath, text, kind }, index) => ({ n: first + index, headingPath, text, kind }));
}

type Piece = Omit<Passage, 'n'>;

function toBlocks(text: string): Piece[] {
  return toPassages(text.replaceAll('\r\n', '\n')).flatMap(({ headingPath, text, kind }) => {
    // A fence must stay whole to be one, and a table is cut by row already.
    const pieces = kind === 'code' || kind === 'table' ? [text] : cut(text, MAX_CHARS);
    return pieces.map((piece) => ({ headingPath, text: piece, kind }));
  });
}

function toData(text: string, mimeType: string): Piece[] {
  const lines = text.trim().split(/\r?\n/);
  const header = mimeType === 'text/csv' && lines.length > 1 ? `${lines.shift()}\n` : '';
  const language = mimeType === 'text/csv' ? 'csv' : 'json';
  const fence = '`'.repeat(Math.max(3, ...(text.match(/`+/g) ?? []).map(({ length }) => length + 1)));
  return cut(lines.join('\n'), Math.max(MAX_CHARS - header.length, MAX_CHARS / 2)).map((piece) => ({
    headingPath: [],
    text: `${fence}${language}\n${header}${piece}\n${fence}`,
    kind: 'code',
  }));
}

/** Pieces of at most `max` characters, cut where a line ends, else where a word does. */
function cut(text: string, max: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > max) {
    const head = rest.slice(0, max + 1);
    const end = [head.lastIndexOf('\n'), head.lastIndexOf(' ')].find((at) => at > max / 2) ?? max;
    const piece = rest.slice(0, end);
    // Not between the halves of a character.
    const whole = piece.isWellFormed() ? piece : piece.slice(0, -1);
    pieces.push(whole.trimEnd());
    rest = rest.slice(whole.length).replace(/^[ \n]/, '');
  }
  return [...pieces, rest].filter((piece) => piece.trim() !== '');
}
