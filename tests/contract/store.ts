import { beforeAll, describe, expect, test } from 'vitest';
import type { AssistantMessageItem, UserMessageItem } from '../../protocol/item.ts';
import type { ThreadMetadata } from '../../protocol/thread.ts';
import type { PageRequest, Store } from '../../server/chatkit/store.ts';
import type { Context } from '../../server/context.ts';
import { attachmentContract } from './attachments.ts';

const T0 = '2026-11-24T10:00:00.000Z';
const T1 = '2026-11-24T10:00:01.000Z';

/** A context of its own for each test, so that all tests can share one store. */
export function makeContext(site = `site${++count}`, owner = 'v_aaaaaaaaaaaaaaaaaaaaaa'): Context {
  return {
    site: {
      id: site,
      name: 'A site',
      origins: ['https://example.com'],
      epoch: 0,
      settings: { prompts: [], theme: 'auto', pageContext: 'page' },
    },
    owner,
    metadata: {},
    signal: new AbortController().signal,
  };
}
let count = 0;

export function makeThread(id: string, createdAt = T0): ThreadMetadata {
  return { id, created_at: createdAt, status: { type: 'active' }, metadata: {} };
}

export function makeMessage(threadId: string, id: string, text = 'Hello', createdAt = T0): UserMessageItem {
  return {
    type: 'user_message',
    id,
    thread_id: threadId,
    created_at: createdAt,
    content: [{ type: 'input_text', text }],
    attachments: [],
    inference_options: {},
  };
}

export function makeAnswer(threadId: string, id: string, text: string, createdAt = T0): AssistantMessageItem {
  return {
    type: 'assistant_message',
    id,
    thread_id: threadId,
    created_at: createdAt,
    content: [{ type: 'output_text', text, annotations: [] }],
  };
}

