import type { WidgetNode } from '../../../protocol/widget.ts';

/** The words of a widget's subtree in their order, for a listener and for names. */
export function widgetText(root: WidgetNode): string {
  const words: string[] = [];
  const open: unknown[] = [root];
  while (open.length > 0) {
    const node = open.pop();
    if (typeof node !== 'object' || node === null) continue;
    const { value, label, children } = node as WidgetNode;
    for (const word of [value, label]) if (typeof word === 'string') words.push(word);
    // From the end of the list the first child has to come first.
    open.push(...(Array.isArray(children) ? children.toReversed() : [children]));
  }
  return words.join(' ');
}
