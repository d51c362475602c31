import type { ThreadItem, UserMessageItem } from '../../protocol/item.ts';
import { refuse } from './errors.ts';
import type { Store } from './store.ts';

const PAGE = 20;

/**
 * Deletes what follows the user's message, newest first, and resolves to that message; an unknown item deletes nothing
 * and resolves to `undefined`. Throws `ChatKitError('invalid_request')`, with nothing deleted, for an item that is no
 * user message.
 */
export async function deleteAfter<Context>(
  store: Store<Context>,
  context: Context,
  threadId: string,
  itemId: string,
): Promise<UserMessageItem | undefined> {
  const later: ThreadItem[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await store.loadItems(context, threadId, {
      limit: PAGE,
      order: 'desc',
      ...(cursor !== undefined && { after: cursor }),
    });
    const { data, has_more, after } = page ?? refuse('not_found', 'there is no such thread');
    const index = data.findIndex((item) => item.id === itemId);
    const item = data[index];
    later.push(...(item ? data.slice(0, index) : data));
    if (item && item.type !== 'user_message')
      refuse('invalid_request', 'only the answer to a user message can be tried again');
    if (item) {
      for (const { id } of later) await store.deleteItem(context, threadId, id);
      return item;
    }
    if (!has_more || after === undefined) return undefined;
    cursor = after;
  }
}
