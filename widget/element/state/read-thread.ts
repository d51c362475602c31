import type { ThreadItem } from '../../../protocol/item.ts';
import type { Page, Thread } from '../../../protocol/thread.ts';
import type { ApiClient } from '../transport/api-client.ts';
import { readThreadObject } from '../transport/read-event.ts';
import { readItems } from '../transport/read-item.ts';
import { RequestFailure } from '../transport/request-failure.ts';

/** Items asked for at once: a few screens of them. A server may give fewer. */
const PAGE_SIZE = 40;

/**
 * A thread with its newest items in ascending order: what `threads.get_by_id` gave, the oldest twenty, if those are
 * all, else pages from the end until `wanted` items are there and a question among them. `items.after` is then the
 * cursor of the older ones.
 */
export async function readThread(api: ApiClient, threadId: string, signal: AbortSignal, wanted = 1): Promise<Thread> {
  const thread = readThreadObject(
    await api.json({ type: 'threads.get_by_id', params: { thread_id: threadId } }, signal),
  );
  if (!thread) throw new RequestFailure(200);
  if (!thread.items.has_more) return thread;
  let items: Page<ThreadItem> = { data: [], has_more: true };
  const isEnough = () => items.data.length >= wanted && items.data.some(({ type }) => type === 'user_message');
  while (items.has_more && !isEnough())
    items = prependItems(items, await readOlderItems(api, threadId, items.after, signal));
  return { ...thread, items };
}

/** The page of items before the cursor `after`, or the newest one, in ascending order. */
export async function readOlderItems(
  api: ApiClient,
  threadId: string,
  after: string | undefined,
  signal: AbortSignal,
): Promise<Page<ThreadItem>> {
  const params = { thread_id: threadId, limit: PAGE_SIZE, order: 'desc' as const, ...(after ? { after } : {}) };
  const page = (await api.json({ type: 'items.list', params }, signal)) as Page<ThreadItem>;
  const items = readItems(page.data);
  const cursor = page.after ?? items.at(-1)?.id;
  const data = items.toReversed();
  // A cursor that does not move would read the same page for ever.
  return page.has_more && cursor && cursor !== after
    ? { data, has_more: true, after: cursor }
    : { data, has_more: false };
}

/** Items with an older page before them; what is there already stays as it is. */
export function prependItems(items: Page<ThreadItem>, older: Page<ThreadItem>): Page<ThreadItem> {
  const known = new Set(items.data.map(({ id }) => id));
  return { ...older, data: [...older.data.filter(({ id }) => !known.has(id)), ...items.data] };
}
