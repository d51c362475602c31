/** Longer selections are cut: a quote shows what is meant, it does not repeat the answer. */
const LONGEST = 2000;

/** The words that are selected within one element that matches, and where they stand on the screen. */
export function selectedWords(root: ShadowRoot, selector: string): { words: string; box: DOMRect } | undefined {
  // Only Chromium asks the shadow root itself; elsewhere the document answers for it.
  const own = root as ShadowRoot & { getSelection?: () => Selection | null };
  const selection = own.getSelection?.() ?? document.getSelection();
  if (!selection || selection.rangeCount === 0) return undefined;
  const [found] = own.getSelection ? [] : (selection.getComposedRanges?.({ shadowRoots: [root] }) ?? []);
  const { startContainer, startOffset, endContainer, endOffset } = found ?? selection.getRangeAt(0);
  const range = document.createRange();
  range.setStart(startContainer, startOffset);
  range.setEnd(endContainer, endOffset);
  const all = String(range).trim();
  const inside = elementOf(startContainer)?.closest(selector);
  if (!inside || !root.contains(inside)) return undefined;
  // A press on a paragraph three times selects up to the beginning of what follows it, which may be another message.
  if (!inside.contains(endContainer)) range.setEnd(inside, inside.childNodes.length);
  if (String(range).trim() !== all) return undefined;
  const words = (String(selection) || all).trim().replace(/\n{2,}/g, '\n');
  return words ? { words: words.slice(0, LONGEST), box: range.getBoundingClientRect() } : undefined;
}

function elementOf(node: Node): Element | null {
  return node instanceof Element ? node : node.parentElement;
}
