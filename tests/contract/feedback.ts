import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Context } from '../../server/context.ts';
import type { Database } from '../../server/store/database.ts';
import { createFeedbackStore } from '../../server/store/feedback-store.ts';
import { createThreadStore } from '../../server/store/thread-store.ts';
import { makeAnswer, makeContext, makeMessage, makeThread } from './store.ts';

const THREAD = 'thr_rated';
const LATER = '2026-11-24T10:00:05.000Z';

/** What a rating is on every database: the last word on a turn, of its owner's thread alone. */
export function feedbackContract(name: string, makeDatabase: () => Promise<Database>): void {
  describe(`feedback: ${name}`, () => {
    let db: Database;
    let context: Context;
    let threadId: string;
    const rate = (itemIds: string[], kind: 'positive' | 'negative', as = context) =>
      createFeedbackStore(db).saveFeedback(as, threadId, itemIds, kind);

    beforeAll(async () => {
      db = await makeDatabase();
    });
    /** Two turns: a question with two answers at the same moment, then a question with one. */
    beforeEach(async () => {
      context = makeContext();
      threadId = `${THREAD}_${context.site.id}`;
      const threads = createThreadStore(db);
      await threads.saveThread(context, makeThread(threadId));
      for (const item of [
        makeAnswer(threadId, 'msg_welcome', 'Welcome', '2026-11-24T09:59:59.000Z'),
        makeMessage(threadId, 'msg_q1'),
        makeAnswer(threadId, 'msg_a1', 'One'),
        makeAnswer(threadId, 'msg_a2', 'Two'),
        makeMessage(threadId, 'msg_q2', 'And?', LATER),
        makeAnswer(threadId, 'msg_a3', 'Three', LATER),
      ])
        await threads.saveItem(context, threadId, item);
    });

    async function ratings(): Promise<string[] | undefined> {
      const { site, owner } = context;
      const [found] = await db.read([
        {
          sql: 'SELECT turn_id, kind FROM feedback WHERE site_id = ? AND owner = ? AND thread_id = ? ORDER BY turn_id',
          args: [site.id, owner, threadId],
        },
      ]);
      return found?.rows.map(({ turn_id, kind }) => `${String(turn_id)} ${String(kind)}`);
    }

    test('is one of the turn, whichever and however many of its items are named', async () => {
      await rate(['msg_a1', 'msg_a2', 'msg_q1'], 'positive');
      await rate(['msg_a3'], 'negative');
      expect(await ratings()).toEqual(['msg_q1 positive', 'msg_q2 negative']);
      await rate(['msg_a2'], 'negative');
      expect(await ratings()).toEqual(['msg_q1 negative', 'msg_q2 negative']);
    });

    test('passes over what is not there, not the owner’s, or of no turn', async () => {
      await rate(['msg_missing', 'msg_welcome'], 'positive');
      await rate(['msg_a1'], 'negative', makeContext(context.site.id, 'v_foreign'));
      await rate(['msg_a1'], 'negative', makeContext());
      await rate([], 'negative');
      expect(await ratings()).toEqual([]);
      await rate(['msg_missing', 'msg_a3'], 'positive');
      expect(await ratings()).toEqual(['msg_q2 positive']);
    });

    test('goes with the answer it was for, with its turn and with its thread', async () => {
      const threads = createThreadStore(db);
      await rate(['msg_a1', 'msg_a2'], 'positive');
      await rate(['msg_a3'], 'negative');
      await threads.deleteItem(context, threadId, 'msg_a1');
      expect(await ratings()).toEqual(['msg_q1 positive', 'msg_q2 negative']);
      await threads.deleteItem(context, threadId, 'msg_a2');
      expect(await ratings()).toEqual(['msg_q2 negative']);
      await threads.deleteItem(context, threadId, 'msg_q2');
      expect(await ratings()).toEqual([]);
      await rate(['msg_q1'], 'positive');
      await threads.deleteThread(context, threadId);
      expect(await ratings()).toEqual([]);
    });
  });
}
