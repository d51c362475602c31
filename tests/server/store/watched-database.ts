import { AsyncLocalStorage } from 'node:async_hooks';
import type { Database, Statement } from '../../../server/store/database.ts';
import { oneLine } from './sql-texts.ts';
import { boundColumns, EXCEPTIONS, missingScope, SCOPE } from './tenant-statements.ts';

/** For whom something is done: what its statements have to be bound to. */
export interface Asker {
  site: string;
  owner: string;
}

const asking = new AsyncLocalStorage<Asker>();

/** Everything that `action` starts is done for them. */
export function askAs<T>(asker: Asker, action: () => T): T {
  return asking.run(asker, action);
}

export interface Watched {
  db: Database;
  /** What was wrong with a statement, and the statement. */
  violations: string[];
  /** Every statement, each once. */
  made: Map<string, Statement>;
  /** Those that must carry an owner, with whether one was ever made for a known asker. */
  seen: Map<string, { statement: Statement; isBound: boolean }>;
}

/** A database that checks every statement it is given: that it names its scope, and is bound to who asks. */
export function watchDatabase(db: Database): Watched {
  const violations: string[] = [];
  const made: Watched['made'] = new Map();
  const seen: Watched['seen'] = new Map();

  function check(statement: Statement): Statement {
    const sql = oneLine(statement.sql);
    made.set(sql, statement);
    const tables = [...sql.matchAll(/\b(?:FROM|JOIN|INTO|UPDATE) ([a-z_]+)/g)].map(([, table = '']) => table);
    const columns = new Set(tables.flatMap((table) => SCOPE[table] ?? []));
    if (sql in EXCEPTIONS || columns.size === 0) return statement;
    const bound = boundColumns(sql);
    // Visitors and tokens are looked up to learn who asks: their site is that of the token.
    const asker = columns.has('owner') ? asking.getStore() : undefined;
    const wrong = [...missingScope(sql)];
    for (const column of columns) {
      const values = new Set(statement.args.filter((_, index) => bound[index] === column));
      if (values.size !== 1) wrong.push(`${column} is bound to ${values.size} values`);
      const expected = column === 'site_id' ? asker?.site : asker?.owner;
      if (expected !== undefined && !values.has(expected)) wrong.push(`${column} is not that of who asks`);
    }
    if (columns.has('owner')) {
      const isBound = asker !== undefined || seen.get(sql)?.isBound === true;
      seen.set(sql, { statement, isBound });
    }
    violations.push(...wrong.map((what) => `${what}: ${sql}`));
    return statement;
  }

  return {
    violations,
    made,
    seen,
    db: {
      ...db,
      read: (statements) => db.read(statements.map(check)),
      write: (statements) => db.write(statements.map(check)),
    },
  };
}

/** A store whose calls are each made for the context, or for the site and owner, that is their first argument. */
export function askedByContext<T extends object>(store: T): T {
  return new Proxy(store, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== 'function') return method;
      return (...args: unknown[]) => {
        const asker = askerOf(args[0]);
        const call = () => method.apply(target, args) as unknown;
        return asker ? askAs(asker, call) : call();
      };
    },
  });
}

function askerOf(first: unknown): Asker | undefined {
  if (typeof first !== 'object' || first === null) return undefined;
  const { site, siteId, owner } = first as { site?: { id: string }; siteId?: string; owner?: string };
  const id = site?.id ?? siteId;
  return id !== undefined && owner !== undefined ? { site: id, owner } : undefined;
}
