import type { AttachmentLimits, SiteView } from '../../protocol/session.ts';
import { createCache } from '../cache.ts';
import type { Site } from '../context.ts';
import { ApiError } from '../errors.ts';
import { parseSite } from './parse-site.ts';
import { applyPatch, type SitePatch } from './patch-site.ts';

/** Where sites are kept. What it loads is unchecked: settings may be older than the program. */
export interface SiteStore {
  loadSite(siteId: string): Promise<unknown>;
  hasOrigin(entry: string): Promise<boolean>;
  /** In the order of their letters. */
  loadSiteIds(): Promise<string[]>;
  /** Inserts or replaces, durable when it resolves; the epoch never falls. */
  saveSite(site: Site): Promise<void>;
  raiseEpoch(siteId: string): Promise<void>;
  /** The site and all that belongs to it; whether it was there. */
  deleteSite(siteId: string): Promise<boolean>;
}

export interface SiteRegistry {
  /** A site that lets people in; it may be a minute old. */
  find(siteId: string): Promise<Site | undefined>;
  /** Any site, as it is in the store. */
  load(siteId: string): Promise<Site | undefined>;
  list(): Promise<Site[]>;
  /** Whether any site lists exactly this origin or wildcard: for a preflight, which carries no token. */
  hasOrigin(entry: string): Promise<boolean>;
  /** Inserts or updates. Throws a `SiteError` that names the bad setting. */
  ensure(site: Site): Promise<Site>;
  /** A new site, from what its owner has set. Throws `ApiError`: `site_exists`, or `invalid_request` with the name. */
  add(siteId: string, patch: SitePatch): Promise<Site>;
  /** `undefined` when there is no such site. Throws `ApiError` that names the bad setting. */
  change(siteId: string, patch: SitePatch): Promise<Site | undefined>;
  /** Ends all sessions of the site. */
  endSessions(siteId: string): Promise<void>;
  /** Removes the site and all that its visitors own; whether it was there. */
  remove(siteId: string): Promise<boolean>;
  siteView(site: Site): SiteView;
}

/**
 * How long an answer may be older than the store, in milliseconds: a revoked site is out on every node in a minute, its
 * open answers too, which are looked at every 15 s.
 */
const CACHE_MS = 40_000;

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
  const forget = (): void => {
    sites.clear();
    origins.clear();
  };
  async function load(siteId: string): Promise<Site | undefined> {
    const found = await store.loadSite(siteId);
    return found === undefined ? undefined : parseSite(found);
  }
  async function save(site: Site): Promise<Site> {
    const checked = parseSite(site);
    await store.saveSite(checked);
    forget();
    return checked;
  }
  return {
    find: (siteId) =>
      sites.get(siteId, async () => {
        const site = await load(siteId);
        return site?.settings.suspended ? undefined : site;
      }),
    load,
    async list() {
      const found = await Promise.all((await store.loadSiteIds()).map(load));
      return found.filter((site) => site !== undefined);
    },
    hasOrigin: (entry) => origins.get(entry, () => store.hasOrigin(entry)),
    ensure: save,
    async add(siteId, patch) {
      if (await load(siteId)) throw new ApiError('site_exists', `there is a site ${siteId} already`);
      // Not 0: the sessions of a site of that name that was removed a moment ago must stay ended.
      const epoch = Math.floor(now() / 1000);
      return save(applyPatch({ id: siteId, name: siteId, origins: [], epoch, settings: {} }, patch));
    },
    async change(siteId, patch) {
      const found = await load(siteId);
      return found && save(applyPatch(found, patch));
    },
    async endSessions(siteId) {
      await store.raiseEpoch(siteId);
      forget();
    },
    async remove(siteId) {
      const found = await store.deleteSite(siteId);
      forget();
      return found;
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
