import type { AttachmentLimits, SiteView } from '../../protocol/session.ts';
import { createCache } from '../cache.ts';
import type { Site } from '../context.ts';
import { parseSite } from './parse-site.ts';

/** Where sites are kept. What it loads is unchecked: settings may be older than the program. */
export interface SiteStore {
  loadSite(siteId: string): Promise<unknown>;
  hasOrigin(entry: string): Promise<boolean>;
  /** Inserts or replaces, durable when it resolves. */
  saveSite(site: Site): Promise<void>;
}

export interface SiteRegistry {
  find(siteId: string): Promise<Site | undefined>;
  /** Whether any site lists exactly this origin or wildcard: for a preflight, which carries no token. */
  hasOrigin(entry: string): Promise<boolean>;
  /** Inserts or updates. Throws a `SiteError` that names the bad setting. */
  ensure(site: Site): Promise<void>;
  siteView(site: Site): SiteView;
}

/** How long an answer may be older than the store, in milliseconds: a revoked site is out on every node in a minute. */
const CACHE_MS = 60_000;

export interface SiteRegistryOptions {
  store: SiteStore;
  /** The same for every site: what the server takes. */
  attachments: AttachmentLimits;
  /** The same for every site: whether the server takes dictation. */
  dictation: boolean;
  /** Milliseconds. */
  now: () => number;
}

export function createSiteRegistry({ store, attachments, dictation, now }: SiteRegistryOptions): SiteRegistry {
  const sites = createCache<Site | undefined>(CACHE_MS, now);
  const origins = createCache<boolean>(CACHE_MS, now);
  return {
    find: (siteId) =>
      sites.get(siteId, async () => {
        const found = await store.loadSite(siteId);
        return found === undefined ? undefined : parseSite(found);
      }),
    hasOrigin: (entry) => origins.get(entry, () => store.hasOrigin(entry)),
    async ensure(site) {
      await store.saveSite(parseSite(site));
      sites.clear();
      origins.clear();
    },
    siteView: ({ id, name, settings }) => ({
      id,
      name,
      prompts: settings.prompts,
      theme: settings.theme,
      page_context: settings.pageContext,
      attachments,
      dictation,
      ...(settings.greeting !== undefined && { greeting: settings.greeting }),
      ...(settings.placeholder !== undefined && { placeholder: settings.placeholder }),
      ...(settings.accent !== undefined && { accent: settings.accent }),
      ...(settings.disclaimer !== undefined && { disclaimer: settings.disclaimer }),
    }),
  };
}
