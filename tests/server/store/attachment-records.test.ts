import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StoredAttachment } from '../../../server/chatkit/store.ts';
import { createAttachmentRecords } from '../../../server/store/attachment-records.ts';
import { type Database, openDatabase } from '../../../server/store/database.ts';
import { createThreadStore } from '../../../server/store/thread-store.ts';
import { makeContext, makeMessage, makeThread } from '../../contract/store.ts';
import { askedByContext, type Watched, watchDatabase } from './watched-database.ts';

let db: Database;
let watched: Watched;
const noted = () => askedByContext(createAttachmentRecords(watched.db));

beforeAll(async () => {
  db = await openDatabase({ url: ':memory:' });
  watched = watchDatabase(db);
});
afterAll(() => db.close());

const upload_descriptor = { url: 'https://chat.example.com/up', method: 'PUT' as const, headers: {} };
let count = 0;
const waiting = (): StoredAttachment => ({
  type: 'file',
  id: `atc_${++count}`,
  name: 'a.txt',
  mime_type: 'text/plain',
  upload_descriptor,
  metadata: { preview_key: `key_${count}` },
});
const uploaded = (attachment: StoredAttachment): StoredAttachment => {
  const copy = { ...attachment };
  delete copy.upload_descriptor;
  return copy;
};

test('an attachment is reserved, found by its id and its preview, and completed once', async () => {
  const context = makeContext();
  const owned = { siteId: context.site.id, owner: context.owner };
  const attachment = waiting();
  expect(await noted().reserve(context, attachment, 1)).toBe(true);
  expect(await noted().findById(attachment.id)).toEqual({ ...owned, attachment });
  expect(await noted().complete({ ...owned, owner: 'v_other' }, uploaded(attachment))).toBe(false);
  expect(await noted().complete(owned, uploaded(attachment))).toBe(true);
  expect(await noted().complete(owned, { ...uploaded(attachment), name: 'b.txt' })).toBe(false);
  expect(await noted().findByPreview(`key_${count}`)).toEqual({ ...owned, attachment: uploaded(attachment) });
  expect(await noted().findById('atc_none')).toBeUndefined();
  expect(await noted().findByPreview('')).toBeUndefined();
});

test('room is counted by owner, and freed by a message', async () => {
  const context = makeContext();
  const first = waiting();
  expect(await noted().reserve(context, first, 2)).toBe(true);
  expect(await noted().reserve(context, waiting(), 2)).toBe(true);
  expect(await noted().reserve(context, waiting(), 2)).toBe(false);
  expect(await noted().reserve(makeContext(context.site.id, 'v_other'), waiting(), 2)).toBe(true);
  await createThreadStore(db).saveAttachment(context, { ...first, thread_id: 'thr_1' });
  expect(await noted().reserve(context, waiting(), 2)).toBe(true);
});

test('whatever deletes an attachment leaves its name for the bytes to go', async () => {
  const context = makeContext();
  const store = createThreadStore(db);
  const [alone, sent, old] = [waiting(), waiting(), waiting()];
  for (const attachment of [alone, sent, old]) await noted().reserve(context, attachment, 9);
  await store.createThread(context, makeThread('thr_gone'), makeMessage('thr_gone', 'msg_1'), []);
  await store.saveAttachment(context, { ...sent, thread_id: 'thr_gone' });

  await store.deleteAttachment(context, alone.id);
  await store.deleteThread(context, 'thr_gone');
  await noted().deleteUnused(new Date(0));
  expect(await noted().findById(old.id)).toBeDefined();
  await noted().deleteUnused(new Date(Date.now() + 60_000));
  expect(await noted().findById(old.id)).toBeUndefined();

  const { site, owner } = context;
  const mine = (await noted().listRemoved()).filter(({ siteId }) => siteId === site.id);
  expect(mine).toEqual([alone, sent, old].map(({ id }) => ({ id, siteId: site.id, owner })));
  await noted().forgetRemoved([]);
  await noted().forgetRemoved(mine.map(({ id }) => id));
  expect((await noted().listRemoved()).filter(({ siteId }) => siteId === site.id)).toEqual([]);
});

describe('every statement', () => {
  test('C21 carries the site and the owner of who asks, or is a named exception', () => {
    expect(watched.violations).toEqual([]);
    expect([...watched.seen.values()].map(({ isBound }) => isBound)).toEqual([true, true]);
  });

  test('walks an index, but for the list that is read whole', async () => {
    expect(watched.made.size).toBe(7);
    const plans = await openDatabase({ url: ':memory:' });
    for (const { sql, args } of watched.made.values()) {
      const [plan] = await plans.read([{ sql: `EXPLAIN QUERY PLAN ${sql}`, args }]);
      const steps = plan?.rows.map(({ detail }) => String(detail)) ?? [];
      const scans = steps.filter((step) => /SCAN (?!CONSTANT ROW|removed_attachments)|TEMP B-TREE/.test(step));
      expect(scans, sql).toEqual([]);
    }
    await plans.close();
  });
});
