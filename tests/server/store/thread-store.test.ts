import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApprovalStore } from '../../../server/store/approval-store.ts';
import { type Database, openDatabase } from '../../../server/store/database.ts';
import { createThreadStore } from '../../../server/store/thread-store.ts';
import { approvalContract } from '../../contract/approvals.ts';
import { feedbackContract } from '../../contract/feedback.ts';
import { makeContext, makeMessage, makeThread, storeContract } from '../../contract/store.ts';
import { askedByContext, type Watched, watchDatabase } from './watched-database.ts';

let directory: string;
let db: Database;
/** Every statement that any test of this file made, checked as it was made. */
let watched: Watched;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pagewise-store-'));
  db = await openDatabase({ url: `file:${join(directory, 'test.db')}` });
  watched = watchDatabase(db);
});
afterAll(async () => {
  await db.close();
  await rm(directory, { recursive: true });
});

storeContract('libSQL file', async () => askedByContext(createThreadStore(watched.db)));

feedbackContract('libSQL file', async () => watched.db);
feedbackContract('libSQL in memory', () => openDatabase({ url: ':memory:' }));

approvalContract(
  'libSQL file',
  async () => watched.db,
  (database) => askedByContext(createApprovalStore(database)),
);

describe('C21 every statement on what visitors own, as it is made', () => {
  test('carries the site and the owner of who asks', () => {
    expect(watched.violations).toEqual([]);
    // Only what saves a rating is called by its own contract, which makes the store itself.
    const unbound = [...watched.seen].filter(([sql, { isBound }]) => !isBound && !sql.includes('feedback'));
    expect(unbound.map(([sql]) => sql)).toEqual([]);
  });

  test('walks an index', async () => {
    expect(watched.seen.size).toBeGreaterThanOrEqual(16);
    // A database of its own: the engine counts an EXPLAIN of a write as a write that has not ended.
    const plans = await openDatabase({ url: ':memory:' });
    for (const { statement } of watched.seen.values()) {
      const { sql, args } = statement;
      const [plan] = await plans.read([{ sql: `EXPLAIN QUERY PLAN ${sql}`, args }]);
      const steps = plan?.rows.map(({ detail }) => String(detail)) ?? [];
      expect(
        steps.filter((step) => /SCAN|TEMP B-TREE/.test(step)),
        sql,
      ).toEqual([]);
    }
    await plans.close();
  });
});

test('NUL and half characters in an id are refused, not cut or replaced', async () => {
  const context = makeContext();
  const threads = createThreadStore(db);
  await threads.saveThread(context, makeThread('thr_cut'));
  for (const id of ['thr_cut\0x', 'thr_\ud800'])
    await expect(threads.loadThread(context, id)).rejects.toMatchObject({ name: 'ApiError', code: 'invalid_request' });
  await expect(threads.saveThread(context, makeThread('thr_\0'))).rejects.toMatchObject({ code: 'invalid_request' });
});

test('a row that this program did not write is an error, not an answer', async () => {
  const context = makeContext();
  const threads = createThreadStore(db);
  await threads.saveThread(context, makeThread('thr_row'));
  await threads.saveItem(context, 'thr_row', makeMessage('thr_row', 'msg_row'));
  for (const body of ['', '[]', '{"id":"msg_row"}', '{"id":"i","thread_id":"t","created_at":"c","type":"__proto__"}']) {
    await db.write([
      { sql: 'UPDATE items SET body = ? WHERE id = ?', args: [body, 'msg_row'] },
      { sql: 'UPDATE threads SET body = ? WHERE id = ?', args: [body, 'thr_row'] },
    ]);
    await expect(threads.loadItem(context, 'thr_row', 'msg_row')).rejects.toMatchObject({ name: 'RowError' });
    if (!body.includes('"t"'))
      await expect(threads.loadThread(context, 'thr_row')).rejects.toMatchObject({ name: 'RowError' });
  }
});
