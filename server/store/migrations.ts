/**
 * The schema as a list of steps; step n of the list leads to schema version n. A step that was released is never
 * edited: what it made is out there. Order columns (`created_at` of threads and items) are milliseconds, because ISO
 * strings of different precision or zone do not sort; `seq` is the rowid, so it breaks ties by insertion and stands
 * at the end of every index already. Site and owner lead each index of what a visitor owns.
 */
export const MIGRATIONS: readonly (readonly string[])[] = [
  [
    `CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), checked_at INTEGER NOT NULL) STRICT`,
    `CREATE TABLE keys (
      kid TEXT PRIMARY KEY,
      public_key TEXT NOT NULL,
      wrapped_private_key TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE sites (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      epoch INTEGER NOT NULL,
      settings TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE site_origins (
      site_id TEXT NOT NULL,
      position INTEGER NOT NULL,
      origin TEXT NOT NULL,
      PRIMARY KEY (site_id, position)
    ) STRICT, WITHOUT ROWID`,
    `CREATE INDEX site_origins_by_origin ON site_origins (origin)`,
    `CREATE TABLE visitors (
      token_hash TEXT PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      site_id TEXT NOT NULL,
      origin TEXT NOT NULL,
      seen_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE threads (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      site_id TEXT NOT NULL,
      owner TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      body TEXT NOT NULL
    ) STRICT`,
    `CREATE INDEX threads_by_time ON threads (site_id, owner, created_at)`,
    `CREATE TABLE items (
      seq INTEGER PRIMARY KEY,
      site_id TEXT NOT NULL,
      owner TEXT NOT NULL,
      thread_id TEXT NOT NULL,
      id TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      body TEXT NOT NULL,
      UNIQUE (site_id, owner, thread_id, id)
    ) STRICT`,
    `CREATE INDEX items_by_time ON items (site_id, owner, thread_id, created_at)`,
    `CREATE TABLE feedback (
      site_id TEXT NOT NULL,
      owner TEXT NOT NULL,
      thread_id TEXT NOT NULL,
      item_id TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('positive', 'negative')),
      PRIMARY KEY (site_id, owner, thread_id, item_id)
    ) STRICT, WITHOUT ROWID`,
  ],
  [
    `CREATE TABLE attachments (
      id TEXT PRIMARY KEY,
      site_id TEXT NOT NULL,
      owner TEXT NOT NULL,
      thread_id TEXT,
      created_at INTEGER NOT NULL,
      body TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`,
    `CREATE INDEX attachments_by_thread ON attachments (site_id, owner, thread_id)`,
  ],
  [
    // One rating a turn. The item that was rated stays beside it: an answer that is made anew takes its rating along.
    `CREATE TABLE turn_feedback (
      site_id TEXT NOT NULL,
      owner TEXT NOT NULL,
      thread_id TEXT NOT NULL,
      turn_id TEXT NOT NULL,
      item_id TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('positive', 'negative')),
      PRIMARY KEY (site_id, owner, thread_id, turn_id)
    ) STRICT, WITHOUT ROWID`,
    `INSERT OR REPLACE INTO turn_feedback
      SELECT site_id, owner, thread_id, turn_id, item_id, kind FROM (
        SELECT feedback.*, rated.created_at, rated.seq, (
          SELECT turn.id FROM items AS turn
          WHERE turn.site_id = rated.site_id AND turn.owner = rated.owner AND turn.thread_id = rated.thread_id
            AND (turn.created_at, turn.seq) <= (rated.created_at, rated.seq)
            AND turn.body ->> '$.type' = 'user_message'
          ORDER BY turn.created_at DESC, turn.seq DESC LIMIT 1
        ) AS turn_id
        FROM feedback JOIN items AS rated ON rated.site_id = feedback.site_id AND rated.owner = feedback.owner
          AND rated.thread_id = feedback.thread_id AND rated.id = feedback.item_id
      ) WHERE turn_id IS NOT NULL ORDER BY created_at, seq`,
    `DROP TABLE feedback`,
    `ALTER TABLE turn_feedback RENAME TO feedback`,
  ],
  [
    `CREATE INDEX attachments_unused ON attachments (created_at) WHERE thread_id IS NULL`,
    `CREATE INDEX attachments_by_preview ON attachments (json_extract(body, '$.metadata.preview_key'))`,
    `CREATE TABLE removed_attachments (
      id TEXT PRIMARY KEY,
      site_id TEXT NOT NULL,
      owner TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`,
    `CREATE TRIGGER attachments_removed AFTER DELETE ON attachments BEGIN
      INSERT OR IGNORE INTO removed_attachments (id, site_id, owner) VALUES (old.id, old.site_id, old.owner);
    END`,
  ],
  [
    `CREATE TABLE site_secrets (
      seq INTEGER PRIMARY KEY,
      site_id TEXT NOT NULL,
      id TEXT NOT NULL,
      wrapped TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      UNIQUE (site_id, id)
    ) STRICT`,
  ],
  [
    `ALTER TABLE keys ADD COLUMN signs_from INTEGER NOT NULL DEFAULT 0`,
    `ALTER TABLE keys ADD COLUMN revoked_at INTEGER`,
    `UPDATE keys SET signs_from = created_at`,
  ],
  [
    `CREATE TABLE site_tokens (
      site_id TEXT NOT NULL,
      id TEXT NOT NULL,
      issued_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      origins TEXT NOT NULL,
      PRIMARY KEY (site_id, id)
    ) STRICT, WITHOUT ROWID`,
  ],
  [
    `ALTER TABLE visitors ADD COLUMN user_owner TEXT`,
    `ALTER TABLE visitors ADD COLUMN user_body TEXT`,
    `ALTER TABLE visitors ADD COLUMN signed_in_at INTEGER`,
  ],
  [
    `CREATE TABLE approvals (
      site_id TEXT NOT NULL,
      owner TEXT NOT NULL,
      thread_id TEXT NOT NULL,
      id TEXT NOT NULL,
      hash TEXT NOT NULL,
      call TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      verdict TEXT CHECK (verdict IN ('approved', 'declined')),
      decided_at INTEGER,
      PRIMARY KEY (site_id, owner, thread_id, id)
    ) STRICT, WITHOUT ROWID`,
  ],
  [
    `CREATE TABLE mcp_tools (
      site_id TEXT NOT NULL,
      server TEXT NOT NULL,
      name TEXT NOT NULL,
      pinned_hash TEXT,
      hash TEXT NOT NULL,
      definition TEXT NOT NULL,
      seen_at INTEGER NOT NULL,
      PRIMARY KEY (site_id, server, name)
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE mcp_secrets (
      site_id TEXT NOT NULL,
      server TEXT NOT NULL,
      wrapped TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      PRIMARY KEY (site_id, server)
    ) STRICT, WITHOUT ROWID`,
    `ALTER TABLE visitors ADD COLUMN user_token TEXT`,
    `ALTER TABLE visitors ADD COLUMN user_token_expires_at INTEGER`,
    `CREATE INDEX visitors_by_token_end ON visitors (user_token_expires_at) WHERE user_token IS NOT NULL`,
  ],
];
