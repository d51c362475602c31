/**
 * What of a page may be read. Three gates, cheapest first: the element's name, its attributes, its style. Everything a
 * visitor types or chooses, everything marked `data-private`, everything not shown, and the frame around the content
 * (navigation, footers) stays where it is.
 */

/** Elements that are never entered, whatever they hold. */
const DROPPED_ELEMENTS = new Set(
  (
    'script style template noscript iframe frame frameset object embed applet portal fencedframe ' +
    'audio video canvas svg picture img map head ' +
    'input textarea select option optgroup datalist output progress meter ' +
    'nav footer search pagewise-widget openai-chatkit'
  ).split(' '),
);

const DROPPED_ATTRIBUTES =
  '[data-private],[hidden],[aria-hidden="true" i],[contenteditable]:not([contenteditable="false" i])' +
  ['navigation', 'contentinfo', 'search', 'textbox', 'searchbox', 'combobox', 'spinbutton', 'slider', 'menu', 'menubar']
    .map((role) => `,[role="${role}" i]`)
    .join('');

/** Where a page marks neither main nor article, these are taken for its frame too. */
const FRAME = 'header,aside,dialog,[role="banner" i],[role="complementary" i],[role="dialog" i],[role="alertdialog" i]';

/** True for an element that must not be entered, by its name and attributes alone. */
export function isDropped(element: Element, name: string, outsideMain: boolean): boolean {
  if (DROPPED_ELEMENTS.has(name)) return true;
  if (element.hasAttributes() && element.matches(DROPPED_ATTRIBUTES)) return true;
  return outsideMain && element.matches(FRAME);
}

/**
 * True when the style lets the element be seen, given that its parent can be. `folded` says that it lies in a closed
 * `<details>`: there nothing has a box, yet one click of the visitor shows it.
 */
export function isShown(element: Element, folded: boolean): boolean {
  if (!folded && element.checkVisibility?.({ visibilityProperty: true })) return true;
  const style = element.ownerDocument.defaultView?.getComputedStyle(element);
  if (!style || style.display === 'none' || style.visibility === 'hidden' || style.visibility === 'collapse') {
    return false;
  }
  // `display: contents` has no box of its own. Anything else without one lies in skipped content.
  return folded || style.display === 'contents' || !element.checkVisibility;
}

/** True when neither the element nor anything around it, through slots and shadow hosts, forbids reading. */
export function isReachable(element: Element): boolean {
  for (let at: Element | null = element; at; at = parentInFlatTree(at)) {
    if (isDropped(at, at.localName, false) || !isShown(at, isFolded(at))) return false;
  }
  return true;
}

function parentInFlatTree(element: Element): Element | null {
  if (element.assignedSlot) return element.assignedSlot;
  const parent = element.parentNode;
  if (parent && 'host' in parent) return parent.host as Element;
  return element.parentElement;
}

function isFolded(element: Element): boolean {
  return element.closest('details:not([open])') !== null;
}
