import type { ThreadItem } from '../../protocol/item.ts';
import type { Page, ThreadMetadata } from '../../protocol/thread.ts';
import type { PageRequest, Store } from '../../server/chatkit/store.ts';

interface Owned {
  site: { id: string };
  owner: string;
}

interface Row {
  key: string;
  thread: ThreadMetadata;
  items: ThreadItem[];
}

/** The store contract without a database, for tests of what stands on it. Everything in and out is a copy. */
export function createMemoryStore<Context extends Owned>(): Store<Context> {
  const rows = new Map<string, Row>();
  const keyOf = (context: Context) => `${context.site.id}\n${context.owner}`;
  const find = (context: Context, threadId: string) => {
    const row = rows.get(threadId);
    return row?.key === keyOf(context) ? row : undefined;
  };
  return {
    async loadThread(context, threadId) {
      return structuredClone(find(context, threadId)?.thread);
    },
    async saveThread(context, thread) {
      const row = rows.get(thread.id);
      if (row && row.key !== keyOf(context)) return false;
      const copy = structuredClone(thread);
      if (row) row.thread = copy;
      else rows.set(thread.id, { key: keyOf(context), thread: copy, items: [] });
      return true;
    },
    async loadThreads(context, page) {
      const own = [...rows.values()].filter((row) => row.key === keyOf(context)).map((row) => row.thread);
      return slice(own, page);
    },
    async deleteThread(context, threadId) {
      if (find(context, threadId)) rows.delete(threadId);
    },
    async loadItems(context, threadId, page) {
      const row = find(context, threadId);
      return row && slice(row.items, page);
    },
    async loadItem(context, threadId, itemId) {
      return structuredClone(find(context, threadId)?.items.find((item) => item.id === itemId));
    },
    async saveItem(context, threadId, item) {
      const row = find(context, threadId);
      if (!row) return false;
      const index = row.items.findIndex((known) => known.id === item.id);
      if (index === -1) row.items.push(structuredClone(item));
      else row.items[index] = { ...structuredClone(item), created_at: row.items[index]?.created_at ?? item.created_at };
      return true;
    },
    async deleteItem(context, threadId, itemId) {
      const row = find(context, threadId);
      if (row) row.items = row.items.filter((item) => item.id !== itemId);
    },
  };
}

function slice<T extends { id: string; created_at: string }>(entries: T[], page: PageRequest): Page<T> | undefined {
  // A stable sort keeps the order of insertion among entries of one moment.
  const ascending = entries.toSorted((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at));
  const ordered = page.order === 'asc' ? ascending : ascending.toReversed();
  const start = page.after === undefined ? 0 : ordered.findIndex((entry) => entry.id === page.after) + 1;
  if (page.after !== undefined && start === 0) return undefined;
  const data = structuredClone(ordered.slice(start, start + page.limit));
  const last = data.at(-1);
  const hasMore = start + data.length < ordered.length;
  return { data, has_more: hasMore, ...(hasMore && last && { after: last.id }) };
}
