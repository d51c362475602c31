import type { PageContext } from '../../protocol/page-context.ts';
import type { WidgetNode, WidgetRoot } from '../../protocol/widget.ts';
import type { Heading } from './passages.ts';
import { SHOW_SECTION } from './show-section.ts';

/** As many as a visitor looks through; the element shows the first few and the rest when asked. */
const MAX_ENTRIES = 40;
const SHOWN_ENTRIES = 8;

/** The headings of a page as a list whose entries scroll to their sections, and the same as Markdown to copy. */
export function writeOutline(
  page: PageContext,
  outline: Heading[],
  title: string,
): { widget: WidgetRoot; copyText: string } {
  const entries = pickEntries(outline);
  const top = Math.min(...entries.map(({ rank }) => rank));
  return {
    widget: {
      type: 'ListView',
      status: { text: title, icon: 'document' },
      limit: SHOWN_ENTRIES,
      children: entries.map((entry, index) => toListItem(entry, index, entry.rank > top, page)),
    },
    copyText: `${title}:\n\n${entries.map(({ rank, words }) => `${'  '.repeat(rank - top)}- ${words}`).join('\n')}`,
  };
}

/** Without the page's own title; of a long list the deepest ranks go first. */
function pickEntries(outline: Heading[]): Heading[] {
  const titles = outline.filter(({ rank }) => rank === 1);
  let entries = titles.length === 1 && outline.length > 1 ? outline.filter(({ rank }) => rank > 1) : outline;
  for (let rank = 6; rank > 1 && entries.length > MAX_ENTRIES; rank -= 1) {
    const shorter = entries.filter((entry) => entry.rank < rank);
    if (shorter.length > 0) entries = shorter;
  }
  return entries.slice(0, MAX_ENTRIES);
}

function toListItem({ words }: Heading, index: number, isDeeper: boolean, { url, title }: PageContext): WidgetNode {
  const look = isDeeper ? { size: 'sm', color: 'secondary' } : { weight: 'medium' };
  return {
    type: 'ListViewItem',
    key: `section-${index}`,
    onClickAction: { type: SHOW_SECTION, payload: { heading: words, url, title } },
    children: [{ type: 'Text', value: words, truncate: true, ...look }],
  };
}
