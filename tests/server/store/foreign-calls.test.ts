import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApprovalStore } from '../../../server/agent/approvals/approval.ts';
import type { VisitorStore } from '../../../server/auth/visitors.ts';
import { createMemoryStore } from '../../../server/chatkit/memory-store.ts';
import type { Store } from '../../../server/chatkit/store.ts';
import type { Context } from '../../../server/context.ts';
import type { AttachmentRecords } from '../../../server/files/attachment-records.ts';
import { type BlobStore, createBlobStore } from '../../../server/files/blob-store.ts';
import { FileAttachments } from '../../../server/files/file-attachments.ts';
import { createApprovalStore } from '../../../server/store/approval-store.ts';
import { createAttachmentRecords } from '../../../server/store/attachment-records.ts';
import { type Database, openDatabase } from '../../../server/store/database.ts';
import { createFeedbackStore, type FeedbackStore } from '../../../server/store/feedback-store.ts';
import { createThreadStore } from '../../../server/store/thread-store.ts';
import { createVisitorStore } from '../../../server/store/visitor-store.ts';
import { makeAnswer, makeContext, makeMessage, makeThread } from '../../contract/make.ts';
import { askedByContext, type Watched, watchDatabase } from './watched-database.ts';

// Every method of every store, called by somebody else with all ids of an owner: the answer is that for ids that nobody
// has, and nothing of the owner changes.

interface Ids {
  thread: string;
  item: string;
  /** It waits for its bytes. */
  attachment: string;
  /** It has them. */
  uploaded: string;
}
type Foreign<Port> = (port: Port, who: Context, ids: Ids) => unknown;
/** A method's row, or why it has none. */
type Rows<Port> = { [Method in keyof Port]: Foreign<Port> | string };

const page = { limit: 100, order: 'asc' } as const;
const attachmentOf = ({ attachment, thread }: Ids) =>
  ({ type: 'file', id: attachment, name: 'Taken', mime_type: 'text/plain', thread_id: thread }) as const;
const APPROVAL = {
  call: { server: 'tickets', tool: 'close', title: 'Close a ticket', args: { id: 7 } },
  hash: 'of the call',
  createdAt: 1,
};
const ownedBy = ({ site, owner }: Context) => ({ siteId: site.id, owner });

const STORE: Rows<Store<Context>> = {
  loadThread: (store, who, { thread }) => store.loadThread(who, thread),
  createThread: (store, who, { thread, item, ...ids }) =>
    store.createThread(who, makeThread(thread), makeMessage(thread, item, 'Taken'), [
      attachmentOf({ thread, item, ...ids }),
    ]),
  saveThread: 'it says whether the id is free, which 122 random bits keep from being asked: below',
  loadThreads: (store, who, { thread }) => store.loadThreads(who, { ...page, after: thread }),
  deleteThread: (store, who, { thread }) => store.deleteThread(who, thread),
  loadItems: (store, who, { thread, item }) => store.loadItems(who, thread, { ...page, after: item }),
  loadItem: (store, who, { thread, item }) => store.loadItem(who, thread, item),
  saveItem: (store, who, { thread, item }) => store.saveItem(who, thread, makeMessage(thread, item, 'Taken')),
  deleteItem: (store, who, { thread, item }) => store.deleteItem(who, thread, item),
  loadAttachment: (store, who, { attachment }) => store.loadAttachment(who, attachment),
  saveAttachment: 'as saveThread: below',
  deleteAttachment: (store, who, { attachment }) => store.deleteAttachment(who, attachment),
};

const FEEDBACK: Rows<FeedbackStore> = {
  saveFeedback: (store, who, { thread, item }) => store.saveFeedback(who, thread, [item], 'negative'),
};

const APPROVALS: Rows<ApprovalStore> = {
  saveApproval: (store, who, { thread, item }) => store.saveApproval(who, thread, `${item}_asked`, APPROVAL),
  loadApproval: (store, who, { thread, item }) => store.loadApproval(who, thread, item),
  decide: (store, who, { thread, item }) =>
    store.decide(who, thread, item, { verdict: 'approved', hash: APPROVAL.hash, at: 2, notBefore: 0 }),
};

const RECORDS: Rows<AttachmentRecords> = {
  reserve: 'an id that is taken makes it throw: ids are ours, and random; below',
  isOwn: (records, who, { uploaded }) => records.isOwn(who, uploaded),
  findById: 'for an upload, which proves itself by its own token',
  findByPreview: 'for whoever knows the address of a preview',
  complete: (records, who, ids) => records.complete(ownedBy(who), attachmentOf(ids)),
  deleteUnused: 'the sweep, for all owners',
  listRemoved: 'the sweep, for all owners',
  forgetRemoved: 'the sweep, for all owners',
};

const PROVEN =
  'by the hash of a token, or the id of a session that was proven, on one site: tests/server/auth/sign-in.test.ts';

