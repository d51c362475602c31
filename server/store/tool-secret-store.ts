import type { ToolSecretStore } from '../auth/tool-secrets.ts';
import type { Database } from './database.ts';

export function createToolSecretStore(db: Database): ToolSecretStore {
  return {
    async loadToolSecret(siteId, server) {
      const [found] = await db.read([
        { sql: 'SELECT wrapped FROM mcp_secrets WHERE site_id = ? AND server = ?', args: [siteId, server] },
      ]);
      const wrapped = found?.rows[0]?.['wrapped'];
      return typeof wrapped === 'string' ? wrapped : undefined;
    },
    async saveToolSecret(siteId, server, wrapped, createdAt) {
      const sql = `INSERT INTO mcp_secrets (site_id, server, wrapped, created_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (site_id, server) DO UPDATE SET wrapped = excluded.wrapped, created_at = excluded.created_at`;
      await db.write([{ sql, args: [siteId, server, wrapped, createdAt] }]);
    },
    async deleteToolSecret(siteId, server) {
      const [done] = await db.write([
        { sql: 'DELETE FROM mcp_secrets WHERE site_id = ? AND server = ?', args: [siteId, server] },
      ]);
      return done?.rowsAffected === 1;
    },
  };
}
