const NAME = 'pagewise-passage';
/** Readable on any ground, because the words get their colour with it. */
const STYLE = `::highlight(${NAME}) { background-color: #ffe27a; color: #1a1a1a }
@media (forced-colors: active) { ::highlight(${NAME}) { background-color: Mark; color: MarkText } }`;

/**
 * Scrolls to the first of these ranges and highlights them all, by the browser's highlight registry: the page's nodes
 * stay as they are, except that folds around the passage open. A browser without the registry only scrolls. Returns
 * what takes the highlight away; Escape does so too.
 */
export function showPassage(ranges: Range[]): () => void {
  const [first] = ranges;
  const element = first?.startContainer.parentElement;
  if (!first || !element) return () => undefined;
  for (let fold = element.closest(CLOSED); fold; fold = fold.parentElement?.closest(CLOSED) ?? null)
    (fold as HTMLDetailsElement).open = true;
  scrollTo(first, element);

  if (typeof Highlight !== 'function') return () => undefined;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  CSS.highlights.set(NAME, new Highlight(...ranges));
  const clear = (): void => {
    removeEventListener('keydown', onKeyDown, true);
    CSS.highlights.delete(NAME);
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
  };
  const onKeyDown = ({ key }: KeyboardEvent): void => {
    if (key === 'Escape') clear();
  };
  // On the way down, because the page may keep the key for itself.
  addEventListener('keydown', onKeyDown, true);
  return clear;
}

/** Over more than this a page that rushes by shows nothing of the way. */
const FAR_SCREENS = 3;
const CLOSED = 'details:not([open])';

function scrollTo(range: Range, element: Element): void {
  const { top } = range.getBoundingClientRect();
  const isFar = Math.abs(top) > FAR_SCREENS * innerHeight;
  const behavior = isFar || matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth';
  // The middle of an element that fills the window may be far from the passage in it.
  if (element.getBoundingClientRect().height < innerHeight) element.scrollIntoView({ block: 'center', behavior });
  else scrollBy({ top: top - innerHeight / 3, behavior });
}
