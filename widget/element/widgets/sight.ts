/** So long a control stands in full view before a press on it counts: a page may draw it under a moving pointer. */
const SEEN_MS = 500;

/** Of an observer that is asked for it, in Chromium: whether anything covers, fades or transforms the element. */
interface WatchOptions extends IntersectionObserverInit {
  trackVisibility: boolean;
  delay: number;
}

const seenSince = new WeakMap<Element, number>();
let observer: IntersectionObserver | undefined;

function note(entries: (IntersectionObserverEntry & { isVisible?: boolean })[]): void {
  for (const { target, isIntersecting, isVisible } of entries)
    if (isIntersecting && isVisible !== false) seenSince.set(target, performance.now());
    else seenSince.delete(target);
}

/** Notes from now on since when the element is in view, whole and as it is. For the `ref` of a control. */
export function watchSight(element: Element | null): void {
  if (!element) return;
  const options: WatchOptions = { threshold: 0.99, trackVisibility: true, delay: 100 };
  observer ??= new IntersectionObserver(note, options);
  observer.observe(element);
}

/** Whether a visitor can have seen the watched element. `checkVisibility` is for browsers that do not tell the rest. */
export function isSeen(element: Element): boolean {
  const since = seenSince.get(element);
  if (since === undefined || performance.now() - since < SEEN_MS) return false;
  return element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
}
