import type { Site } from '../context.ts';
import { ApiError } from '../errors.ts';
import { parseSite, SiteError } from './parse-site.ts';

/** What an owner changes: only what is named, and `null` makes it what it is by default. */
export interface SitePatch {
  name?: string | undefined;
  origins?: string[] | undefined;
  settings?: Record<string, unknown> | undefined;
}

/**
 * The site with the changes, checked. Throws `ApiError('invalid_request')` that names the bad setting: also one that
 * there is not, because a misspelt name would else be a setting that does nothing.
 */
export function applyPatch(site: Omit<Site, 'settings'> & { settings: object }, patch: SitePatch): Site {
  const { name = site.name, origins = site.origins, settings = {} } = patch;
  const identity = isRecord(settings['identity']) ? settings['identity'] : {};
  const before = new Map<string, unknown>(Object.entries(site.settings));
  const changed = merge(Object.fromEntries(before), settings);
  if (isRecord(settings['identity'])) changed['identity'] = merge(before.get('identity') ?? {}, identity);
  try {
    const result = parseSite({ ...site, name, origins, settings: changed });
    refuseUnknown(settings, result.settings, 'settings');
    refuseUnknown(identity, result.settings.identity, 'settings.identity');
    return result;
  } catch (error) {
    if (error instanceof SiteError) throw new ApiError('invalid_request', error.message);
    throw error;
  }
}

function merge(before: object, patch: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...before, ...patch }).filter(([, value]) => value !== null));
}

function refuseUnknown(patch: Record<string, unknown>, result: object, path: string): void {
  const unknown = Object.keys(patch).find((name) => patch[name] !== null && !Object.hasOwn(result, name));
  if (unknown !== undefined) throw new SiteError(`site: ${path}.${unknown} is no setting here`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
