import type { ThreadItem } from '../../protocol/item.ts';
import type { Page, ThreadMetadata } from '../../protocol/thread.ts';
import type { PageRequest, Store, StoredAttachment } from '../chatkit/store.ts';
import type { Context } from '../context.ts';
import type { Database, Result, SqlValue, Statement } from './database.ts';
import { attachmentFromBody, itemFromBody, threadFromBody, toMillis } from './thread-rows.ts';

/** The port on SQL. Every statement is bound to the site and the owner of its context. */
export function createThreadStore(db: Database): Store<Context> {
  return {
    async loadThread(context, threadId) {
      const [found] = await db.read([
        {
          sql: 'SELECT body FROM threads WHERE site_id = ? AND owner = ? AND id = ?',
          args: [...scope(context), threadId],
        },
      ]);
      return mapFirst(found, threadFromBody);
    },

    async createThread(context, thread, item, attachments) {
      await db.write([
        upsertThread(context, thread),
        ...attachments.map((attachment) => upsertAttachment(context, attachment)),
        upsertItem(context, thread.id, item),
      ]);
    },

    async saveThread(context, thread) {
      const [saved] = await db.write([upsertThread(context, thread)]);
      return saved?.rowsAffected === 1;
    },

    async loadThreads(context, page) {
      return loadPage(
        db,
        { table: 'threads', key: 'site_id = ? AND owner = ?', args: scope(context) },
        page,
        threadFromBody,
      );
    },

    async deleteThread(context, threadId) {
      const args = [...scope(context), threadId];
      const [attachments] = await db.write([
        { sql: 'DELETE FROM attachments WHERE site_id = ? AND owner = ? AND thread_id = ? RETURNING id', args },
        { sql: 'DELETE FROM feedback WHERE site_id = ? AND owner = ? AND thread_id = ?', args },
        { sql: 'DELETE FROM approvals WHERE site_id = ? AND owner = ? AND thread_id = ?', args },
        { sql: 'DELETE FROM items WHERE site_id = ? AND owner = ? AND thread_id = ?', args },
        { sql: 'DELETE FROM threads WHERE site_id = ? AND owner = ? AND id = ?', args },
      ]);
      return (attachments?.rows ?? []).map((row) => String(row['id']));
    },

    async loadItems(context, threadId, page) {
      const args = [...scope(context), threadId];
      const list = { table: 'items', key: 'site_id = ? AND owner = ? AND thread_id = ?', args };
      const parent = { sql: 'SELECT 1 FROM threads WHERE site_id = ? AND owner = ? AND id = ?', args };
      return loadPage(db, list, page, itemFromBody, parent);
    },

    async loadItem(context, threadId, itemId) {
      const [found] = await db.read([
        {
          sql: 'SELECT body FROM items WHERE site_id = ? AND owner = ? AND thread_id = ? AND id = ?',
          args: [...scope(context), threadId, itemId],
        },
      ]);
      return mapFirst(found, itemFromBody);
    },

    async saveItem(context, threadId, item) {
      const [saved] = await db.write([upsertItem(context, threadId, item)]);
      return saved?.rowsAffected === 1;
    },

    async deleteItem(context, threadId, itemId) {
      const args = [...scope(context), threadId, itemId];
      await db.write([
        { sql: 'DELETE FROM feedback WHERE site_id = ? AND owner = ? AND thread_id = ? AND turn_id = ?', args },
        { sql: 'DELETE FROM feedback WHERE site_id = ? AND owner = ? AND thread_id = ? AND item_id = ?', args },
        { sql: 'DELETE FROM approvals WHERE site_id = ? AND owner = ? AND thread_id = ? AND id = ?', args },
        { sql: 'DELETE FROM items WHERE site_id = ? AND owner = ? AND thread_id = ? AND id = ?', args },
      ]);
    },

    async loadAttachment(context, attachmentId) {
      const [found] = await db.read([
        {
          sql: 'SELECT body FROM attachments WHERE site_id = ? AND owner = ? AND id = ?',
          args: [...scope(context), attachmentId],
        },
      ]);
      return mapFirst(found, attachmentFromBody);
    },

    async saveAttachment(context, attachment) {
      const [saved] = await db.write([upsertAttachment(context, attachment)]);
      return saved?.rowsAffected === 1;
    },

    async deleteAttachment(context, attachmentId) {
      await db.write([
        {
          sql: 'DELETE FROM attachments WHERE site_id = ? AND owner = ? AND id = ?',
          args: [...scope(context), attachmentId],
        },
      ]);
    },
  };
}

