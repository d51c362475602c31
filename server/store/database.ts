import { type Client, createClient, LibsqlError } from '@libsql/client';
import { ApiError } from '../errors.ts';
import { fromEngineError } from './engine-error.ts';
import { migrate, NewerSchemaError } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';

/** What is safe to bind: the engine aborts the whole process on some other values. */
export type SqlValue = string | number | null;
export interface Statement {
  sql: string;
  args: SqlValue[];
}
export interface Result {
  rows: Record<string, unknown>[];
  rowsAffected: number;
}

/**
 * An open database. Both calls take statements that see one state of the data, and resolve to one result each; they
 * reject with `ApiError('storage_unavailable')` when the disk is full, the database is locked or read-only, or the
 * connection is lost, and work again by themselves once it is over.
 */
export interface Database {
  read(statements: Statement[]): Promise<Result[]>;
  /** All or nothing, durable when it resolves. */
  write(statements: Statement[]): Promise<Result[]>;
  /** Rejects when a write would be refused: for readiness. */
  checkWritable(): Promise<void>;
  /** Lets go of the file and leaves it as one, without a log beside it. */
  close(): Promise<void>;
}

/** Another process owns the file. */
export class DatabaseInUseError extends Error {
  override readonly name = 'DatabaseInUseError';
}

/** `locking_mode` first: so the first look at the file takes the lock, and no shared memory file is made. */
const OPENING = ['PRAGMA locking_mode = EXCLUSIVE', 'PRAGMA journal_mode = WAL', 'PRAGMA synchronous = FULL'];
/**
 * The engine closes a connection when its last statement is collected as garbage, so `close()` alone keeps the lock
 * for a while. The lock cannot change as long as there is a write-ahead log, and goes at the access after the change.
 */
const CLOSING = ['PRAGMA journal_mode = DELETE', 'PRAGMA locking_mode = NORMAL', 'SELECT id FROM probe'];

export interface DatabaseOptions {
  /** `file:…`, `:memory:`, or a remote `libsql:`, `https:`, `http:`, `wss:` or `ws:` URL. */
  url: string;
  authToken?: string;
}

/**
 * Opens the database and migrates it. A file belongs to one process: for a second one this rejects with an error that
 * names the file. Warm when it resolves: connected, schema loaded, one write done.
 */
export async function openDatabase({ url, authToken }: DatabaseOptions): Promise<Database> {
  let database: Database | undefined;
  try {
    // One connection: a second one of the same process would be shut out by the first one's exclusive lock.
    const client = createClient({ url, concurrency: 1, ...(authToken !== undefined && { authToken }) });
    const isFile = client.protocol === 'file';
    database = isFile ? onFile(client) : onServer(client);
    if (isFile) for (const pragma of OPENING) await client.execute(pragma);
    await migrate(client, MIGRATIONS);
    await database.checkWritable();
    return database;
  } catch (error) {
    await database?.close();
    throw openingError(url, error);
  }
}

function openingError(url: string, error: unknown): unknown {
  if (error instanceof NewerSchemaError) return error;
  // A remote URL may carry a token in its query.
  const [place] = url.split('?');
  if (error instanceof LibsqlError && error.code === 'SQLITE_BUSY')
    return new DatabaseInUseError(
      `The database ${place} is in use by another process. Stop that one first; it is usually an earlier \`npm start\`.`,
      { cause: error },
    );
  const why = error instanceof Error ? error.message : 'for an unknown reason';
  return new Error(`The database ${place} cannot be opened: ${why}`, { cause: error });
}

function onServer(client: Client): Database {
  return createDatabase(client, (action) => action(), []);
}

/**
 * Calls run one after the other, as on the one connection they would anyway: the client's own queue never wakes its
 * waiters when it drops a broken connection. The connection that replaces a dropped one has the engine's defaults, so
 * after any failure of the engine the pragmas are set again first.
 */
function onFile(client: Client): Database {
  let last: Promise<unknown> = Promise.resolve();
  let suspect = false;
  const run: Run = (action) => {
    const result = last.then(async () => {
      try {
        if (suspect) for (const pragma of OPENING) await client.execute(pragma);
        suspect = false;
        return await action();
      } catch (error) {
        suspect = true;
        throw error;
      }
    });
    last = result.catch(() => {});
    return result;
  };
  return createDatabase(client, run, CLOSING);
}

type Run = <T>(action: () => Promise<T>) => Promise<T>;

function createDatabase(client: Client, run: Run, closing: string[]): Database {
  async function call(statements: Statement[], mode: 'read' | 'write'): Promise<Result[]> {
    for (const { args } of statements) for (const value of args) refuseUnstorable(value);
    const [only] = statements;
    try {
      return await run(async () =>
        // One statement sees one state by itself; the two more that a batch adds would be two more round trips.
        mode === 'read' && statements.length === 1 && only
          ? [await client.execute(only)]
          : client.batch(statements, mode),
      );
    } catch (error) {
      throw fromEngineError(error);
    }
  }
  return {
    read: (statements) => call(statements, 'read'),
    write: (statements) => call(statements, 'write'),
    async checkWritable() {
      const sql = `INSERT INTO probe (id, checked_at) VALUES (1, unixepoch())
        ON CONFLICT (id) DO UPDATE SET checked_at = excluded.checked_at`;
      await call([{ sql, args: [] }], 'write');
    },
    async close() {
      await run(async () => {
        for (const sql of closing) await client.execute(sql);
      }).catch(() => {
        // A full disk or a second close: what was acknowledged is in the log, and the next start reads it.
      });
      client.close();
    },
  };
}

/** The engine cuts a string at NUL, and a lone surrogate comes back as another character: an id could match another. */
function refuseUnstorable(value: SqlValue): void {
  if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed()))
    throw new ApiError('invalid_request', 'Text must not contain NUL or half a character.');
}