const VISITORS: Rows<VisitorStore> = {
  loadVisitor: PROVEN,
  findVisitor: PROVEN,
  saveVisitor: PROVEN,
  replaceVisitor: (visitors, who, { thread }) => {
    const key = { tokenHash: `new ${thread}`, siteId: who.site.id, origin: 'https://example.com' };
    const next = { id: `v_next_${thread}_${who.owner}`, seenAt: 0 };
    return visitors.replaceVisitor({ ...key, id: who.owner, newOwner: 'u_somebody' }, key, next);
  },
  endVisitor: PROVEN,
  dropTokens: 'the sweep, for all owners',
};

const LOOKED_UP = 'by site and id; whose they are is looked up before, as the rows of the files show';

const BLOBS: Rows<BlobStore> = {
  spool: 'what arrives is nobody’s yet',
  discard: 'what arrives is nobody’s yet',
  keep: LOOKED_UP,
  size: LOOKED_UP,
  read: LOOKED_UP,
  delete: LOOKED_UP,
  deleteLeftovers: 'the sweep, for all owners',
};

const FILES: Rows<FileAttachments> = {
  createAttachment: 'makes a new id, always',
  deleteAttachment: (files, who, { uploaded }) => files.deleteAttachment(who, uploaded),
  upload: 'proves itself by its own token',
  add: 'makes a new id, always',
  open: (files, who, { uploaded }) => files.open(who, uploaded).catch((error: Error) => error.message),
  openPreview: 'for whoever knows the address of a preview',
  read: (files, who, { uploaded }) => files.read(who, uploaded, 100),
  sweep: 'the sweep, for all owners',
};

const all = (methods: string, reason: string) => Object.fromEntries(methods.split(' ').map((name) => [name, reason]));

/** By the function that makes it, as `server/store/` exports it: each method, with its row or why it has none. */
const OF_THE_DATABASE: Record<string, object> = {
  createThreadStore: STORE,
  createFeedbackStore: FEEDBACK,
  createApprovalStore: APPROVALS,
  createAttachmentRecords: RECORDS,
  createVisitorStore: VISITORS,
  createSiteStore: all(
    'loadSite loadSiteIds hasOrigin saveSite raiseEpoch deleteSite',
    'a site is the operator’s: tests/server/sites',
  ),
  createSecretStore: all(
    'loadSecrets saveSecret deleteSecret',
    'a site’s own, and no visitor’s: tests/server/auth/site-secrets.test.ts',
  ),
  createSiteTokenStore: all(
    'hasToken loadTokens saveToken deleteTokens',
    'public, and no visitor’s: tests/server/auth/site-tokens.test.ts',
  ),
  createToolSecretStore: all(
    'loadToolSecret saveToolSecret deleteToolSecret',
    'a site’s own, and no visitor’s: tests/server/auth/tool-secrets.test.ts',
  ),
  createToolStore: all(
    'loadTools saveTools',
    'a site’s own, and no visitor’s: tests/server/agent/mcp/tool-pins.test.ts',
  ),
  createKeyStore: all('loadKeys saveKey revokeKey', 'the server’s own: tests/server/auth/keys.test.ts'),
};

let directory: string;
let db: Database;
let watched: Watched;
let blobs: BlobStore;
let files: FileAttachments;
const memory = createMemoryStore<Context>(({ site, owner }) => `${site.id}\n${owner}`);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pagewise-foreign-'));
  db = await openDatabase({ url: ':memory:' });
  watched = watchDatabase(db);
  blobs = createBlobStore(directory);
  files = new FileAttachments({
    blobs,
    records: createAttachmentRecords(watched.db),
    store: createThreadStore(watched.db),
    createId: () => 'atc_new',
    publicUrl: 'https://chat.example.com',
    now: Date.now,
  });
});
afterAll(async () => {
  await db.close();
  await rm(directory, { recursive: true });
});

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function makeOwner(store: Store<Context>) {
  const context = makeContext();
  const { id } = context.site;
  const ids: Ids = { thread: `thr_${id}`, item: `msg_${id}`, attachment: `atc_${id}`, uploaded: `atc_${id}_up` };
  await store.createThread(context, makeThread(ids.thread), makeMessage(ids.thread, ids.item), []);
  await store.saveItem(context, ids.thread, makeAnswer(ids.thread, `${ids.item}_answer`, 'Yes'));
  await createApprovalStore(db).saveApproval(context, ids.thread, ids.item, APPROVAL);
  const waiting = { url: 'https://chat.example.com/up', method: 'PUT' as const, headers: {} };
  await store.saveAttachment(context, { ...attachmentOf(ids), name: 'Mine', upload_descriptor: waiting });
  await store.saveAttachment(context, { ...attachmentOf(ids), id: ids.uploaded, name: 'Mine' });
  await blobs.keep(await blobs.spool(bytes('mine')), context.site.id, ids.uploaded);
  return { context, ids, everything: () => everythingOf(store, context, ids) };
}

function missingLike({ thread, attachment }: Ids): Ids {
  return { thread: `${thread}_no`, item: 'msg_no', attachment: `${attachment}_no`, uploaded: `${attachment}_no` };
}

