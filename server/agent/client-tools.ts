import type { PageTool } from '../../protocol/page-tools.ts';

const PAGE_TOOLS: readonly PageTool[] = ['read_page', 'show_passage'];

/** Reads `metadata.clientTools` of a request: what this very client will run. Names that are not ours are dropped. */
export function parseClientTools(value: unknown): ReadonlySet<PageTool> {
  return new Set(Array.isArray(value) ? PAGE_TOOLS.filter((name) => value.includes(name)) : []);
}
