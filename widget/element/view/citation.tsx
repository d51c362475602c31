import type { Source } from '../../../protocol/item.ts';
import { safeLink } from '../markdown/safe-link.ts';
import type { Strings } from '../strings/en.ts';

interface CitationProps {
  /** Numbers into `sources`, from 1. */
  numbers: readonly number[];
  sources: readonly Source[];
  strings: Strings;
}

/** The small numbers behind a sentence; each leads to its source. */
export function Citation({ numbers, sources, strings }: CitationProps) {
  return (
    <span class="citations">
      {numbers.map((number) => {
        const source = sources[number - 1];
        if (!source) return null;
        const label = `${strings.source} ${number}: ${source.title}`;
        const link = sourceLink(source);
        if (!link)
          return (
            <span class="citation" role="img" aria-label={label} title={source.title}>
              {number}
            </span>
          );
        return (
          <a class="citation" {...link} aria-label={label} title={source.title}>
            {number}
          </a>
        );
      })}
    </span>
  );
}

/** A link to a source. One on this very page stays in its tab: there it scrolls to the quoted place. */
export function sourceLink(source: Source): { href: string; target?: string; rel: string } | undefined {
  if (source.type !== 'url') return undefined;
  const url = safeLink(source.url, document.baseURI);
  if (!url) return undefined;
  const here = url.origin + url.pathname === location.origin + location.pathname;
  const rel = 'noopener noreferrer nofollow ugc';
  return here ? { href: url.href, rel } : { href: url.href, target: '_blank', rel };
}
