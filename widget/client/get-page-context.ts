import type { PageContext, PageContextLevel } from '../../protocol/page-context.ts';
import { readPageContext } from '../page/page-context.ts';

/**
 * The page as it stands now, as the widget would send it: without form fields, `[data-private]`, hidden parts and
 * frames, with numbers of cards and accounts, keys, tokens and addresses taken out.
 *
 * @param question of a long page it chooses the passages
 * @returns `undefined` where nothing may be read, and outside of a page
 */
export function getPageContext({
  level = 'page',
  question = '',
}: {
  level?: PageContextLevel;
  question?: string;
} = {}): PageContext | undefined {
  return typeof document === 'undefined' ? undefined : readPageContext({ level, question });
}
