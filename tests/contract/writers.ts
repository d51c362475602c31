import { beforeAll, describe, expect, test } from 'vitest';
import type { Store, StoredAttachment } from '../../server/chatkit/store.ts';
import type { Context } from '../../server/context.ts';
import { idsOf, makeContext, makeMessage, makeThread, seedThread } from './make.ts';

/** What holds when writes overlap. The two stores stand on the same data: one store twice, or those of two programs. */
export function writersContract(getStores: () => [Store<Context>, Store<Context>]): void {
  describe('two writers at once', () => {
    let one: Store<Context>;
    let two: Store<Context>;
    beforeAll(() => {
      [one, two] = getStores();
    });
    const writer = (index: number) => (index % 2 === 0 ? one : two);

    test('lose no item of one thread, and show each once', async () => {
      const context = makeContext();
      const threadId = await seedThread(one, context, []);
      const ids = Array.from({ length: 40 }, (_, index) => `msg_${index}`);
      const saved = await Promise.all(
        ids.map((id, index) => writer(index).saveItem(context, threadId, makeMessage(threadId, id))),
      );
      expect(new Set(saved)).toEqual(new Set([true]));
      const ascending = await idsOf(two, context, threadId, { limit: 100, order: 'asc' });
      expect(ascending?.toSorted()).toEqual(ids.toSorted());
      expect(await idsOf(one, context, threadId, { limit: 100, order: 'desc' })).toEqual(ascending?.toReversed());
    });

    test('of one item leave one, as one of them wrote it', async () => {
      const context = makeContext();
      const threadId = await seedThread(one, context, []);
      const written = Array.from({ length: 10 }, (_, index) => makeMessage(threadId, 'msg_same', `text ${index}`));
      await Promise.all(written.map((item, index) => writer(index).saveItem(context, threadId, item)));
      const page = await one.loadItems(context, threadId, { limit: 100, order: 'asc' });
      expect(page?.data).toHaveLength(1);
      expect(written).toContainEqual(page?.data[0]);
    });

    test('of two owners share no thread: one has it, the other nothing', async () => {
      const [mine, theirs] = [makeContext(), makeContext()];
      const threadId = `thr_contested_${mine.site.id}`;
      await Promise.all([
        one.createThread(mine, makeThread(threadId), makeMessage(threadId, 'msg_mine'), []),
        two.createThread(theirs, makeThread(threadId), makeMessage(threadId, 'msg_theirs'), []),
      ]);
      const seen = await Promise.all(
        [mine, theirs].map((context) => idsOf(one, context, threadId, { limit: 20, order: 'asc' })),
      );
      expect([
        [['msg_mine'], undefined],
        [undefined, ['msg_theirs']],
      ]).toContainEqual(seen);
    });

    test('of two owners share no attachment', async () => {
      const [mine, theirs] = [makeContext(), makeContext()];
      const make = (name: string): StoredAttachment => ({
        type: 'file',
        id: `atc_contested_${mine.site.id}`,
        name,
        mime_type: 'text/plain',
      });
      const saved = await Promise.all([
        one.saveAttachment(mine, make('mine')),
        two.saveAttachment(theirs, make('theirs')),
      ]);
      expect(saved.filter(Boolean)).toHaveLength(1);
      const seen = await Promise.all([mine, theirs].map((context) => two.loadAttachment(context, make('').id)));
      expect(seen).toEqual(saved[0] ? [make('mine'), undefined] : [undefined, make('theirs')]);
    });

    test('that save into a thread and delete it leave nothing behind', async () => {
      const context = makeContext();
      const threadId = await seedThread(one, context, [makeMessage('', 'msg_first')]);
      const ids = Array.from({ length: 20 }, (_, index) => `msg_${index}`);
      await Promise.all([
        ...ids.map((id) => one.saveItem(context, threadId, makeMessage(threadId, id))),
        two.deleteThread(context, threadId),
      ]);
      expect(await one.loadThread(context, threadId)).toBeUndefined();
      await one.saveThread(context, makeThread(threadId));
      expect(await idsOf(one, context, threadId, { limit: 100, order: 'asc' })).toEqual([]);
    });
  });
}
