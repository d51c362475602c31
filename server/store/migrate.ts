import type { Client } from '@libsql/client';

/** The database was written by a newer release than this program. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError';
}

/**
 * Brings the schema to the last step, one batch a step: a crash in the middle leaves a whole step done or not begun.
 * Throws `NewerSchemaError` before anything of the schema is touched.
 */
export async function migrate(client: Client, migrations: readonly (readonly string[])[]): Promise<void> {
  await client.batch(
    ['CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT'],
    'write',
  );
  const found = await currentVersion(client);
  if (found > migrations.length)
    throw new NewerSchemaError(
      `The database has schema ${found}, this program knows ${migrations.length}: it was written by a newer release. ` +
        'Start that release, or restore a backup from before the update.',
    );
  for (const [index, statements] of migrations.entries()) {
    const version = index + 1;
    if (version <= found) continue;
    try {
      await client.batch(
        // The version first: of two servers that start on one remote database, the second fails here and not halfway.
        [`INSERT INTO migrations (version, applied_at) VALUES (${version}, unixepoch())`, ...statements],
        'write',
      );
    } catch (error) {
      if ((await currentVersion(client)) < version) throw error;
    }
  }
}

async function currentVersion(client: Client): Promise<number> {
  const { rows } = await client.execute('SELECT coalesce(max(version), 0) AS version FROM migrations');
  return Number(rows[0]?.['version']);
}
