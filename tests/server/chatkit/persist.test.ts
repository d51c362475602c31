import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyEvent } from '../../../protocol/apply-event.ts';
import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import type { Thread } from '../../../protocol/thread.ts';
import { isHidden } from '../../../server/chatkit/hidden-items.ts';
import { persist } from '../../../server/chatkit/persist.ts';
import { toWireItem } from '../../../server/chatkit/wire-item.ts';
import { anyStream, THREAD } from '../../protocol/arbitrary-events.ts';
import { feed, makeNotingStore } from './noting-store.ts';

test('whatever is streamed, an item that ended is stored before it is shown, and shown as it is stored', async () => {
  await fc.assert(
    fc.asyncProperty(anyStream, async (events) => {
      const { store, load } = await makeNotingStore();
      const reported: unknown[] = [];
      const context = { signal: new AbortController().signal };
      const kept = persist(() => feed(events), {
        store,
        context,
        thread: structuredClone(THREAD),
        signal: context.signal,
        onCancelled: () => Promise.reject(new Error('nobody cancels')),
        reportError: (error) => reported.push(error),
      });

      let shown: Thread = { ...THREAD, items: { data: [], has_more: false } };
      const find = (id: string) => shown.items.data.find((item) => item.id === id);
      for await (const event of kept) {
        shown = applyEvent(shown, event);
        if (event.type !== 'thread.item.done' && event.type !== 'thread.item.replaced') continue;
        const stored = await load(event.item.id);
        expect(find(event.item.id)).toEqual(stored && toWireItem(stored));
      }

      expect(reported).toEqual([]);
      expect(shown.items.data.filter(isHidden)).toEqual([]);
      for (const [id, last] of lastOfEach(events)) {
        if (last.type === 'thread.item.added' || last.type === 'thread.item.updated') continue;
        const stored = await load(id);
        expect(stored === undefined).toBe(last.type === 'thread.item.removed');
        expect(find(id)).toEqual(stored && !isHidden(stored) ? toWireItem(stored) : undefined);
      }
    }),
    { numRuns: 200 },
  );
});

/** The last event of each item. */
function lastOfEach(events: ThreadStreamEvent[]): Map<string, ThreadStreamEvent> {
  const last = new Map<string, ThreadStreamEvent>();
  for (const event of events) {
    if ('item' in event) last.set(event.item.id, event);
    else if ('item_id' in event) last.set(event.item_id, event);
  }
  return last;
}
