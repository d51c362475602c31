import type { ThreadItem } from '../../../protocol/item.ts';
import type { Page, Thread } from '../../../protocol/thread.ts';
import type { ApiClient } from '../transport/api-client.ts';

/** Items asked for at once; a server may give fewer. */
const PAGE_SIZE = 100;

/** A thread with all its items in ascending order: `threads.get_by_id` gives only the first twenty. */
export async function readThread(api: ApiClient, threadId: string, signal: AbortSignal): Promise<Thread> {
  const thread = (await api.json({ type: 'threads.get_by_id', params: { thread_id: threadId } }, signal)) as Thread;
  const items = [...thread.items.data];
  let hasMore = thread.items.has_more;
  let after = thread.items.after ?? items.at(-1)?.id;
  while (hasMore && after) {
    const params = { thread_id: threadId, limit: PAGE_SIZE, order: 'asc' as const, after };
    const page = (await api.json({ type: 'items.list', params }, signal)) as Page<ThreadItem>;
    items.push(...page.data);
    const next: string | undefined = page.after ?? page.data.at(-1)?.id;
    // A cursor that does not move would read the same page for ever.
    hasMore = page.has_more && next !== after;
    after = next;
  }
  return { ...thread, items: { data: items, has_more: false } };
}
