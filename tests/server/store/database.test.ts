import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../server/store/database.ts';
import { fromEngineError } from '../../../server/store/engine-error.ts';
import { migrate } from '../../../server/store/migrate.ts';
import { MIGRATIONS } from '../../../server/store/migrations.ts';
import { createThreadStore } from '../../../server/store/thread-store.ts';
import { makeAnswer, makeContext, makeMessage, makeThread } from '../../contract/store.ts';

let directory: string;
let url: string;
let db: Database;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pagewise-database-'));
  url = `file:${join(directory, 'test.db')}`;
  db = await openDatabase({ url });
});
afterEach(async () => {
  await db.close();
  await rm(directory, { recursive: true });
});

const big = (id: string) => makeMessage('thr_1', id, 'x'.repeat(20_000));

async function pragma(name: string): Promise<unknown> {
  const [result] = await db.read([{ sql: `PRAGMA ${name}`, args: [] }]);
  return Object.values(result?.rows[0] ?? {})[0];
}

async function tableNames(): Promise<string[] | undefined> {
  const [result] = await db.read([
    { sql: `SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`, args: [] },
  ]);
  return result?.rows.map(({ name }) => String(name));
}

test('a file is opened for one process, with a write-ahead log that is flushed at each commit', async () => {
  expect(await pragma('locking_mode')).toBe('exclusive');
  expect(await pragma('journal_mode')).toBe('wal');
  expect(await pragma('synchronous')).toBe(2);
});

test('a restart keeps everything', async () => {
  const context = makeContext();
  const before = createThreadStore(db);
  await before.saveThread(context, { ...makeThread('thr_1'), title: 'Kept' });
  await before.saveItem(context, 'thr_1', makeMessage('thr_1', 'msg_1', 'Kept too'));
  await db.close();
  db = await openDatabase({ url });
  const after = createThreadStore(db);
  expect(await after.loadThread(context, 'thr_1')).toEqual({ ...makeThread('thr_1'), title: 'Kept' });
  expect(await after.loadItem(context, 'thr_1', 'msg_1')).toEqual(makeMessage('thr_1', 'msg_1', 'Kept too'));
});

test('a full disk refuses the write, keeps reads, and is over when there is room again (R15, R16)', async () => {
  const context = makeContext();
  const store = createThreadStore(db);
  await store.saveThread(context, makeThread('thr_1'));
  await pragma(`max_page_count = ${Number(await pragma('page_count'))}`);

  for (const id of ['msg_1', 'msg_2', 'msg_3'])
    await expect(store.saveItem(context, 'thr_1', big(id))).rejects.toMatchObject({
      name: 'ApiError',
      code: 'storage_unavailable',
      cause: { code: 'SQLITE_FULL' },
    });
  expect(await store.loadItems(context, 'thr_1', { limit: 20, order: 'asc' })).toEqual({ data: [], has_more: false });

  await pragma('max_page_count = 1000000');
  expect(await store.saveItem(context, 'thr_1', big('msg_4'))).toBe(true);
  const page = await store.loadItems(context, 'thr_1', { limit: 20, order: 'asc' });
  expect(page?.data.map(({ id }) => id)).toEqual(['msg_4']);
});

test('a database that takes no writes is not ready, and says so itself when it is again', async () => {
  await pragma('query_only = ON');
  await expect(db.checkWritable()).rejects.toMatchObject({ code: 'storage_unavailable' });
  await pragma('query_only = OFF');
  await expect(db.checkWritable()).resolves.toBeUndefined();
});

test('writes that overlap all succeed, also after one that failed (R18, R19)', async () => {
  const context = makeContext();
  const store = createThreadStore(db);
  await store.saveThread(context, makeThread('thr_1'));
  const failing = db.write([{ sql: 'INSERT INTO nowhere VALUES (1)', args: [] }]);
  const saved = Array.from({ length: 100 }, (_, n) =>
    store.saveItem(context, 'thr_1', makeMessage('thr_1', `msg_${n}`)),
  );
  await expect(failing).rejects.toMatchObject({ code: 'SQLITE_ERROR' });
  expect(new Set(await Promise.all(saved))).toEqual(new Set([true]));
});

test('a write is all or nothing', async () => {
  const insert = `INSERT INTO sites (id, name, epoch, settings) VALUES ('a', 'A', 0, '{}')`;
  const writing = db.write([
    { sql: insert, args: [] },
    { sql: insert, args: [] },
  ]);
  await expect(writing).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' });
  const [sites] = await db.read([{ sql: 'SELECT id FROM sites', args: [] }]);
  expect(sites?.rows).toEqual([]);
});

