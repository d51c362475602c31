import type { PageContext, PageContextLevel } from '../../protocol/page-context.ts';
import { readPageContext } from '../page/page-context.ts';

/** More than a server asks for in one turn, and no more than still leaves each query a share of the text. */
const MAX_QUERIES = 4;
const QUERY_CHARS = 500;

export interface PageReader {
  /**
   * The page as it is now, read for the question that the request asks; a request without one goes on with the last
   * question. `undefined` when nothing of the page may be told.
   */
  read: (question: string | undefined) => PageContext | undefined;
  /** From now on and until the next question the page is read for this too. */
  readFor: (query: string) => void;
}

export function createPageReader(level: () => PageContextLevel): PageReader {
  let asked = '';
  let queries: string[] = [];
  return {
    read(question) {
      if (question !== undefined) [asked, queries] = [question, []];
      return readPageContext({ level: level(), question: asked, queries });
    },
    readFor(query) {
      queries = [...queries, query.slice(0, QUERY_CHARS)].slice(-MAX_QUERIES);
    },
  };
}
