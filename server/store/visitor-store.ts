import type { VisitorStore } from '../auth/visitors.ts';
import type { Database } from './database.ts';

export function createVisitorStore(db: Database): VisitorStore {
  return {
    async loadVisitor({ tokenHash, siteId, origin }) {
      const [found] = await db.read([
        {
          sql: 'SELECT id, seen_at FROM visitors WHERE token_hash = ? AND site_id = ? AND origin = ?',
          args: [tokenHash, siteId, origin],
        },
      ]);
      const row = found?.rows[0];
      return row && { id: String(row['id']), seenAt: Number(row['seen_at']) };
    },
    async saveVisitor({ tokenHash, siteId, origin }, { id, seenAt }) {
      await db.write([
        {
          sql: `INSERT INTO visitors (token_hash, id, site_id, origin, seen_at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (token_hash) DO UPDATE SET seen_at = excluded.seen_at
            WHERE site_id = excluded.site_id AND origin = excluded.origin`,
          args: [tokenHash, id, siteId, origin, seenAt],
        },
      ]);
    },
  };
}