test('after it was closed a database is unavailable', async () => {
  await db.close();
  await expect(db.checkWritable()).rejects.toMatchObject({ code: 'storage_unavailable' });
});

test('a remote database that cannot be reached is unavailable; a mistake of ours stays one', () => {
  expect(fromEngineError(new TypeError('fetch failed'))).toMatchObject({ code: 'storage_unavailable' });
  const mistake = new RangeError('Only finite numbers');
  expect(fromEngineError(mistake)).toBe(mistake);
});

test.each([
  ['file:/nowhere/at/all/test.db', 'file:/nowhere/at/all/test.db'],
  ['http://127.0.0.1:9/?authToken=hush', 'http://127.0.0.1:9/'],
])('a database that cannot be opened is named, without its token: %s', async (bad, place) => {
  const opening = openDatabase({ url: bad });
  await expect(opening).rejects.toThrow(`The database ${place} cannot be opened: `);
  await expect(opening).rejects.not.toThrow('hush');
});

describe('migrations', () => {
  test('ratings of items become ratings of their turns, the last item’s where they differ', async () => {
    const context = makeContext();
    const items = [
      makeAnswer('thr_1', 'msg_welcome', 'Welcome'),
      makeMessage('thr_1', 'msg_q1'),
      makeAnswer('thr_1', 'msg_a2', 'One'),
      makeAnswer('thr_1', 'msg_a1', 'Two'),
      makeMessage('thr_1', 'msg_q2'),
      makeAnswer('thr_1', 'msg_a3', 'Three'),
    ];
    const client = createClient({ url: `file:${join(directory, 'old.db')}` });
    await migrate(client, MIGRATIONS.slice(0, 2));
    const key = [context.site.id, context.owner, 'thr_1'];
    for (const item of items)
      await client.execute({
        sql: 'INSERT INTO items (site_id, owner, thread_id, id, created_at, body) VALUES (?, ?, ?, ?, ?, ?)',
        args: [...key, item.id, Date.parse(item.created_at), JSON.stringify(item)],
      });
    for (const [itemId, kind] of [
      ['msg_welcome', 'positive'],
      ['msg_a1', 'negative'],
      ['msg_a2', 'positive'],
      ['msg_a3', 'positive'],
      ['msg_gone', 'positive'],
    ])
      await client.execute({
        sql: 'INSERT INTO feedback VALUES (?, ?, ?, ?, ?)',
        args: [...key, itemId ?? '', kind ?? ''],
      });
    await migrate(client, MIGRATIONS);
    const { rows } = await client.execute('SELECT turn_id, item_id, kind FROM feedback ORDER BY turn_id');
    expect(rows.map(({ turn_id, item_id, kind }) => [turn_id, item_id, kind])).toEqual([
      ['msg_q1', 'msg_a1', 'negative'],
      ['msg_q2', 'msg_a3', 'positive'],
    ]);
    client.close();
  });

  test('an older program refuses a newer schema (R23)', async () => {
    const tables = await tableNames();
    await db.write([{ sql: 'INSERT INTO migrations (version, applied_at) VALUES (99, 0)', args: [] }]);
    await db.close();
    await expect(openDatabase({ url })).rejects.toThrow(/schema 99, this program knows \d+/);
    const client = createClient({ url });
    await client.execute('DELETE FROM migrations WHERE version = 99');
    client.close();
    db = await openDatabase({ url });
    expect(await tableNames()).toEqual(tables);
  });

  test('a step that fails leaves nothing of itself, and runs whole the next time', async () => {
    await db.close();
    const client = createClient({ url });
    const half = ['CREATE TABLE later (id TEXT) STRICT', 'INSERT INTO later VALUES (nonsense)'];
    await expect(migrate(client, [...MIGRATIONS, half])).rejects.toMatchObject({ code: 'SQLITE_ERROR' });
    client.close();
    db = await openDatabase({ url });
    expect(await tableNames()).not.toContain('later');
    await db.close();
    const again = createClient({ url });
    await migrate(again, [...MIGRATIONS, half.slice(0, 1)]);
    expect((await again.execute('SELECT * FROM later')).rows).toEqual([]);
    await again.execute(`DELETE FROM migrations WHERE version > ${MIGRATIONS.length}`);
    again.close();
    db = await openDatabase({ url });
  });
});
