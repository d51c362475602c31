import type { SiteTokenStore } from '../auth/site-tokens.ts';
import type { Database } from './database.ts';

export function createSiteTokenStore(db: Database): SiteTokenStore {
  return {
    async hasToken(siteId, id) {
      const [found] = await db.read([
        { sql: 'SELECT 1 FROM site_tokens WHERE site_id = ? AND id = ?', args: [siteId, id] },
      ]);
      return found?.rows.length === 1;
    },
    async loadTokens(siteId) {
      const [found] = await db.read([
        {
          sql: `SELECT id, issued_at, expires_at, origins FROM site_tokens
            WHERE site_id = ? ORDER BY issued_at DESC, id`,
          args: [siteId],
        },
      ]);
      return (found?.rows ?? []).map((row) => ({
        id: String(row['id']),
        issuedAt: Number(row['issued_at']),
        expiresAt: Number(row['expires_at']),
        origins: JSON.parse(String(row['origins'])) as string[],
      }));
    },
    async saveToken(siteId, { id, issuedAt, expiresAt, origins }) {
      await db.write([
        {
          sql: 'INSERT INTO site_tokens (site_id, id, issued_at, expires_at, origins) VALUES (?, ?, ?, ?, ?)',
          args: [siteId, id, issuedAt, expiresAt, JSON.stringify(origins)],
        },
      ]);
    },
    async deleteTokens(siteId, id) {
      const [done] = await db.write([
        id === undefined
          ? { sql: 'DELETE FROM site_tokens WHERE site_id = ?', args: [siteId] }
          : { sql: 'DELETE FROM site_tokens WHERE site_id = ? AND id = ?', args: [siteId, id] },
      ]);
      return done?.rowsAffected ?? 0;
    },
  };
}
