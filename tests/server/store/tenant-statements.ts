import { oneLine } from './sql-texts.ts';

/** Table → what each statement on it has to carry. Each table of the schema stands here: a test compares. */
export const SCOPE: Record<string, readonly ('site_id' | 'owner')[]> = {
  threads: ['site_id', 'owner'],
  items: ['site_id', 'owner'],
  feedback: ['site_id', 'owner'],
  approvals: ['site_id', 'owner'],
  attachments: ['site_id', 'owner'],
  removed_attachments: ['site_id', 'owner'],
  // Found by the hash of a token that nobody else has; the row says who the owner is.
  visitors: ['site_id'],
  site_origins: ['site_id'],
  site_secrets: ['site_id'],
  site_tokens: ['site_id'],
  mcp_tools: ['site_id'],
  mcp_secrets: ['site_id'],
  // A row is a site.
  sites: [],
  // The server's own.
  keys: [],
  migrations: [],
  probe: [],
};

/** The only statements that may see rows of more than one owner or site, each with its reason. */
export const EXCEPTIONS: Record<string, string> = Object.fromEntries(
  Object.entries({
    'SELECT site_id, owner, body FROM attachments WHERE id = ?':
      'an upload proves itself by a token of its own, which is compared with what this row keeps of it',
    "SELECT site_id, owner, body FROM attachments WHERE json_extract(body, '$.metadata.preview_key') = ?":
      'the address of a preview is its key: an image element sends no token',
    'DELETE FROM attachments WHERE thread_id IS NULL AND created_at < ?':
      'the sweep: what no message uses after a day goes, whoever made it',
    'SELECT id, site_id, owner FROM removed_attachments': 'the sweep: the bytes of what was deleted go',
    'DELETE FROM removed_attachments WHERE id = ?': 'the sweep: these bytes are gone',
    'UPDATE visitors SET user_token = NULL, user_token_expires_at = NULL WHERE user_token_expires_at <= ? AND user_token IS NOT NULL':
      'the sweep: a user token that has run out is good for nothing, whose ever it was',
    'SELECT 1 FROM site_origins WHERE origin = ? LIMIT 1':
      'a preflight carries no token: does any site list the origin?',
    ...Object.fromEntries(
      ['threads', 'items', 'feedback', 'attachments', 'removed_attachments', 'approvals'].map((table) => [
        `UPDATE ${table} SET owner = ? WHERE site_id = ? AND owner = ?`,
        'a visitor signs in: what was theirs alone goes to the user that their site has proven',
      ]),
    ),
    ...Object.fromEntries(
      ['threads', 'items', 'feedback', 'approvals', 'attachments'].map((table) => [
        `DELETE FROM ${table} WHERE site_id = ?`,
        'the operator removes a site: what all its visitors own goes with it',
      ]),
    ),
  }).map(([sql, reason]) => [oneLine(sql), reason]),
);

/** What is missing in a statement, by table; empty when each table that it names is read and written within its scope. */
export function missingScope(sql: string): string[] {
  return scopesOf(sql).flatMap((scope) => {
    const [text = '', conflict] = scope.split(/\bON CONFLICT\b/);
    const read = tablesAfter(text, 'FROM|JOIN|UPDATE');
    const written = tablesAfter(text, 'INTO');
    const named = read.concat(written);
    const missing = ['site_id', 'owner'].flatMap((column) => {
      const values = written.filter(needs(column)).flatMap((table) => missingValue(text, conflict, table, column));
      return missingCondition(text, read.filter(needs(column)), column).concat(values);
    });
    for (const table of named) {
      if (!(table in SCOPE)) missing.push(`${table}: unknown`);
      if (SCOPE[table]?.length === 0) continue;
      // One side of an OR could be true for anybody's row.
      if (/\bOR\b(?! (?:IGNORE|REPLACE))/.test(text)) missing.push(`${table}: one way or another`);
      if (/\bSET\b(?:(?!\bWHERE\b).)*\b(?:site_id|owner) =/.test(text)) missing.push(`${table}: changes hands`);
      if (/\bREPLACE INTO\b/.test(text)) missing.push(`${table}: replaces whatever has the id`);
    }
    if (text.includes('⟪')) missing.push('a part that cannot be read from the source');
    return missing;
  });
}

