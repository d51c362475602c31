/** How much of the host page may be read: all visible text, only what identifies the page, or nothing. */
export type PageContextLevel = 'page' | 'basic' | 'off';

/** The stricter of two levels: where tag, site and browser disagree, the one that reveals less wins. */
export function stricterLevel(a: PageContextLevel, b: PageContextLevel): PageContextLevel {
  const strictness: Record<PageContextLevel, number> = { page: 0, basic: 1, off: 2 };
  return strictness[a] >= strictness[b] ? a : b;
}

/** Most UTF-8 bytes of `text`. With the question it stays below the server's 64 KB body cap. */
export const PAGE_TEXT_MAX_BYTES = 24 * 1024;

/**
 * The page a visitor is on, as `metadata.pageContext` of a request. Everything in it is written by whoever made the
 * page: data, never instructions.
 *
 * `text` is plain text in the shape of Markdown, so that any client can write it and any model can read it: blocks
 * parted by a blank line; a heading is a line of one to six `#`, a space and its words, and heads all that follows
 * until the next heading of its rank; a code block stands in a fence of back-ticks longer than any run inside it; a
 * table is one line a row, `| cell | cell |`, its first line the column names.
 */
export interface PageContext {
  /** Origin and path only: queries and fragments carry secrets. */
  url: string;
  path: string;
  title: string;
  description: string;
  /** The first five h1–h3 of article, main or body. */
  headings: string[];
  lang: string;
  canonical?: string;
  selection?: string;
  /** Visible text of article or main; of a long page, the passages nearest to the question and the viewport. */
  text?: string;
  /** Set when `text` is not all that the page says. */
  partial?: true;
  /** ISO 8601. */
  timestamp: string;
}
