import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../server/store/database.ts';
import { createThreadStore } from '../../../server/store/thread-store.ts';
import { approvalContract } from '../../contract/approvals.ts';
import { feedbackContract } from '../../contract/feedback.ts';
import { makeContext, makeThread, storeContract } from '../../contract/store.ts';
import { writersContract } from '../../contract/writers.ts';
import { type Sqld, sqldMissing, startSqld } from '../../fakes/sqld.ts';

if (sqldMissing) console.warn(`skipped: ${sqldMissing}`);

const PROTOCOLS = ['http', 'ws'] as const;

describe.skipIf(sqldMissing)('on a libSQL server', () => {
  let sqld: Sqld;
  let http: Database;
  let ws: Database;

  beforeAll(async () => {
    sqld = await startSqld();
    // At once, on a database that has no schema yet: two servers may be started together.
    [http, ws] = await Promise.all([open('http'), open('ws')]);
  });
  afterAll(async () => {
    await http.close();
    await ws.close();
    await sqld.close();
  });
  const open = (protocol: (typeof PROTOCOLS)[number]) => openDatabase({ url: `${protocol}://${sqld.host}` });

  storeContract('sqld over HTTP', async () => createThreadStore(http));
  storeContract('sqld over WebSocket', async () => createThreadStore(ws));
  feedbackContract('sqld over HTTP', async () => http);
  approvalContract('sqld over HTTP', async () => http);
  writersContract(() => [createThreadStore(http), createThreadStore(ws)]);

  test.each(PROTOCOLS)('%s: a write is all or nothing, and a mistake of ours stays one', async (protocol) => {
    const db = await open(protocol);
    const insert = `INSERT INTO sites (id, name, epoch, settings) VALUES ('${protocol}', 'A', 0, '{}')`;
    const writing = db.write([
      { sql: insert, args: [] },
      { sql: insert, args: [] },
    ]);
    await expect(writing).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' });
    const [sites] = await db.read([{ sql: 'SELECT id FROM sites WHERE id = ?', args: [protocol] }]);
    expect(sites?.rows).toEqual([]);
    await db.close();
  });

  test.each(PROTOCOLS)('%s: an outage refuses calls, is over by itself, and loses nothing', async (protocol) => {
    const context = makeContext();
    const db = await open(protocol);
    const threads = createThreadStore(db);
    const thread = makeThread(`thr_${context.site.id}`);
    await threads.saveThread(context, thread);
    await sqld.kill();
    const unavailable = { name: 'ApiError', code: 'storage_unavailable' };
    await expect(threads.saveThread(context, { ...thread, title: 'Lost' })).rejects.toMatchObject(unavailable);
    await expect(threads.loadThread(context, thread.id)).rejects.toMatchObject(unavailable);
    await expect(db.checkWritable()).rejects.toMatchObject(unavailable);
    await sqld.restart();
    expect(await threads.loadThread(context, thread.id)).toEqual(thread);
    expect(await threads.saveThread(context, { ...thread, title: 'Kept' })).toBe(true);
    await db.close();
    await expect(db.checkWritable()).rejects.toMatchObject(unavailable);
  });
});
