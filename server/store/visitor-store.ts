import type { Visitor, VisitorStore } from '../auth/visitors.ts';
import type { User } from '../context.ts';
import type { Database, Result, Statement } from './database.ts';

const COLUMNS = 'id, seen_at, user_owner, user_body, signed_in_at, user_token, user_token_expires_at';
/** What a visitor owns. Files on disk go by their ids. */
const OWNED = ['threads', 'items', 'feedback', 'attachments', 'removed_attachments', 'approvals'] as const;

export function createVisitorStore(db: Database): VisitorStore {
  return {
    async loadVisitor({ tokenHash, siteId, origin }) {
      const sql = `SELECT ${COLUMNS} FROM visitors WHERE token_hash = ? AND site_id = ? AND origin = ?`;
      return toVisitor(await db.read([{ sql, args: [tokenHash, siteId, origin] }]));
    },

    async findVisitor(siteId, id) {
      const sql = `SELECT ${COLUMNS} FROM visitors WHERE site_id = ? AND id = ?`;
      return toVisitor(await db.read([{ sql, args: [siteId, id] }]));
    },

    async saveVisitor(key, visitor) {
      await db.write([save(key, visitor)]);
    },

    async replaceVisitor({ siteId, id, newOwner }, key, next) {
      const moves = newOwner === undefined ? [] : OWNED.map((table) => moveOwned(table, siteId, id, newOwner));
      await db.write([save(key, next), ...moves, end(siteId, id)]);
    },

    async endVisitor(siteId, id) {
      await db.write([end(siteId, id)]);
    },

    async dropTokens(endedBy) {
      const sql = `UPDATE visitors SET user_token = NULL, user_token_expires_at = NULL
        WHERE user_token_expires_at <= ? AND user_token IS NOT NULL`;
      await db.write([{ sql, args: [endedBy] }]);
    },
  };
}

function save(
  { tokenHash, siteId, origin }: Parameters<VisitorStore['saveVisitor']>[0],
  { id, seenAt, signIn }: Visitor,
): Statement {
  return {
    sql: `INSERT INTO visitors (token_hash, id, site_id, origin, seen_at, user_owner, user_body, signed_in_at,
        user_token, user_token_expires_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (token_hash) DO UPDATE
      SET seen_at = excluded.seen_at, user_body = excluded.user_body, signed_in_at = excluded.signed_in_at,
        user_token = excluded.user_token, user_token_expires_at = excluded.user_token_expires_at
      WHERE site_id = excluded.site_id AND origin = excluded.origin`,
    args: [
      tokenHash,
      id,
      siteId,
      origin,
      seenAt,
      signIn?.owner ?? null,
      signIn ? JSON.stringify(signIn.user) : null,
      signIn?.at ?? null,
      signIn?.token?.wrapped ?? null,
      signIn?.token?.expiresAt ?? null,
    ],
  };
}

/** The only statements that write another owner than they read. */
function moveOwned(table: (typeof OWNED)[number], siteId: string, from: string, to: string): Statement {
  return { sql: `UPDATE ${table} SET owner = ? WHERE site_id = ? AND owner = ?`, args: [to, siteId, from] };
}

function end(siteId: string, id: string): Statement {
  return { sql: 'DELETE FROM visitors WHERE site_id = ? AND id = ?', args: [siteId, id] };
}

function toVisitor([found]: Result[]): Visitor | undefined {
  const row = found?.rows[0];
  if (!row) return undefined;
  const visitor = { id: String(row['id']), seenAt: Number(row['seen_at']) };
  const owner = row['user_owner'];
  if (typeof owner !== 'string') return visitor;
  const wrapped = row['user_token'];
  const token = typeof wrapped === 'string' && { wrapped, expiresAt: Number(row['user_token_expires_at']) };
  return {
    ...visitor,
    signIn: {
      owner,
      user: JSON.parse(String(row['user_body'])) as User,
      at: Number(row['signed_in_at']),
      ...(token && { token }),
    },
  };
}
