import { isDeepStrictEqual } from 'node:util';
import type { ThreadItemUpdate } from '../../../protocol/event.ts';
import type { WidgetNode, WidgetRoot } from '../../../protocol/widget.ts';

const STREAMED_TYPES = new Set(['Text', 'Markdown']);

/**
 * The updates that turn the widget `before` into `after`. Text that only grew travels as deltas, one for each `Text` or
 * `Markdown` node in document order; any other difference, a prop that comes or goes among them, as the whole root.
 *
 * A delta names its node by id and reaches it through lists of children. Growth that it cannot name (no id, an id that
 * another node has too, a single object as `children`) is the whole root as well: the reference sends nothing then, and
 * the text stands still until the item is done.
 */
export function diffWidget(before: WidgetRoot, after: WidgetRoot): ThreadItemUpdate[] {
  const deltas: ThreadItemUpdate[] = [];
  const isTold = differsByGrowthAlone(before, after, countIds(after), deltas);
  return isTold ? deltas : [{ type: 'widget.root.updated', widget: after }];
}

/** Whether deltas tell all that changed; these are then in `deltas`. */
function differsByGrowthAlone(
  before: WidgetNode,
  after: WidgetNode,
  ids: Map<string, number>,
  deltas: ThreadItemUpdate[],
): boolean {
  for (const prop of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, next] = [before[prop], after[prop]];
    if (prop === 'children' && isNodeList(old) && isNodeList(next)) {
      if (old.length !== next.length) return false;
      for (const [index, child] of next.entries())
        if (!differsByGrowthAlone(old[index] as WidgetNode, child, ids, deltas)) return false;
    } else if (!isDeepStrictEqual(old, next)) {
      if (prop !== 'value' || !STREAMED_TYPES.has(after.type)) return false;
      if (typeof old !== 'string' || typeof next !== 'string' || !next.startsWith(old)) return false;
      if (!after.id || ids.get(after.id) !== 1) return false;
      const delta = next.slice(old.length);
      deltas.push({ type: 'widget.streaming_text.value_delta', component_id: after.id, delta, done: !after.streaming });
    }
  }
  return true;
}

/** How many nodes have each id, wherever a client may look for them. */
function countIds(node: WidgetNode, counts = new Map<string, number>()): Map<string, number> {
  if (node.id !== undefined) counts.set(node.id, (counts.get(node.id) ?? 0) + 1);
  const children = Array.isArray(node.children) ? node.children : [node.children];
  for (const child of children) if (isNode(child)) countIds(child, counts);
  return counts;
}

function isNodeList(value: unknown): value is WidgetNode[] {
  return Array.isArray(value) && value.every(isNode);
}

function isNode(value: unknown): value is WidgetNode {
  return typeof value === 'object' && value !== null && typeof (value as WidgetNode).type === 'string';
}
