import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../server/store/database.ts';
import { oneLine, readSqlTexts, sqlTextsOf } from './sql-texts.ts';
import { boundColumns, EXCEPTIONS, missingScope, SCOPE } from './tenant-statements.ts';
import { askAs, watchDatabase } from './watched-database.ts';

const texts = readSqlTexts();

describe('C21 the SQL of the program, as its source says it', () => {
  test('stands in the store alone', () => {
    expect(texts.filter(({ file }) => !file.startsWith('store/'))).toEqual([]);
    expect(texts.length).toBeGreaterThan(25);
  });

  test.each(texts)('carries site and owner: $file $sql', ({ sql }) => {
    if (!(sql in EXCEPTIONS)) expect(missingScope(sql)).toEqual([]);
  });

  test('has no exception that is not made, and none that needs none', () => {
    const made = new Set(texts.map(({ sql }) => sql));
    expect(Object.keys(EXCEPTIONS).filter((sql) => !made.has(sql))).toEqual([]);
    expect(Object.keys(EXCEPTIONS).filter((sql) => missingScope(sql).length === 0)).toEqual([]);
  });

  test('is on tables that are known, and whose rows have what is asked of them', async () => {
    const db = await openDatabase({ url: ':memory:' });
    const [tables] = await db.read([{ sql: `SELECT name FROM sqlite_schema WHERE type = 'table'`, args: [] }]);
    const names = (tables?.rows ?? []).map(({ name }) => String(name));
    expect(names.toSorted()).toEqual(Object.keys(SCOPE).toSorted());
    for (const name of names) {
      const [columns] = await db.read([{ sql: `SELECT name FROM pragma_table_info('${name}')`, args: [] }]);
      const scope = ['site_id', 'owner'].filter((column) => columns?.rows.some((row) => row['name'] === column));
      // The row of a visitor says who the owner is: it is asked for by a token.
      expect(SCOPE[name], name).toEqual(name === 'visitors' ? ['site_id'] : scope);
    }
    await db.close();
  });
});

describe('the check itself', () => {
  test.each([
    ['no owner', 'SELECT body FROM threads WHERE site_id = ? AND id = ?'],
    ['no site', 'SELECT body FROM threads WHERE owner = ? AND id = ?'],
    ['nothing at all', 'DELETE FROM items'],
    ['only what is set', 'UPDATE threads SET site_id = ?, owner = ?'],
    [
      'one of two tables',
      'SELECT 1 FROM threads JOIN items ON items.id = ? WHERE threads.site_id = ? AND threads.owner = ?',
    ],
    ['a subselect without', 'SELECT 1 FROM sites WHERE id = (SELECT site_id FROM threads WHERE id = ?)'],
    ['one side of a union', 'SELECT 1 FROM threads WHERE site_id = ? AND owner = ? UNION ALL SELECT 1 FROM threads'],
    ['a way around', 'SELECT 1 FROM threads WHERE site_id = ? AND owner = ? OR id = ?'],
    ['a comparison with itself', 'SELECT 1 FROM threads WHERE site_id = site_id AND owner = owner'],
    ['an insert without', 'INSERT INTO threads (id, owner) VALUES (?, ?)'],
    [
      'a conflict that overwrites',
      'INSERT INTO threads (site_id, owner, id) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body',
    ],
    ['another owner', 'UPDATE threads SET owner = ? WHERE site_id = ? AND owner = ?'],
    ['a replacement', 'INSERT OR REPLACE INTO threads (site_id, owner, id) VALUES (?, ?, ?)'],
    ['a table nobody knows', 'SELECT 1 FROM secrets'],
    ['a table that cannot be read', 'SELECT 1 FROM ⟪table⟫ WHERE site_id = ? AND owner = ?'],
    ['a condition in a text', `SELECT 1 FROM threads WHERE id = 'site_id = ? AND owner = ?'`],
  ])('sees %s', (_, sql) => {
    expect(missingScope(sql)).not.toEqual([]);
  });

  test('reads what a file puts into its texts', () => {
    const source = `
      const by = 'site_id = ? AND owner = ?';
      const [sign, way] = up ? ['>', 'ASC'] : ['<', 'DESC'];
      const place = (table: string) => 0;
      function inTable(name: string) { return \`FROM \${name}\`; }
      inTable('a');
      list({ key: 'k = ?' });
      sql(\`SELECT \${sign} \${inTable('b')} WHERE \${key} AND \${by} \${way}\`);
      for (const each of ['x', 'y'] as const) sql(\`DELETE FROM \${each}\`);
      ['z'].map((one) => \`UPDATE \${one} SET a\`);
      sql('DELETE FROM ' + unknown);`;
    const selects = ['>', '<'].flatMap((sign) =>
      ['FROM a', 'FROM b'].flatMap((from) =>
        ['ASC', 'DESC'].map((way) => `SELECT ${sign} ${from} WHERE k = ? AND site_id = ? AND owner = ? ${way}`),
      ),
    );
    const others = ['FROM a', 'FROM b', 'DELETE FROM x', 'DELETE FROM y', 'UPDATE z SET a'];
    expect(sqlTextsOf(source).toSorted()).toEqual([...selects, ...others].toSorted());
    expect(sqlTextsOf('sql(`SELECT 1 FROM ${unknown}`)')).toEqual(['SELECT 1 FROM ⟪unknown⟫']);
  });

  test('knows what each place of a statement is bound to', () => {
    const insert = `INSERT INTO items (site_id, owner, id, at) SELECT site_id, ?, ?, f(1, 2) FROM threads
      WHERE site_id = ? AND owner = ? AND (a, b) < (SELECT a, b FROM items WHERE x.id = ?) LIMIT ?`;
    expect(boundColumns(oneLine(insert))).toEqual(['owner', 'id', 'site_id', 'owner', 'id', '']);
    const values = 'INSERT INTO a (site_id, at, owner) VALUES (?, unixepoch() * 1000, ?)';
    expect(boundColumns(values)).toEqual(['site_id', 'owner']);
  });
});

describe('a watched database', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openDatabase({ url: ':memory:' });
  });
  afterAll(() => db.close());

  const sql = 'SELECT body FROM threads WHERE site_id = ? AND owner = ?';
  test.each([
    ['another owner', { sql, args: ['docs', 'v_b'] }, 'owner is not that of who asks'],
    ['another site', { sql, args: ['shop', 'v_a'] }, 'site_id is not that of who asks'],
    [
      'a scope that is text',
      { sql: `${sql} AND id = 'x' LIMIT 1`.replace('owner = ?', `owner = 'v_a'`), args: ['docs'] },
      'owner is bound to 0 values',
    ],
    [
      'two owners',
      {
        sql: `SELECT body FROM threads WHERE site_id = ? AND owner = ? AND id = (SELECT thread_id FROM items WHERE site_id = ? AND owner = ?)`,
        args: ['docs', 'v_a', 'docs', 'v_b'],
      },
      'owner is bound to 2 values',
    ],
  ])('notes %s', async (_, statement, what) => {
    const watched = watchDatabase(db);
    await askAs({ site: 'docs', owner: 'v_a' }, () => watched.db.read([statement]));
    expect(watched.violations.join('\n')).toContain(what);
  });

  test('notes nothing of what is right', async () => {
    const watched = watchDatabase(db);
    await askAs({ site: 'docs', owner: 'v_a' }, () => watched.db.read([{ sql, args: ['docs', 'v_a'] }]));
    expect(watched.violations).toEqual([]);
    expect([...watched.seen.keys()]).toEqual([sql]);
  });
});
