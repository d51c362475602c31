import type { SiteStore } from '../sites/registry.ts';
import type { Database, Statement } from './database.ts';

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
    async loadSiteIds() {
      const [found] = await db.read([{ sql: 'SELECT id FROM sites ORDER BY id', args: [] }]);
      return (found?.rows ?? []).map(({ id }) => String(id));
    },
    async hasOrigin(entry) {
      const [found] = await db.read([{ sql: 'SELECT 1 FROM site_origins WHERE origin = ? LIMIT 1', args: [entry] }]);
      return found?.rows.length === 1;
    },
    async saveSite({ id, name, epoch, settings, origins }) {
      await db.write([
        {
          // An epoch never falls: sessions that were ended would live again.
          sql: `INSERT INTO sites (id, name, epoch, settings) VALUES (?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, epoch = max(epoch, excluded.epoch),
              settings = excluded.settings`,
          args: [id, name, epoch, JSON.stringify(settings)],
        },
        { sql: 'DELETE FROM site_origins WHERE site_id = ?', args: [id] },
        ...origins.map((origin, position) => ({
          sql: 'INSERT INTO site_origins (site_id, position, origin) VALUES (?, ?, ?)',
          args: [id, position, origin],
        })),
      ]);
    },
    async raiseEpoch(siteId) {
      await db.write([{ sql: 'UPDATE sites SET epoch = epoch + 1 WHERE id = ?', args: [siteId] }]);
    },
    async deleteSite(siteId) {
      const [done] = await db.write(EVERYTHING_OF_A_SITE.map((sql): Statement => ({ sql, args: [siteId] })));
      return done?.rowsAffected === 1;
    },
  };
}

/** The site first; what its visitors own with it. The bytes of its attachments follow at the next sweep. */
const EVERYTHING_OF_A_SITE = [
  'DELETE FROM sites WHERE id = ?',
  'DELETE FROM site_origins WHERE site_id = ?',
  'DELETE FROM site_tokens WHERE site_id = ?',
  'DELETE FROM site_secrets WHERE site_id = ?',
  'DELETE FROM mcp_secrets WHERE site_id = ?',
  'DELETE FROM mcp_tools WHERE site_id = ?',
  'DELETE FROM visitors WHERE site_id = ?',
  'DELETE FROM feedback WHERE site_id = ?',
  'DELETE FROM approvals WHERE site_id = ?',
  'DELETE FROM items WHERE site_id = ?',
  'DELETE FROM attachments WHERE site_id = ?',
  'DELETE FROM threads WHERE site_id = ?',
];