function scope(context: Context): [string, string] {
  return [context.site.id, context.owner];
}

function upsertThread(context: Context, thread: ThreadMetadata): Statement {
  return {
    // The order column keeps its first value: replacing a thread does not move it.
    sql: `INSERT INTO threads (site_id, owner, id, created_at, body) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET body = excluded.body
      WHERE site_id = excluded.site_id AND owner = excluded.owner`,
    args: [...scope(context), thread.id, toMillis(thread.created_at), threadBody(thread)],
  };
}

function upsertItem(context: Context, threadId: string, item: ThreadItem): Statement {
  return {
    sql: `INSERT INTO items (site_id, owner, thread_id, id, created_at, body)
      SELECT site_id, owner, id, ?, ?, ? FROM threads WHERE site_id = ? AND owner = ? AND id = ?
      ON CONFLICT (site_id, owner, thread_id, id) DO UPDATE SET body = excluded.body`,
    args: [item.id, toMillis(item.created_at), JSON.stringify(item), ...scope(context), threadId],
  };
}

function upsertAttachment(context: Context, attachment: StoredAttachment): Statement {
  return {
    sql: `INSERT INTO attachments (site_id, owner, id, thread_id, created_at, body)
      VALUES (?, ?, ?, ?, unixepoch() * 1000, ?)
      ON CONFLICT (id) DO UPDATE SET thread_id = excluded.thread_id, body = excluded.body
      WHERE site_id = excluded.site_id AND owner = excluded.owner`,
    args: [...scope(context), attachment.id, attachment.thread_id ?? null, attachmentBody(attachment)],
  };
}

/** A thread is often passed with its items, which have rows of their own. */
function threadBody(thread: ThreadMetadata & { items?: Page<ThreadItem> }): string {
  return JSON.stringify({ ...thread, items: undefined });
}

/** The headers of an upload carry its credential, and only who uploads needs them. */
function attachmentBody({ upload_descriptor: upload, ...attachment }: StoredAttachment): string {
  return JSON.stringify({ ...attachment, ...(upload && { upload_descriptor: { ...upload, headers: {} } }) });
}

function mapFirst<T>(result: Result | undefined, map: (body: unknown) => T): T | undefined {
  const row = result?.rows[0];
  return row && map(row['body']);
}

/** A list of rows with `id`, `created_at`, `seq` and `body`, and what selects it. */
interface List {
  table: string;
  key: string;
  args: SqlValue[];
}

/**
 * One slice of a list, and in the same state of the data whether the thread it hangs on and the cursor are there.
 * One row more than asked is read, to know whether more follow.
 */
async function loadPage<T extends { id: string }>(
  db: Database,
  { table, key, args }: List,
  { limit, order, after }: PageRequest,
  map: (body: unknown) => T,
  parent?: Statement,
): Promise<Page<T> | undefined> {
  const [sign, direction] = order === 'asc' ? ['>', 'ASC'] : ['<', 'DESC'];
  const place = `FROM ${table} WHERE ${key} AND id = ?`;
  const slice: Statement =
    after === undefined
      ? { sql: `SELECT body FROM ${table} WHERE ${key}`, args: [...args] }
      : {
          sql: `SELECT body FROM ${table} WHERE ${key} AND (created_at, seq) ${sign} (SELECT created_at, seq ${place})`,
          args: [...args, ...args, after],
        };
  slice.sql += ` ORDER BY created_at ${direction}, seq ${direction} LIMIT ?`;
  slice.args.push(limit + 1);

  const mustExist = parent ? [parent] : [];
  if (after !== undefined) mustExist.push({ sql: `SELECT 1 ${place}`, args: [...args, after] });
  const results = await db.read([...mustExist, slice]);
  const rows = results.pop()?.rows ?? [];
  if (results.some((result) => result.rows.length === 0)) return undefined;

  const data = rows.slice(0, limit).map((row) => map(row['body']));
  const lastId = data.at(-1)?.id;
  return rows.length > limit && lastId !== undefined
    ? { data, has_more: true, after: lastId }
    : { data, has_more: false };
}
