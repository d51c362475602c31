import { createMemoryStore as createFor } from '../../server/chatkit/memory-store.ts';
import type { Store } from '../../server/chatkit/store.ts';

/** The store in memory, scoped as the product's own is: by site and owner. */
export function createMemoryStore<Context extends { site: { id: string }; owner: string }>(): Store<Context> {
  return createFor(({ site, owner }) => `${site.id}\n${owner}`);
}
