import type { SiteStore } from '../sites/registry.ts';
import type { Database } from './database.ts';

export function createSiteStore(db: Database): SiteStore {
  return {
    async loadSite(siteId) {
      const [sites, origins] = await db.read([
        { sql: 'SELECT id, name, epoch, settings FROM sites WHERE id = ?', args: [siteId] },
        { sql: 'SELECT origin FROM site_origins WHERE site_id = ? ORDER BY position', args: [siteId] },
      ]);
      const row = sites?.rows[0];
      if (!row) return undefined;
      const settings: unknown = JSON.parse(String(row['settings']));
      return {
        id: row['id'],
        name: row['name'],
        epoch: row['epoch'],
        origins: origins?.rows.map(({ origin }) => origin),
        settings,
      };
    },
    async hasOrigin(entry) {
      const [found] = await db.read([{ sql: 'SELECT 1 FROM site_origins WHERE origin = ? LIMIT 1', args: [entry] }]);
      return found?.rows.length === 1;
    },
    async saveSite({ id, name, epoch, settings, origins }) {
      await db.write([
        {
          sql: `INSERT INTO sites (id, name, epoch, settings) VALUES (?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, epoch = excluded.epoch, settings = excluded.settings`,
          args: [id, name, epoch, JSON.stringify(settings)],
        },
        { sql: 'DELETE FROM site_origins WHERE site_id = ?', args: [id] },
        ...origins.map((origin, position) => ({
          sql: 'INSERT INTO site_origins (site_id, position, origin) VALUES (?, ?, ?)',
          args: [id, position, origin],
        })),
      ]);
    },
  };
}
