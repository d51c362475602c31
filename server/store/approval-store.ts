import type { Approval, ApprovalStore, AskedCall, Verdict } from '../agent/approvals/approval.ts';
import type { Database } from './database.ts';

export function createApprovalStore(db: Database): ApprovalStore {
  return {
    async saveApproval({ site, owner }, threadId, cardId, { call, hash, createdAt }) {
      const [saved] = await db.write([
        {
          sql: `INSERT INTO approvals (site_id, owner, thread_id, id, hash, call, created_at)
            SELECT site_id, owner, id, ?, ?, ?, ? FROM threads WHERE site_id = ? AND owner = ? AND id = ?`,
          args: [cardId, hash, JSON.stringify(call), createdAt, site.id, owner, threadId],
        },
      ]);
      return saved?.rowsAffected === 1;
    },

    async loadApproval({ site, owner }, threadId, cardId) {
      const [found] = await db.read([
        {
          sql: `SELECT hash, call, created_at, verdict FROM approvals
            WHERE site_id = ? AND owner = ? AND thread_id = ? AND id = ?`,
          args: [site.id, owner, threadId, cardId],
        },
      ]);
      const row = found?.rows[0];
      return row && toApproval(row);
    },

    async decide({ site, owner }, threadId, cardId, { verdict, hash, at, notBefore }) {
      const [done] = await db.write([
        {
          sql: `UPDATE approvals SET verdict = ?, decided_at = ? WHERE site_id = ? AND owner = ? AND thread_id = ?
            AND id = ? AND hash = ? AND created_at >= ? AND verdict IS NULL`,
          args: [verdict, at, site.id, owner, threadId, cardId, hash, notBefore],
        },
      ]);
      return done?.rowsAffected === 1;
    },
  };
}

function toApproval(row: Record<string, unknown>): Approval {
  const { verdict } = row;
  return {
    call: JSON.parse(String(row['call'])) as AskedCall,
    hash: String(row['hash']),
    createdAt: Number(row['created_at']),
    ...(verdict !== null && { verdict: verdict as Verdict }),
  };
}
