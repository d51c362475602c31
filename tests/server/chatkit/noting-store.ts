import type { ThreadItem } from '../../../protocol/item.ts';
import { createMemoryStore } from '../../../server/chatkit/memory-store.ts';
import { THREAD } from '../../protocol/arbitrary-events.ts';

export interface Asking {
  signal: AbortSignal;
}

/** A store that has the thread, and notes the items written to it; each goes through `beforeWrite` first. */
export async function makeNotingStore() {
  const memory = createMemoryStore<Asking>(() => 'owner');
  const asking: Asking = { signal: new AbortController().signal };
  await memory.saveThread(asking, THREAD);
  const written: ThreadItem[] = [];
  const hooks = { beforeWrite: (_item: ThreadItem) => {} };
  const store: typeof memory = {
    ...memory,
    saveItem(context, threadId, item) {
      hooks.beforeWrite(item);
      written.push(structuredClone(item));
      return memory.saveItem(context, threadId, item);
    },
  };
  return { store, written, hooks, load: (id: string) => memory.loadItem(asking, THREAD.id, id) };
}

export async function* feed<T>(values: T[]): AsyncGenerator<T> {
  yield* values;
}
