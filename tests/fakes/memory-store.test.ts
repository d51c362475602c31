import type { Context } from '../../server/context.ts';
import { storeContract } from '../contract/store.ts';
import { createMemoryStore } from './memory-store.ts';

storeContract('memory', async () => createMemoryStore<Context>());
