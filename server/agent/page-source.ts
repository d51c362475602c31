import type { UrlSource } from '../../protocol/item.ts';
import type { PageContext } from '../../protocol/page-context.ts';
import { type Passage, toCells } from './passages.ts';

const QUOTE_MAX_CHARS = 160;
/** Long enough to be found once, short enough to stand in one element of the page. */
const FRAGMENT_MAX_CHARS = 60;

/** Where a passage stands: the page, a short quotation, and a link that scrolls to the words (`#:~:text=`). */
export function toPageSource(page: PageContext, passage: Passage): UrlSource {
  return {
    type: 'url',
    title: page.title || page.url,
    description: quotationOf(passage),
    url: linkToWords(page.url, plainWords(passage)),
  };
}

/** The beginning of a passage, on one line. */
export function quotationOf(passage: Passage): string {
  return cutAtWord(plainWords(passage), QUOTE_MAX_CHARS, '…');
}

/** The address of these words on a page; of many, the first ones. */
export function linkToWords(url: string, words: string): string {
  return `${url}#:~:text=${encodeFragment(cutAtWord(words, FRAGMENT_MAX_CHARS, ''))}`;
}

/** The words as the page shows them, from one element: of a row the first filled cell, of code or a list the first line. */
function plainWords({ text, kind }: Passage): string {
  const lines = text.split('\n').map((line) => line.trim());
  const line = kind === 'code' ? lines.find((entry) => entry !== '' && !entry.startsWith('```')) : lines[0];
  if (kind === 'table') return toCells(lines.at(-1) ?? '').find((cell) => cell !== '') ?? '';
  if (kind === 'list') return (line ?? '').replace(/^(?:[-*•]|\d{1,3}[.)、])\s+/, '');
  return (kind === 'code' ? (line ?? '') : text).replace(/\s+/g, ' ').trim();
}

function cutAtWord(text: string, max: number, ellipsis: string): string {
  if (text.length <= max) return text;
  let cut = '';
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)) {
    if (cut.length + segment.length > max) break;
    cut += segment;
  }
  return (cut.trim() || text.slice(0, max).toWellFormed()) + ellipsis;
}

/** The dash and the comma have a meaning of their own in a text directive. */
function encodeFragment(text: string): string {
  return encodeURIComponent(text).replaceAll('-', '%2D').replaceAll(',', '%2C');
}