/** The `Store` port as tests: what an implementation must do, whatever it stands on. */
export function storeContract(name: string, makeStore: () => Promise<Store<Context>>): void {
  describe(`store contract: ${name}`, () => {
    let store: Store<Context>;
    beforeAll(async () => {
      store = await makeStore();
    });

    async function threadWith(context: Context, items: UserMessageItem[]): Promise<string> {
      const threadId = `thr_${context.site.id}`;
      await store.saveThread(context, makeThread(threadId));
      for (const item of items) await store.saveItem(context, threadId, { ...item, thread_id: threadId });
      return threadId;
    }
    const idsOf = async (context: Context, threadId: string, page: PageRequest) =>
      (await store.loadItems(context, threadId, page))?.data.map(({ id }) => id);

    test('a thread is created with its first item', async () => {
      const context = makeContext();
      const threadId = `thr_${context.site.id}`;
      const item = makeMessage(threadId, 'msg_first');
      await store.createThread(context, makeThread(threadId), item);
      expect(await store.loadThread(context, threadId)).toEqual(makeThread(threadId));
      expect(await store.loadItem(context, threadId, 'msg_first')).toEqual(item);
      expect(await store.loadThread(makeContext(context.site.id, 'v_somebody'), threadId)).toBeUndefined();
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
      expect(await idsOf(context, threadId, { limit: 20, order: 'asc' })).toEqual(['msg_1', 'msg_2']);
      expect(await store.loadItem(context, threadId, 'msg_1')).toEqual(later);
    });

    test('items of the same millisecond keep the order of their insertion', async () => {
      const context = makeContext();
      // Ids that sort the other way, so that an order by id shows.
      const ids = Array.from({ length: 9 }, (_, index) => `msg_${9 - index}`);
      const threadId = await threadWith(
        context,
        ids.map((id) => makeMessage('', id)),
      );
      expect(await idsOf(context, threadId, { limit: 20, order: 'asc' })).toEqual(ids);
      expect(await idsOf(context, threadId, { limit: 20, order: 'desc' })).toEqual(ids.toReversed());
    });

    test('time comes before insertion', async () => {
      const context = makeContext();
      const threadId = await threadWith(context, [
        makeMessage('', 'msg_late', '', T1),
        makeMessage('', 'msg_early', '', T0),
        // The same instant as `msg_late`, in another zone and precision.
        makeMessage('', 'msg_zoned', '', '2026-11-24T11:00:01+01:00'),
      ]);
      expect(await idsOf(context, threadId, { limit: 20, order: 'asc' })).toEqual([
        'msg_early',
        'msg_late',
        'msg_zoned',
      ]);
    });

    test.each(['asc', 'desc'] as const)('paging %s meets every item once, ties included', async (order) => {
      const context = makeContext();
      const items = Array.from({ length: 25 }, (_, index) => makeMessage('', `msg_${index}`, '', index < 12 ? T0 : T1));
      const threadId = await threadWith(context, items);
      const seen: string[] = [];
      let after: string | undefined;
      for (let pages = 1; ; pages++) {
        const page = await store.loadItems(context, threadId, { limit: 7, order, ...(after && { after }) });
        seen.push(...(page?.data.map(({ id }) => id) ?? []));
        expect(page?.has_more).toBe(pages < 4);
        expect(page?.after).toBe(pages < 4 ? seen.at(-1) : undefined);
        if (!page?.has_more) break;
        after = page.after;
      }
      const ids = items.map(({ id }) => id);
      expect(seen).toEqual(order === 'asc' ? ids : ids.toReversed());
    });

    test('a full last page says that nothing follows', async () => {
      const context = makeContext();
      const threadId = await threadWith(context, [makeMessage('', 'msg_1'), makeMessage('', 'msg_2')]);
      expect((await store.loadItems(context, threadId, { limit: 2, order: 'asc' }))?.has_more).toBe(false);
      expect(await store.loadItems(context, threadId, { limit: 2, order: 'asc', after: 'msg_2' })).toEqual({
        data: [],
        has_more: false,
      });
    });

    test('threads are paged in both directions', async () => {
      const context = makeContext();
      const [first, second, third] = ['c', 'b', 'a'].map((name) => makeThread(`thr_${name}_${context.site.id}`));
      if (!first || !second || !third) throw new Error('three threads');
      for (const thread of [first, second, third]) await store.saveThread(context, thread);
      expect(await store.loadThreads(context, { limit: 2, order: 'desc' })).toEqual({
        data: [third, second],
        has_more: true,
        after: second.id,
      });
      expect(await store.loadThreads(context, { limit: 2, order: 'desc', after: second.id })).toEqual({
        data: [first],
        has_more: false,
      });
      expect(await store.loadThreads(context, { limit: 2, order: 'asc', after: first.id })).toEqual({
        data: [second, third],
        has_more: false,
      });
    });

    test('a cursor that is not of this list is unknown (C18, C19)', async () => {
      const context = makeContext();
      const threadId = await threadWith(context, [makeMessage('', 'msg_mine')]);
      const other = makeContext();
      await threadWith(other, [makeMessage('', 'msg_theirs')]);
      for (const after of ['', 'msg_missing', 'msg_theirs', threadId, "' OR 1=1 --"])
        expect(await store.loadItems(context, threadId, { limit: 20, order: 'asc', after })).toBeUndefined();
      for (const after of ['', 'thr_missing', `thr_${other.site.id}`, 'msg_mine'])
        expect(await store.loadThreads(context, { limit: 20, order: 'desc', after })).toBeUndefined();
    });

    test('a missing thread has no items to load or take', async () => {
      const context = makeContext();
      expect(await store.loadThread(context, 'thr_none')).toBeUndefined();
      expect(await store.loadItems(context, 'thr_none', { limit: 20, order: 'asc' })).toBeUndefined();
      expect(await store.saveItem(context, 'thr_none', makeMessage('thr_none', 'msg_1'))).toBe(false);
      expect(await store.loadItem(context, 'thr_none', 'msg_1')).toBeUndefined();
    });

    test('an empty list is a page', async () => {
      const context = makeContext();
      expect(await store.loadThreads(context, { limit: 20, order: 'desc' })).toEqual({ data: [], has_more: false });
      const threadId = await threadWith(context, []);
      expect(await store.loadItems(context, threadId, { limit: 20, order: 'asc' })).toEqual({
        data: [],
        has_more: false,
      });
    });

    test('deleting an item takes that item alone, a missing one is no error', async () => {
      const context = makeContext();
      const threadId = await threadWith(context, [makeMessage('', 'msg_1'), makeMessage('', 'msg_2')]);
      await store.deleteItem(context, threadId, 'msg_1');
      await store.deleteItem(context, threadId, 'msg_1');
      expect(await idsOf(context, threadId, { limit: 20, order: 'asc' })).toEqual(['msg_2']);
    });

    test('deleting a thread takes its items, a missing one is no error', async () => {
      const context = makeContext();
      const threadId = await threadWith(context, [makeMessage('', 'msg_1')]);
      await store.deleteThread(context, threadId);
      await store.deleteThread(context, threadId);
      expect(await store.loadThread(context, threadId)).toBeUndefined();
      await store.saveThread(context, makeThread(threadId));
      expect(await idsOf(context, threadId, { limit: 20, order: 'asc' })).toEqual([]);
    });

    attachmentContract(() => store, makeContext);

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
