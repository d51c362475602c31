import type { Source } from '../../../protocol/item.ts';
import { safeLink } from '../markdown/safe-link.ts';

/** A link to a source. One on this very page stays in its tab: there it scrolls to the quoted place. */
export function sourceLink(source: Source): { href: string; target?: string; rel: string } | undefined {
  if (source.type !== 'url') return undefined;
  const url = safeLink(source.url, document.baseURI);
  if (!url) return undefined;
  const here = url.origin + url.pathname === location.origin + location.pathname;
  const rel = 'noopener noreferrer nofollow ugc';
  return here ? { href: url.href, rel } : { href: url.href, target: '_blank', rel };
}

/** Where a source is: its site, its file, or what the server calls it. */
export function placeOf(source: Source): string {
  if (source.type === 'file') return source.filename;
  if (source.type === 'entity') return source.label ?? '';
  return source.attribution ?? safeLink(source.url, document.baseURI)?.host ?? '';
}
