import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Approval, ApprovalStore } from '../../server/agent/approvals/approval.ts';
import type { Context } from '../../server/context.ts';
import { createApprovalStore } from '../../server/store/approval-store.ts';
import type { Database } from '../../server/store/database.ts';
import { createThreadStore } from '../../server/store/thread-store.ts';
import { makeContext, makeMessage, makeThread } from './make.ts';

const CARD = 'msg_card';
const ASKED: Approval = {
  call: {
    server: 'tickets',
    tool: 'close',
    title: 'Close a ticket',
    args: { id: 7, 'a note': 'Größe\u0000 🧵', deep: [{}] },
  },
  hash: 'of the call',
  createdAt: 1_000,
};
const YES = { verdict: 'approved', hash: ASKED.hash, at: 2_000, notBefore: 1_000 } as const;

/** What an approval is on every database: one verdict, for what was asked, of whom it was asked, in time. */
export function approvalContract(
  name: string,
  makeDatabase: () => Promise<Database>,
  makeStore: (db: Database) => ApprovalStore = createApprovalStore,
): void {
  describe(`approvals: ${name}`, () => {
    let db: Database;
    let store: ApprovalStore;
    let context: Context;
    let threadId: string;
    const load = (as = context) => store.loadApproval(as, threadId, CARD);
    const decide = (change: object = {}, as = context) => store.decide(as, threadId, CARD, { ...YES, ...change });

    beforeAll(async () => {
      db = await makeDatabase();
      store = makeStore(db);
    });
    beforeEach(async () => {
      context = makeContext();
      threadId = `thr_asked_${context.site.id}`;
      await createThreadStore(db).createThread(context, makeThread(threadId), makeMessage(threadId, CARD), []);
      expect(await store.saveApproval(context, threadId, CARD, ASKED)).toBe(true);
    });

    test('comes back as it was asked, then with its verdict', async () => {
      expect(await load()).toEqual(ASKED);
      expect(await decide({ verdict: 'declined' })).toBe(true);
      expect(await load()).toEqual({ ...ASKED, verdict: 'declined' });
    });

    test('G20 takes one verdict, however many come at once', async () => {
      const all = await Promise.all(Array.from({ length: 20 }, (_, n) => decide({ at: 2_000 + n })));
      expect(all.filter(Boolean)).toHaveLength(1);
      expect(await decide({ verdict: 'declined' })).toBe(false);
      expect(await load()).toEqual({ ...ASKED, verdict: 'approved' });
    });

    test.each([
      ['for another call', { hash: 'of another call' }],
      ['too late', { notBefore: 1_001 }],
    ])('G19 takes none %s', async (_, change) => {
      expect(await decide(change)).toBe(false);
      expect(await load()).toEqual(ASKED);
    });

    test.each([
      ['somebody else', () => makeContext(context.site.id, 'v_foreign')],
      ['another site', () => makeContext(undefined, context.owner)],
    ])('is nothing to %s, who asks for none in this thread either', async (_, make) => {
      expect(await load(make())).toBeUndefined();
      expect(await decide({}, make())).toBe(false);
      expect(await store.saveApproval(make(), threadId, 'msg_other', ASKED)).toBe(false);
      expect(await load()).toEqual(ASKED);
    });

    test('goes with its card, and with its thread', async () => {
      const threads = createThreadStore(db);
      await store.saveApproval(context, threadId, 'msg_second', ASKED);
      await threads.deleteItem(context, threadId, CARD);
      expect(await load()).toBeUndefined();
      expect(await store.loadApproval(context, threadId, 'msg_second')).toEqual(ASKED);
      await threads.deleteThread(context, threadId);
      expect(await store.loadApproval(context, threadId, 'msg_second')).toBeUndefined();
    });
  });
}
