import type { Context } from '../context.ts';
import type { Database } from './database.ts';

/** What visitors thought of answers: the last word on each item counts. */
export interface FeedbackStore {
  /** Items that are not this owner's, or not there, are passed over. */
  saveFeedback(context: Context, threadId: string, itemIds: string[], kind: 'positive' | 'negative'): Promise<void>;
}

export function createFeedbackStore(db: Database): FeedbackStore {
  return {
    async saveFeedback({ site, owner }, threadId, itemIds, kind) {
      if (itemIds.length === 0) return;
      await db.write(
        itemIds.map((itemId) => ({
          sql: `INSERT INTO feedback (site_id, owner, thread_id, item_id, kind)
            SELECT site_id, owner, thread_id, id, ? FROM items
            WHERE site_id = ? AND owner = ? AND thread_id = ? AND id = ?
            ON CONFLICT (site_id, owner, thread_id, item_id) DO UPDATE SET kind = excluded.kind`,
          args: [kind, site.id, owner, threadId, itemId],
        })),
      );
    },
  };
}
