import { beforeAll, describe, expect, test } from 'vitest';
import type { UserMessageItem } from '../../protocol/item.ts';
import type { ThreadMetadata } from '../../protocol/thread.ts';
import type { Store } from '../../server/chatkit/store.ts';
import type { Context } from '../../server/context.ts';
import { attachmentContract } from './attachments.ts';
import { idsOf, makeAnswer, makeContext, makeMessage, makeThread, seedThread, T0, T1 } from './make.ts';
import { pagingContract } from './paging.ts';
import { writersContract } from './writers.ts';

export { makeAnswer, makeContext, makeMessage, makeThread } from './make.ts';

/** The `Store` port as tests: what an implementation must do, whatever it stands on. */
export function storeContract(name: string, makeStore: () => Promise<Store<Context>>): void {
  describe(`store contract: ${name}`, () => {
    let store: Store<Context>;
    beforeAll(async () => {
      store = await makeStore();
    });

    const threadWith = (context: Context, items: UserMessageItem[]) => seedThread(store, context, items);
    const ascending = (context: Context, threadId: string) =>
      idsOf(store, context, threadId, { limit: 100, order: 'asc' });

    attachmentContract(() => store);
    pagingContract(() => store);
    writersContract(() => [store, store]);

    test('a thread is created with its first item and what is attached to that', async () => {
      const context = makeContext();
      const threadId = `thr_${context.site.id}`;
      const item = makeMessage(threadId, 'msg_first');
      const attachment = { type: 'file', id: `atc_${context.site.id}`, name: 'a', mime_type: 'text/plain' } as const;
      await store.saveAttachment(context, attachment);
      await store.createThread(context, makeThread(threadId), item, [{ ...attachment, thread_id: threadId }]);
      expect(await store.loadThread(context, threadId)).toEqual(makeThread(threadId));
      expect(await store.loadItem(context, threadId, 'msg_first')).toEqual(item);
      expect(await store.loadAttachment(context, attachment.id)).toEqual({ ...attachment, thread_id: threadId });
      expect(await store.loadThread(makeContext(context.site.id, 'v_somebody'), threadId)).toBeUndefined();
    });

    test('a thread is not created over that of another owner', async () => {
      const mine = makeContext();
      const threadId = await threadWith(mine, [makeMessage('', 'msg_1')]);
      const foreign = makeContext(mine.site.id, 'v_somebody');
      await store.createThread(foreign, makeThread(threadId, T1), makeMessage(threadId, 'msg_2'), []);
      expect(await store.loadThread(foreign, threadId)).toBeUndefined();
      expect(await store.loadThread(mine, threadId)).toEqual(makeThread(threadId));
      expect(await ascending(mine, threadId)).toEqual(['msg_1']);
    });

    test('a thread comes back as it was saved, without its items', async () => {
      const context = makeContext();
      const thread: ThreadMetadata = {
        id: `thr_whole_${context.site.id}`,
        title: 'Preise & Größen 🧵',
        created_at: T0,
        status: { type: 'locked', reason: 'why' },
        allowed_image_domains: ['img.example.com'],
        metadata: { nested: { value: null } },
      };
      const items = { data: [makeMessage('', 'msg_1')], has_more: false };
      expect(await store.saveThread(context, { ...thread, items } as ThreadMetadata)).toBe(true);
      expect(await store.loadThread(context, thread.id)).toEqual(thread);
    });

    test('an item comes back as it was saved, whatever its text holds', async () => {
      const context = makeContext();
      const threadId = await threadWith(context, []);
      const item = makeMessage(
        threadId,
        'msg_odd',
        `"'; DROP TABLE items; -- \u2028 \ud83e\uddf5 \\u0000 \ud800 \u0000 end`,
      );
      expect(await store.saveItem(context, threadId, item)).toBe(true);
      expect(await store.loadItem(context, threadId, 'msg_odd')).toEqual(item);
    });

    test('what was saved and what was loaded is the caller’s own', async () => {
      const context = makeContext();
      const threadId = await threadWith(context, []);
      const item = makeMessage(threadId, 'msg_1', 'as saved');
      await store.saveItem(context, threadId, item);
      const kept = structuredClone(item);
      item.content.length = 0;
      const loaded = await store.loadItem(context, threadId, 'msg_1');
      expect(loaded).toEqual(kept);
      Object.assign(loaded ?? {}, { content: [] });
      expect((await store.loadItems(context, threadId, { limit: 20, order: 'asc' }))?.data).toEqual([kept]);
    });

    test('an item of a megabyte is kept whole', async () => {
      const context = makeContext();
      const threadId = await threadWith(context, []);
      const item = makeMessage(threadId, 'msg_long', 'ü'.repeat(500_000));
      expect(await store.saveItem(context, threadId, item)).toBe(true);
      expect(await store.loadItem(context, threadId, 'msg_long')).toEqual(item);
    });

    test('saving a thread again replaces it and leaves it in its place', async () => {
      const context = makeContext();
      const [a, b] = [makeThread(`thr_a_${context.site.id}`, T0), makeThread(`thr_b_${context.site.id}`, T1)];
      await store.saveThread(context, a);
      await store.saveThread(context, b);
      await store.saveThread(context, { ...a, title: 'New' });
      const page = await store.loadThreads(context, { limit: 20, order: 'desc' });
      expect(page).toEqual({ data: [b, { ...a, title: 'New' }], has_more: false });
    });

    test('saving an item again replaces it in place, even with a later time', async () => {
      const context = makeContext();
      const threadId = await threadWith(context, [makeMessage('', 'msg_1'), makeMessage('', 'msg_2')]);
      const later = makeAnswer(threadId, 'msg_1', 'replaced', T1);
      expect(await store.saveItem(context, threadId, later)).toBe(true);
      expect(await ascending(context, threadId)).toEqual(['msg_1', 'msg_2']);
      expect(await store.loadItem(context, threadId, 'msg_1')).toEqual(later);
    });

    test('two threads of one owner may have items of the same id, each its own', async () => {
      const context = makeContext();
      const threadId = await threadWith(context, [makeMessage('', 'msg_1', 'one'), makeMessage('', 'msg_2')]);
      const other = await seedThread(store, context, [makeMessage('', 'msg_1', 'two')], `${threadId}_other`);
      expect(await store.loadItem(context, threadId, 'msg_1')).toEqual(makeMessage(threadId, 'msg_1', 'one'));
      await store.deleteItem(context, other, 'msg_1');
      expect(await ascending(context, threadId)).toEqual(['msg_1', 'msg_2']);
      await store.saveItem(context, other, makeMessage(other, 'msg_1', 'two again'));
      await store.deleteThread(context, threadId);
      expect(await ascending(context, other)).toEqual(['msg_1']);
    });

    test('a missing thread has no items to load or take', async () => {
      const context = makeContext();
      expect(await store.loadThread(context, 'thr_none')).toBeUndefined();
      expect(await store.loadItems(context, 'thr_none', { limit: 20, order: 'asc' })).toBeUndefined();
      expect(await store.saveItem(context, 'thr_none', makeMessage('thr_none', 'msg_1'))).toBe(false);
      expect(await store.loadItem(context, 'thr_none', 'msg_1')).toBeUndefined();
    });

    test('deleting an item takes that item alone, a missing one is no error', async () => {
      const context = makeContext();
      const threadId = await threadWith(context, [makeMessage('', 'msg_1'), makeMessage('', 'msg_2')]);
      await store.deleteItem(context, threadId, 'msg_1');
      await store.deleteItem(context, threadId, 'msg_1');
      expect(await ascending(context, threadId)).toEqual(['msg_2']);
    });

    test('deleting a thread takes its items, a missing one is no error', async () => {
      const context = makeContext();
      const threadId = await threadWith(context, [makeMessage('', 'msg_1')]);
      await store.deleteThread(context, threadId);
      await store.deleteThread(context, threadId);
      expect(await store.loadThread(context, threadId)).toBeUndefined();
      await store.saveThread(context, makeThread(threadId));
      expect(await ascending(context, threadId)).toEqual([]);
    });

    describe.each([
      ['another site', (mine: Context) => makeContext(undefined, mine.owner)],
      ['another owner of the same site', (mine: Context) => makeContext(mine.site.id, 'v_bbbbbbbbbbbbbbbbbbbbbb')],
    ])('%s (C9, C11, C13)', (_, makeForeign) => {
      test('sees nothing, changes nothing, and is answered as for a missing id', async () => {
        const mine = makeContext();
        const threadId = await threadWith(mine, [makeMessage('', 'msg_1'), makeMessage('', 'msg_2')]);
        const foreign = makeForeign(mine);
        expect(await store.loadThread(foreign, threadId)).toBeUndefined();
        expect(await store.loadItems(foreign, threadId, { limit: 20, order: 'asc' })).toBeUndefined();
        expect(await store.loadItem(foreign, threadId, 'msg_1')).toBeUndefined();
        expect(await store.loadThreads(foreign, { limit: 20, order: 'desc' })).toEqual({ data: [], has_more: false });
        expect(await store.saveThread(foreign, { ...makeThread(threadId), title: 'Taken' })).toBe(false);
        expect(await store.saveItem(foreign, threadId, makeMessage(threadId, 'msg_1', 'Taken'))).toBe(false);
        expect(await store.saveItem(foreign, threadId, makeMessage(threadId, 'msg_3', 'Added'))).toBe(false);
        await store.deleteItem(foreign, threadId, 'msg_1');
        await store.deleteThread(foreign, threadId);

        expect(await store.loadThread(mine, threadId)).toEqual(makeThread(threadId));
        const page = await store.loadItems(mine, threadId, { limit: 20, order: 'asc' });
        expect(page?.data).toEqual([makeMessage(threadId, 'msg_1'), makeMessage(threadId, 'msg_2')]);
      });

      test('may have an item of the same id in a thread of its own', async () => {
        const mine = makeContext();
        const threadId = await threadWith(mine, [makeMessage('', 'msg_same')]);
        const foreign = makeForeign(mine);
        const theirs = `thr_theirs_${foreign.site.id}`;
        await store.saveThread(foreign, makeThread(theirs));
        expect(await store.saveItem(foreign, theirs, makeMessage(theirs, 'msg_same', 'Theirs'))).toBe(true);
        expect(await store.loadItem(mine, threadId, 'msg_same')).toEqual(makeMessage(threadId, 'msg_same'));
      });
    });
  });
}
