import type { PassagePlace } from '../../protocol/page-tools.ts';

/**
 * The passage of this very page that a click follows a link to (`#:~:text=`), if it is one that a browser would open in
 * this tab. Query and fragment make no difference: a source names its page without them.
 */
export function linkedPassage(click: MouseEvent): PassagePlace | undefined {
  if (click.defaultPrevented || click.button !== 0 || click.ctrlKey || click.metaKey || click.shiftKey || click.altKey)
    return undefined;
  const link = click.composedPath().find((node) => node instanceof HTMLAnchorElement);
  if (!link || link.origin + link.pathname !== location.origin + location.pathname) return undefined;
  const text = wordsOf(link.hash);
  return text ? { text } : undefined;
}

/** The first words of a text directive: `text=[prefix-,]first[,last][,-suffix]`. */
function wordsOf(hash: string): string | undefined {
  const [, directives] = hash.split(':~:');
  const directive = directives?.split('&').find((part) => part.startsWith('text='));
  const words = directive
    ?.slice('text='.length)
    .split(',')
    .find((part) => !part.endsWith('-') && !part.startsWith('-'));
  try {
    return words && decodeURIComponent(words);
  } catch {
    return undefined;
  }
}
