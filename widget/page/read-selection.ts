import { readBlocks } from './read-blocks.ts';
import { isReachable } from './readable.ts';
import { redact } from './redact.ts';
import { withoutUnseen } from './without-unseen.ts';

const MAX_CHARS = 2_000;
/** Whether it is shown may take longer to ask, on a page that is just being laid out, than the reading may. */
const LEAST_READ_MS = 10;

/**
 * The words that are selected on the page, as far as they may be read, redacted and cut; '' for none. `deadline` on the
 * clock of `performance.now()`.
 */
export function readSelection(window: Window, deadline: number): string {
  const selected = window.getSelection();
  if (!selected || selected.isCollapsed || selected.rangeCount === 0) return '';
  const range = selected.getRangeAt(0);
  const root = range.commonAncestorContainer;
  const element = root instanceof Element ? root : root.parentElement;
  if (!element || !isReachable(element)) return '';
  const { blocks, published } = readBlocks([root], {
    deadline: Math.max(deadline, performance.now() + LEAST_READ_MS),
    range,
  });
  const text = blocks.map((block) => block.text).join('\n');
  return redact(withoutUnseen(text), published).slice(0, MAX_CHARS).toWellFormed();
}
