import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Page } from '../../protocol/thread.ts';
import type { PageRequest, Store } from '../../server/chatkit/store.ts';
import type { Context } from '../../server/context.ts';
import { idsOf, makeContext, makeMessage, makeThread, seedThread, T0, T1 } from './make.ts';

type LoadPage = (page: PageRequest) => Promise<Page<{ id: string }> | undefined>;

/** How lists are paged: by time, then by insertion, whatever happens between two pages. */
export function pagingContract(getStore: () => Store<Context>): void {
  describe('pages', () => {
    let store: Store<Context>;
    beforeAll(() => {
      store = getStore();
    });

    test('items of the same millisecond keep the order of their insertion', async () => {
      const context = makeContext();
      // Ids that sort the other way, so that an order by id shows.
      const ids = Array.from({ length: 9 }, (_, index) => `msg_${9 - index}`);
      const threadId = await seedThread(
        store,
        context,
        ids.map((id) => makeMessage('', id)),
      );
      expect(await idsOf(store, context, threadId, { limit: 20, order: 'asc' })).toEqual(ids);
      expect(await idsOf(store, context, threadId, { limit: 20, order: 'desc' })).toEqual(ids.toReversed());
    });

    test('time comes before insertion', async () => {
      const context = makeContext();
      const threadId = await seedThread(store, context, [
        makeMessage('', 'msg_late', '', T1),
        makeMessage('', 'msg_early', '', T0),
        // The same instant as `msg_late`, in another zone and precision.
        makeMessage('', 'msg_zoned', '', '2026-11-24T11:00:01+01:00'),
      ]);
      expect(await idsOf(store, context, threadId, { limit: 20, order: 'asc' })).toEqual([
        'msg_early',
        'msg_late',
        'msg_zoned',
      ]);
    });

    test.each(['asc', 'desc'] as const)('paging %s meets every entry once, ties included', async (order) => {
      const context = makeContext();
      const names = Array.from({ length: 25 }, (_, index) => `${index}_${context.site.id}`);
      const threadId = await seedThread(
        store,
        context,
        names.map((name, index) => makeMessage('', `msg_${name}`, '', index < 12 ? T0 : T1)),
      );
      const forList = makeContext();
      for (const [index, name] of names.entries())
        await store.saveThread(forList, makeThread(`thr_${name}`, index < 12 ? T0 : T1));
      const ordered = order === 'asc' ? names : names.toReversed();
      for (const limit of [1, 7, 25]) {
        expect(await walk((page) => store.loadItems(context, threadId, page), order, limit)).toEqual(
          ordered.map((name) => `msg_${name}`),
        );
        expect(await walk((page) => store.loadThreads(forList, page), order, limit)).toEqual(
          ordered.map((name) => `thr_${name}`),
        );
      }
    });

    test('whatever was saved, replaced and deleted, every page size gives one order, in both directions', async () => {
      const saving = fc.record({ name: fc.nat(9), second: fc.nat(3), isDeleted: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(fc.array(saving, { maxLength: 25 }), fc.integer({ min: 1, max: 5 }), async (steps, limit) => {
          const context = makeContext();
          const threadId = await seedThread(store, context, []);
          let model: { id: string; second: number }[] = [];
          for (const { name, second, isDeleted } of steps) {
            const id = `msg_${name}`;
            const isKnown = model.some((entry) => entry.id === id);
            if (isDeleted) {
              await store.deleteItem(context, threadId, id);
              model = model.filter((entry) => entry.id !== id);
            } else {
              await store.saveItem(context, threadId, makeMessage(threadId, id, '', `2026-11-24T10:00:0${second}Z`));
              if (!isKnown) model.push({ id, second });
            }
          }
          const ids = model.toSorted((a, b) => a.second - b.second).map(({ id }) => id);
          const load: LoadPage = (page) => store.loadItems(context, threadId, page);
          expect(await walk(load, 'asc', limit)).toEqual(ids);
          expect(await walk(load, 'desc', limit)).toEqual(ids.toReversed());
        }),
        { numRuns: 25 },
      );
    });

    test.each([
      ['asc', ['msg_3', 'msg_4', 'msg_5']],
      ['desc', ['msg_1', 'msg_0']],
    ] as const)('what happens between two pages %s moves no entry over the border', async (order, rest) => {
      const context = makeContext();
      const messages = Array.from({ length: 5 }, (_, index) => makeMessage('', `msg_${index}`));
      const threadId = await seedThread(store, context, messages);
      const first = await store.loadItems(context, threadId, { limit: 3, order });
      expect(first?.after).toBe('msg_2');
      // The cursor and its neighbours are replaced, with a later time, and a new entry comes.
      for (const id of ['msg_1', 'msg_2', 'msg_3', 'msg_5'])
        await store.saveItem(context, threadId, makeMessage(threadId, id, 'new', T1));
      expect(await idsOf(store, context, threadId, { limit: 3, order, after: 'msg_2' })).toEqual(rest);
    });

    test('a cursor whose entry was deleted is unknown', async () => {
      const context = makeContext();
      const threadId = await seedThread(store, context, [makeMessage('', 'msg_1'), makeMessage('', 'msg_2')]);
      await store.deleteItem(context, threadId, 'msg_1');
      expect(await store.loadItems(context, threadId, { limit: 1, order: 'asc', after: 'msg_1' })).toBeUndefined();
      await store.deleteThread(context, threadId);
      expect(await store.loadThreads(context, { limit: 1, order: 'asc', after: threadId })).toBeUndefined();
    });

    test('a cursor that two threads have means the one of the thread that is read', async () => {
      const context = makeContext();
      const [a, b, c] = [makeMessage('', 'msg_a'), makeMessage('', 'msg_b'), makeMessage('', 'msg_c')];
      const threadId = await seedThread(store, context, [a, b, c]);
      const other = await seedThread(store, context, [c, b, makeMessage('', 'msg_d')], `${threadId}_other`);
      const page = { limit: 20, order: 'asc' } as const;
      expect(await idsOf(store, context, threadId, { ...page, after: 'msg_b' })).toEqual(['msg_c']);
      expect(await idsOf(store, context, other, { ...page, after: 'msg_b' })).toEqual(['msg_d']);
      // The other thread's alone is unknown here.
      expect(await store.loadItems(context, threadId, { ...page, after: 'msg_d' })).toBeUndefined();
    });

    test('a full last page says that nothing follows', async () => {
      const context = makeContext();
      const threadId = await seedThread(store, context, [makeMessage('', 'msg_1'), makeMessage('', 'msg_2')]);
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
      const threadId = await seedThread(store, context, [makeMessage('', 'msg_mine')]);
      const other = makeContext();
      await seedThread(store, other, [makeMessage('', 'msg_theirs')]);
      for (const after of ['', 'msg_missing', 'msg_theirs', threadId, "' OR 1=1 --"])
        expect(await store.loadItems(context, threadId, { limit: 20, order: 'asc', after })).toBeUndefined();
      for (const after of ['', 'thr_missing', `thr_${other.site.id}`, 'msg_mine'])
        expect(await store.loadThreads(context, { limit: 20, order: 'desc', after })).toBeUndefined();
    });

    test('an empty list is a page', async () => {
      const context = makeContext();
      expect(await store.loadThreads(context, { limit: 20, order: 'desc' })).toEqual({ data: [], has_more: false });
      const threadId = await seedThread(store, context, []);
      expect(await store.loadItems(context, threadId, { limit: 20, order: 'asc' })).toEqual({
        data: [],
        has_more: false,
      });
    });
  });
}

/** All ids of a list, met page by page. */
async function walk(load: LoadPage, order: PageRequest['order'], limit: number): Promise<string[]> {
  const seen: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await load({ limit, order, ...(after !== undefined && { after }) });
    if (!page) throw new Error(`no page after ${after}`);
    seen.push(...page.data.map(({ id }) => id));
    // A page is full while more follow, and only then names its last entry.
    expect(page).toEqual({
      data: page.data,
      has_more: page.has_more,
      ...(page.has_more && { after: seen.at(-1) }),
    });
    if (page.has_more) expect(page.data).toHaveLength(limit);
    else return seen;
    after = page.after;
  }
}
