import type { PageContext, PageContextLevel } from '../../protocol/page-context.ts';
import { readPageContext } from '../page/page-context.ts';

/** More than a server asks for in one turn, and no more than still leaves each query a share of the text. */
const MAX_QUERIES = 4;
/** "And for a child?" So short a question may lean on the one before, and is read for that as well. */
const FOLLOW_UP_CHARS = 40;
const QUERY_CHARS = 500;

export interface PageReader {
  /**
   * The page as it is now, read for the question that the request asks; a request without one goes on with the last
   * question. `undefined` when nothing of the page may be told.
   */
  read: (question: string | undefined) => PageContext | undefined;
  /** From now on the page is read for this too, until there is a new question. */
  readFor: (query: string) => void;
}

export function createPageReader(level: () => PageContextLevel): PageReader {
  let asked = '';
  let queries: string[] = [];
  let isAwaited = false;
  return {
    read(question) {
      if (question !== undefined) {
        queries = question.length > FOLLOW_UP_CHARS || asked === '' ? [] : [...queries, asked].slice(-MAX_QUERIES);
        asked = question;
        isAwaited = false;
      }
      return readPageContext({ level: level(), question: asked, queries, isAwaited });
    },
    readFor(query) {
      queries = [...queries, query.slice(0, QUERY_CHARS)].slice(-MAX_QUERIES);
      isAwaited = true;
    },
  };
}
