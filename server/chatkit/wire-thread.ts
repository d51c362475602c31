import type { ThreadItem } from '../../protocol/item.ts';
import type { Page, Thread, ThreadMetadata } from '../../protocol/thread.ts';
import { isHidden } from './hidden-items.ts';
import { toWireItem } from './wire-item.ts';

/**
 * The thread as a client may see it: its metadata is always `{}`, whatever is kept, and hidden items are gone. Without
 * `items` the list is the empty page, as every response but that of `threads.get_by_id` has it.
 */
export function toWireThread(thread: ThreadMetadata, items: Page<ThreadItem> = { data: [], has_more: false }): Thread {
  const { title, id, created_at, status, allowed_image_domains } = thread;
  return {
    ...(title !== undefined && { title }),
    id,
    created_at,
    status,
    ...(allowed_image_domains && { allowed_image_domains }),
    metadata: {},
    items: toWirePage(items),
  };
}

/** Without hidden items; `has_more` and `after` stay those of the whole page: it may be short, its cursor a hidden item. */
export function toWirePage(page: Page<ThreadItem>): Page<ThreadItem> {
  return { ...page, data: page.data.filter((item) => !isHidden(item)).map(toWireItem) };
}
