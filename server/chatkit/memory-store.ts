import type { ThreadItem } from '../../protocol/item.ts';
import type { Page, ThreadMetadata } from '../../protocol/thread.ts';
import type { PageRequest, Store, StoredAttachment } from './store.ts';

interface Entry<T> {
  /** When it was first saved, by its own word: replacing it does not move it. */
  at: string;
  value: T;
}

interface Row extends Entry<ThreadMetadata> {
  key: string;
  items: Entry<ThreadItem>[];
}

/**
 * The store contract without a database, for first steps and for tests: it forgets everything with its process.
 * `ownerOf` names whose rows a context may see. Everything in and out is a copy.
 */
export function createMemoryStore<Context>(ownerOf: (context: Context) => string): Store<Context> {
  const rows = new Map<string, Row>();
  const attachments = new Map<string, { key: string; value: StoredAttachment }>();
  const find = (context: Context, threadId: string) => {
    const row = rows.get(threadId);
    return row?.key === ownerOf(context) ? row : undefined;
  };
  return {
    async loadThread(context, threadId) {
      return structuredClone(find(context, threadId)?.value);
    },
    async createThread(context, thread, item, attachments) {
      await this.saveThread(context, thread);
      for (const attachment of attachments) await this.saveAttachment(context, attachment);
      await this.saveItem(context, thread.id, item);
    },
    async saveThread(context, thread) {
      const row = rows.get(thread.id);
      if (row && row.key !== ownerOf(context)) return false;
      const { items: _, ...value } = structuredClone<ThreadMetadata & { items?: unknown }>(thread);
      if (row) row.value = value;
      else rows.set(thread.id, { key: ownerOf(context), at: thread.created_at, value, items: [] });
      return true;
    },
    async loadThreads(context, page) {
      return slice(
        [...rows.values()].filter((row) => row.key === ownerOf(context)),
        page,
      );
    },
    async deleteThread(context, threadId) {
      if (find(context, threadId)) rows.delete(threadId);
      const gone = [...attachments.values()].filter(
        ({ key, value }) => key === ownerOf(context) && value.thread_id === threadId,
      );
      for (const { value } of gone) attachments.delete(value.id);
      return gone.map(({ value }) => value.id);
    },
    async loadItems(context, threadId, page) {
      const row = find(context, threadId);
      return row && slice(row.items, page);
    },
    async loadItem(context, threadId, itemId) {
      return structuredClone(find(context, threadId)?.items.find(({ value }) => value.id === itemId)?.value);
    },
    async saveItem(context, threadId, item) {
      const row = find(context, threadId);
      if (!row) return false;
      const known = row.items.find(({ value }) => value.id === item.id);
      if (known) known.value = structuredClone(item);
      else row.items.push({ at: item.created_at, value: structuredClone(item) });
      return true;
    },
    async deleteItem(context, threadId, itemId) {
      const row = find(context, threadId);
      if (row) row.items = row.items.filter(({ value }) => value.id !== itemId);
    },
    async loadAttachment(context, attachmentId) {
      const found = attachments.get(attachmentId);
      return found?.key === ownerOf(context) ? structuredClone(found.value) : undefined;
    },
    async saveAttachment(context, attachment) {
      const found = attachments.get(attachment.id);
      if (found && found.key !== ownerOf(context)) return false;
      const value = structuredClone(attachment);
      // They carry the credential of an upload.
      if (value.upload_descriptor) value.upload_descriptor.headers = {};
      attachments.set(attachment.id, { key: ownerOf(context), value });
      return true;
    },
    async deleteAttachment(context, attachmentId) {
      if (attachments.get(attachmentId)?.key === ownerOf(context)) attachments.delete(attachmentId);
    },
  };
}

function slice<T extends { id: string }>(entries: Entry<T>[], page: PageRequest): Page<T> | undefined {
  // A stable sort keeps the order of insertion among entries of one moment.
  const ascending = entries.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)).map(({ value }) => value);
  const ordered = page.order === 'asc' ? ascending : ascending.toReversed();
  const start = page.after === undefined ? 0 : ordered.findIndex(({ id }) => id === page.after) + 1;
  if (page.after !== undefined && start === 0) return undefined;
  const data = structuredClone(ordered.slice(start, start + page.limit));
  const last = data.at(-1);
  const hasMore = start + data.length < ordered.length;
  return { data, has_more: hasMore, ...(hasMore && last && { after: last.id }) };
}
