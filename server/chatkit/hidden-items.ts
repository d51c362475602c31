import type { ThreadItem } from '../../protocol/item.ts';

/** Items for the store and the model only: they never leave a server. */
export function isHidden(item: ThreadItem): boolean {
  return item.type === 'hidden_context_item' || item.type === 'sdk_hidden_context';
}
