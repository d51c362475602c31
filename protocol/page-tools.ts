/**
 * What a client can do to the page that its visitor reads, as `metadata.clientTools` of a streaming request names it. A
 * server may offer a model no other tool that needs the client: nobody would run it, and the turn would never end.
 *
 * `read_page` is a client tool: its call has `arguments: {query}`, and the request that carries its output brings the
 * page anew, with the passages nearest to that query. The output itself says nothing: of a page's text nothing is stored.
 * `show_passage` stands for the client effect `SHOW_PASSAGE`.
 */
export type PageTool = typeof READ_PAGE | 'show_passage';

export const READ_PAGE = 'read_page';

/** Name of the client effect that scrolls the page to a passage and highlights it; its `data` is a `PassagePlace`. */
export const SHOW_PASSAGE = 'pagewise.show_passage';

/** Where on the page: the words, in the shape of `PageContext.text`, the heading they stand under, or both. */
export interface PassagePlace {
  text?: string;
  heading?: string;
}