async function everythingOf(store: Store<Context>, context: Context, { thread, attachment, uploaded }: Ids) {
  const args = [context.site.id, context.owner];
  const [ratings, approvals] = await db.read([
    { sql: 'SELECT * FROM feedback WHERE site_id = ? AND owner = ?', args },
    { sql: 'SELECT * FROM approvals WHERE site_id = ? AND owner = ?', args },
  ]);
  return {
    threads: await store.loadThreads(context, page),
    items: await store.loadItems(context, thread, page),
    attachments: [await store.loadAttachment(context, attachment), await store.loadAttachment(context, uploaded)],
    bytes: await Array.fromAsync(blobs.read(context.site.id, uploaded)),
    ratings: ratings?.rows,
    approvals: approvals?.rows,
  };
}

const STRANGERS: [string, (mine: Context) => Context][] = [
  ['another owner of the site', (mine) => makeContext(mine.site.id, 'v_bbbbbbbbbbbbbbbbbbbbbb')],
  ['the same owner’s name on another site', (mine) => makeContext(undefined, mine.owner)],
];
const PORTS: [string, () => object, Record<string, unknown>, () => Store<Context>][] = [
  ['the thread store', () => createThreadStore(watched.db), STORE, () => createThreadStore(watched.db)],
  ['the feedback store', () => createFeedbackStore(watched.db), FEEDBACK, () => createThreadStore(watched.db)],
  ['the approvals', () => createApprovalStore(watched.db), APPROVALS, () => createThreadStore(watched.db)],
  [
    'the records of attachments',
    () => createAttachmentRecords(watched.db),
    RECORDS,
    () => createThreadStore(watched.db),
  ],
  ['the visitor store', () => createVisitorStore(watched.db), VISITORS, () => createThreadStore(watched.db)],
  ['the store in memory', () => memory, STORE, () => memory],
  ['the bytes on disk', () => blobs, BLOBS, () => memory],
  ['the files', () => files, FILES, () => createThreadStore(watched.db)],
];

describe.each(PORTS)('%s', (_, makePort, rows, getStore) => {
  test('has a row for each of its methods', () => {
    const port = makePort();
    const own =
      port instanceof FileAttachments ? Object.getOwnPropertyNames(FileAttachments.prototype) : Object.keys(port);
    expect(own.filter((name) => name !== 'constructor').toSorted()).toEqual(Object.keys(rows).toSorted());
  });

  const calls = Object.entries(rows).flatMap(([method, row]) =>
    typeof row === 'function'
      ? STRANGERS.map(([who, make]) => ({ method, who, make, row: row as Foreign<object> }))
      : [],
  );
  test.each(calls)('$method by $who is as for what is missing', async ({ make, row }) => {
    const owner = await makeOwner(getStore());
    const before = await owner.everything();
    const stranger = make(owner.context);
    const port = askedByContext(makePort());
    const foreign = await row(port, stranger, owner.ids);
    expect(await owner.everything()).toEqual(before);
    const missing = missingLike(owner.ids);
    expect(foreign).toEqual(await row(port, stranger, missing));
  });

  test.each(calls.filter(({ who }) => who === STRANGERS[0]?.[0]))('$method by the owner is more', async ({ row }) => {
    const owner = await makeOwner(getStore());
    const before = await owner.everything();
    const missing = missingLike(owner.ids);
    const nothing = await row(makePort(), owner.context, missing);
    const mine = await row(makePort(), owner.context, owner.ids);
    const after = await owner.everything().catch(() => 'gone');
    expect(JSON.stringify([mine, after])).not.toBe(JSON.stringify([nothing, before]));
  });
});

describe.each([
  ['the thread store', () => createThreadStore(watched.db)],
  ['the store in memory', () => memory],
])('%s', (_, getStore) => {
  test.each(STRANGERS)('writes nothing over an id that %s has', async (_, make) => {
    const owner = await makeOwner(getStore());
    const before = await owner.everything();
    const stranger = make(owner.context);
    expect(await getStore().saveThread(stranger, { ...makeThread(owner.ids.thread), title: 'Taken' })).toBe(false);
    expect(await getStore().saveAttachment(stranger, attachmentOf(owner.ids))).toBe(false);
    const records = createAttachmentRecords(watched.db);
    if (getStore() !== memory)
      await expect(records.reserve(stranger, attachmentOf(owner.ids), 9)).rejects.toThrow('UNIQUE');
    expect(await owner.everything()).toEqual(before);
  });
});

test('each store of the database stands here, with each of its methods', async () => {
  const room = join(import.meta.dirname, '..', '..', '..', 'server', 'store');
  const modules = (await readdir(room)).map((name) => import(join(room, name)) as Promise<Record<string, unknown>>);
  const makers = (await Promise.all(modules)).flatMap((module) => Object.entries(module));
  const made = makers.flatMap(([name, make]) =>
    name.startsWith('create') ? [[name, Object.keys((make as (db: Database) => object)(db)).toSorted()]] : [],
  );
  const here = Object.entries(OF_THE_DATABASE).map(([name, rows]) => [name, Object.keys(rows).toSorted()]);
  expect(Object.fromEntries(made)).toEqual(Object.fromEntries(here));
});

test('C21 every statement of these calls carried the site and the owner of who asked', () => {
  expect(watched.violations).toEqual([]);
});
