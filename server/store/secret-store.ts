import type { SecretStore } from '../auth/site-secrets.ts';
import type { Database } from './database.ts';

export function createSecretStore(db: Database): SecretStore {
  return {
    async loadSecrets(siteId) {
      const [found] = await db.read([
        {
          sql: 'SELECT id, wrapped, created_at FROM site_secrets WHERE site_id = ? ORDER BY seq DESC',
          args: [siteId],
        },
      ]);
      return (found?.rows ?? []).map((row) => ({
        id: String(row['id']),
        wrapped: String(row['wrapped']),
        createdAt: Number(row['created_at']),
      }));
    },
    async saveSecret(siteId, { id, wrapped, createdAt }, max) {
      await db.write([
        {
          sql: 'INSERT INTO site_secrets (site_id, id, wrapped, created_at) VALUES (?, ?, ?, ?)',
          args: [siteId, id, wrapped, createdAt],
        },
        {
          sql: `DELETE FROM site_secrets WHERE site_id = ? AND seq NOT IN (
            SELECT seq FROM site_secrets WHERE site_id = ? ORDER BY seq DESC LIMIT ?)`,
          args: [siteId, siteId, max],
        },
      ]);
    },
    async deleteSecret(siteId, id) {
      const [done] = await db.write([
        { sql: 'DELETE FROM site_secrets WHERE site_id = ? AND id = ?', args: [siteId, id] },
      ]);
      return done?.rowsAffected === 1;
    },
  };
}
