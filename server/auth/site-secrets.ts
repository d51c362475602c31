import { randomBytes } from 'node:crypto';
import { createCache } from '../cache.ts';
import { ApiError } from '../errors.ts';
import { unwrap, wrap } from './wrap.ts';

/** A secret as it is kept. */
export interface StoredSecret {
  /** `sec_…` */
  id: string;
  wrapped: string;
  /** Milliseconds. */
  createdAt: number;
}

export interface SecretStore {
  /** Newest first. */
  loadSecrets(siteId: string): Promise<StoredSecret[]>;
  /** Adds one; of all of the site the newest `max` stay. */
  saveSecret(siteId: string, secret: StoredSecret, max: number): Promise<void>;
  /** Whether it was there. */
  deleteSecret(siteId: string, id: string): Promise<boolean>;
}

/** The secrets that sites share with this server, to sign their user tokens with. */
export interface SiteSecrets {
  /** The active ones, newest first: the keys of HS256. Empty when the site has none. */
  loadSecrets(siteId: string): Promise<Uint8Array[]>;
  /** Ids and dates, newest first: what may be shown. */
  list(siteId: string): Promise<{ id: string; createdAt: number }[]>;
  /** Takes a new one, beside the one before it; what was before that ends. Throws `ApiError` for a weak one. */
  add(siteId: string, secret: string): Promise<{ id: string }>;
  /** Whether it was there. */
  remove(siteId: string, id: string): Promise<boolean>;
}

/** Two, so that the site can change to a new one without a moment in which tokens fail. */
const MAX_ACTIVE = 2;
/** HS256 is as strong as its key: RFC 7518 §3.2 asks for the length of the hash. */
const MIN_BYTES = 32;
const MAX_BYTES = 1024;
/** How long another server may take to see a change, in milliseconds. */
const CACHE_MS = 30_000;

export interface SiteSecretsOptions {
  store: SecretStore;
  keySecret: string;
  /** Milliseconds. */
  now: () => number;
}

export function createSiteSecrets({ store, keySecret, now }: SiteSecretsOptions): SiteSecrets {
  const cache = createCache<Uint8Array[]>(CACHE_MS, now);
  const wrapping = (siteId: string) =>
    ({ purpose: 'site secrets', row: `${siteId} identity.secret`, secret: keySecret }) as const;
  return {
    loadSecrets: (siteId) =>
      cache.get(siteId, async () =>
        (await store.loadSecrets(siteId)).map(({ wrapped }) => unwrap(wrapped, wrapping(siteId))),
      ),
    list: async (siteId) => (await store.loadSecrets(siteId)).map(({ id, createdAt }) => ({ id, createdAt })),
    async add(siteId, text) {
      const bytes = Buffer.from(text);
      if (bytes.length < MIN_BYTES || bytes.length > MAX_BYTES)
        throw new ApiError('invalid_request', `site: identity.secret must be ${MIN_BYTES} to ${MAX_BYTES} bytes long`);
      const id = `sec_${randomBytes(16).toString('base64url')}`;
      const wrapped = wrap(bytes, wrapping(siteId));
      await store.saveSecret(siteId, { id, wrapped, createdAt: now() }, MAX_ACTIVE);
      cache.clear();
      return { id };
    },
    async remove(siteId, id) {
      const found = await store.deleteSecret(siteId, id);
      cache.clear();
      return found;
    },
  };
}
