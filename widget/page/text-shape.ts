/** The shape of page text, as `protocol/page-context.ts` describes it: how words and code become lines of it. */

/** Elements that continue the line they stand in; every other one begins and ends a block. */
export const INLINE = new Set(
  (
    'a abbr acronym b bdi bdo big button cite code data del dfn em font i ins kbd label mark math q rp rt ruby s samp ' +
    'slot small span strike strong sub sup time tt u var wbr nobr'
  ).split(' '),
);

/** Beyond it a listing is cut at a line: one block must leave room for others. */
const CODE_CHARS = 6_000;

export function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** A paragraph that begins like a heading, a table or a fence must not be taken for one. */
export function escapeShape(text: string): string {
  return /^(?:#{1,6} |\||```)/.test(text) ? `\\${text}` : text;
}

/** Code in a fence longer than any run of back-ticks inside it; '' for no code. */
export function fenced(code: string): string {
  const whole = code.replace(/^\s*\n|\s+$/g, '');
  if (whole === '') return '';
  const end = whole.length > CODE_CHARS ? whole.lastIndexOf('\n', CODE_CHARS) : whole.length;
  const cut = whole.slice(0, end > 0 ? end : CODE_CHARS);
  const longest = (cut.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${cut}\n${fence}`;
}

/** What stands for redacted words, and what the reader puts between a term and its definition or between values. */
const ADDED = /\[(?:mail|card|iban|key|token)\]|: |, /;

/**
 * What to look for on a page, best guess first, to find a line of its text again: the words without the signs of the
 * shape; those without the signs that the page may not have; the longest piece between two such signs.
 */
export function wordsOfLine(line: string): string[] {
  if (/^\s*`{3,}$|^\|(?: -+ \|)+$/.test(line)) return [];
  const words = /^\| .* \|$/.test(line)
    ? line.slice(2, -2).split(' | ').join('').replaceAll('\\|', '|')
    : line.replace(/^(?:> )*\s*(?:- |\d+\. )?/, '').replace(/^\\/, '');
  const pieces = words.split(ADDED);
  const longest = pieces.reduce((best, piece) => (piece.length > best.length ? piece : best), '');
  return [...new Set([words, pieces.join(''), longest])].filter((variant) => collapse(variant) !== '');
}
