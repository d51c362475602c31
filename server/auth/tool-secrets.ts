import { createCache } from '../cache.ts';
import { ApiError } from '../errors.ts';
import { unwrap, wrap } from './wrap.ts';

export interface ToolSecretStore {
  loadToolSecret(siteId: string, server: string): Promise<string | undefined>;
  /** In place of the one before. */
  saveToolSecret(siteId: string, server: string, wrapped: string, createdAt: number): Promise<void>;
  /** Whether it was there. */
  deleteToolSecret(siteId: string, server: string): Promise<boolean>;
}

/** The credentials that owners set for their servers of tools: kept wrapped, and shown to nobody. */
export interface ToolSecrets {
  load(siteId: string, server: string): Promise<string | undefined>;
  /** Throws `ApiError` for what no header can hold. */
  set(siteId: string, server: string, value: string): Promise<void>;
  /** Whether it was there. */
  remove(siteId: string, server: string): Promise<boolean>;
}

export interface ToolSecretsOptions {
  store: ToolSecretStore;
  keySecret: string;
  /** Milliseconds. */
  now: () => number;
}

/** How long another server may take to see a change, in milliseconds. */
const CACHE_MS = 30_000;

export function createToolSecrets({ store, keySecret, now }: ToolSecretsOptions): ToolSecrets {
  const cache = createCache<string | undefined>(CACHE_MS, now);
  const wrapping = (siteId: string, server: string) =>
    ({ purpose: 'credentials of tools', row: `${siteId} ${server} mcp.secret`, secret: keySecret }) as const;
  return {
    load: (siteId, server) =>
      cache.get(`${siteId} ${server}`, async () => {
        const wrapped = await store.loadToolSecret(siteId, server);
        return wrapped === undefined ? undefined : unwrap(wrapped, wrapping(siteId, server)).toString();
      }),
    async set(siteId, server, value) {
      if (!/^[\x21-\x7e](?:[\x20-\x7e]{0,4094}[\x21-\x7e])?$/.test(value))
        throw new ApiError('invalid_request', 'the credential of a tool must be one line of at most 4096 characters');
      await store.saveToolSecret(siteId, server, wrap(Buffer.from(value), wrapping(siteId, server)), now());
      cache.clear();
    },
    async remove(siteId, server) {
      const found = await store.deleteToolSecret(siteId, server);
      cache.clear();
      return found;
    },
  };
}