/** What each `?` of a statement is compared with or written to, in their order; '' where that is no plain column. */
export function boundColumns(sql: string): string[] {
  const written = writtenColumns(sql);
  return [...sql.matchAll(/\?/g)].map(({ index }) => {
    const [, compared] = /([a-z_]+) (?:=|<|>|<=|>=) $/.exec(sql.slice(0, index)) ?? [];
    return compared ?? written.get(index) ?? '';
  });
}

function needs(column: string): (table: string) => boolean {
  return (table) => (SCOPE[table] as readonly string[] | undefined)?.includes(column) ?? false;
}

/** A condition for each table: one for two of them binds one. */
function missingCondition(text: string, tables: string[], column: string): string[] {
  const [, ...conditions] = text.split(/\b(?:WHERE|ON)\b/);
  const found = conditions.join(' ').match(new RegExp(`\\b${column} = (?:\\?|[a-z]+\\.${column}\\b)`, 'g')) ?? [];
  return found.length >= tables.length ? [] : [`${tables.join()}: no ${column}`];
}

function missingValue(text: string, conflict: string | undefined, table: string, column: string): string[] {
  const [, columns = ''] = /\bINTO [a-z_]+ \(([^)]*)\)/.exec(text) ?? [];
  if (!columns.split(', ').includes(column)) return [`${table}: no ${column} is written`];
  if (conflict === undefined || /\bDO NOTHING\b/.test(conflict)) return [];
  const [, target = ''] = /^ \(([^)]*)\)/.exec(conflict) ?? [];
  const [, guard = ''] = conflict.split(/\bWHERE\b/);
  const isHeld = target.split(', ').includes(column) || guard.includes(`${column} = excluded.${column}`);
  return isHeld ? [] : [`${table}: on conflict another ${column} is overwritten`];
}

function tablesAfter(text: string, words: string): string[] {
  return [...text.matchAll(new RegExp(`\\b(?:${words}) (?!SET\\b)([a-z_]+)`, 'g'))].map(([, table = '']) => table);
}

/** The parts of a statement that have a FROM and a WHERE of their own: itself, each subselect, each side of a UNION. */
function scopesOf(sql: string): string[] {
  const scopes: string[] = [];
  let rest = oneLine(sql.replace(/'[^']*'/g, "''"));
  for (;;) {
    // The innermost parentheses first.
    const inner = /\(([^()]*)\)/.exec(rest);
    if (!inner) break;
    const [whole, content = ''] = inner;
    const isQuery = /^\s*(?:SELECT|WITH)\b/.test(content);
    if (isQuery) scopes.push(content);
    rest = rest.replace(whole, () => (isQuery ? ' ❨…❩ ' : `❨${content}❩`));
  }
  return [...scopes, rest].flatMap((scope) =>
    oneLine(scope.replaceAll('❨', '(').replaceAll('❩', ')')).split(/\b(?:UNION ALL|UNION|INTERSECT|EXCEPT)\b/),
  );
}

/** The positions of the `?` that an INSERT writes, each with its column. */
function writtenColumns(sql: string): Map<number, string> {
  const insert = /\bINTO [a-z_]+ \(([^)]*)\)\s+(?:VALUES\s*\(|SELECT )/.exec(sql);
  const found = new Map<number, string>();
  if (!insert) return found;
  const columns = (insert[1] ?? '').split(', ');
  let at = insert.index + insert[0].length;
  for (const column of columns) {
    const [value = ''] = /^(?:[^(),]|\([^()]*\))*/.exec(sql.slice(at)) ?? [];
    if (value.trim().startsWith('?')) found.set(at + value.indexOf('?'), column);
    at += value.length + 1;
  }
  return found;
}
