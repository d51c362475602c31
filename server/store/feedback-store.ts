import type { Context } from '../context.ts';
import type { Database } from './database.ts';

/** What visitors thought of answers: the last word on each turn counts. */
export interface FeedbackStore {
  /**
   * Keeps a rating with the turn that the items are of, however many of its items a client names. Items that are not
   * this owner's, not there, or before any message of the visitor are passed over.
   */
  saveFeedback(context: Context, threadId: string, itemIds: string[], kind: 'positive' | 'negative'): Promise<void>;
}

export function createFeedbackStore(db: Database): FeedbackStore {
  return {
    async saveFeedback({ site, owner }, threadId, itemIds, kind) {
      if (itemIds.length === 0) return;
      await db.write(
        itemIds.map((itemId) => ({
          sql: `INSERT INTO feedback (site_id, owner, thread_id, turn_id, item_id, kind)
            SELECT site_id, owner, thread_id, turn_id, id, ? FROM (
              SELECT site_id, owner, thread_id, id, ${turnOf('rated')} AS turn_id FROM items AS rated
              WHERE site_id = ? AND owner = ? AND thread_id = ? AND id = ?
            ) WHERE turn_id IS NOT NULL
            ON CONFLICT (site_id, owner, thread_id, turn_id)
            DO UPDATE SET item_id = excluded.item_id, kind = excluded.kind`,
          args: [kind, site.id, owner, threadId, itemId],
        })),
      );
    },
  };
}

/** The id of the visitor's message that began the turn of an item: the newest one up to it. */
function turnOf(item: string): string {
  return `(
    SELECT turn.id FROM items AS turn
    WHERE turn.site_id = ${item}.site_id AND turn.owner = ${item}.owner AND turn.thread_id = ${item}.thread_id
      AND (turn.created_at, turn.seq) <= (${item}.created_at, ${item}.seq)
      AND turn.body ->> '$.type' = 'user_message'
    ORDER BY turn.created_at DESC, turn.seq DESC LIMIT 1
  )`;
}
