import type { KnownTool, ToolStore } from '../agent/mcp/tool-pins.ts';
import type { Database } from './database.ts';

export function createToolStore(db: Database): ToolStore {
  return {
    async loadTools(siteId, server) {
      const sql = `SELECT name, pinned_hash, hash, definition, seen_at FROM mcp_tools
        WHERE site_id = ? AND server = ? ORDER BY name`;
      const [found] = await db.read([{ sql, args: [siteId, server] }]);
      return (found?.rows ?? []).map(toKnownTool);
    },
    async saveTools(siteId, server, tools) {
      const sql = `INSERT INTO mcp_tools (site_id, server, name, pinned_hash, hash, definition, seen_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (site_id, server, name) DO UPDATE SET pinned_hash = excluded.pinned_hash, hash = excluded.hash,
          definition = excluded.definition, seen_at = excluded.seen_at`;
      await db.write(
        tools.map(({ name, pinnedHash, hash, definition, seenAt }) => ({
          sql,
          args: [siteId, server, name, pinnedHash ?? null, hash, definition, seenAt],
        })),
      );
    },
  };
}

function toKnownTool(row: Record<string, unknown>): KnownTool {
  const pinnedHash = row['pinned_hash'];
  return {
    name: String(row['name']),
    hash: String(row['hash']),
    definition: String(row['definition']),
    seenAt: Number(row['seen_at']),
    ...(typeof pinnedHash === 'string' && { pinnedHash }),
  };
}
