import { ApiError } from '../errors.ts';

/** Longer is no host name: DNS ends at 253 characters. */
const MAX_CHARS = 300;

/**
 * The entries of a list of origins that let this one in: itself, and the wildcard of its parent domain, which stands
 * for exactly one label (`https://*.example.com` for `https://a.example.com`, neither for `https://example.com` nor
 * for `https://a.b.example.com`). Empty for what no browser sends as the origin of a page: matching is exact, as
 * RFC 6454 serialises an origin.
 */
export function originPatterns(origin: string): string[] {
  // `null` is what sandboxed frames, data: and file: pages all share: it names nobody. A host may hold `*`.
  if (origin === 'null' || origin.length > MAX_CHARS || origin.includes('*')) return [];
  const url = URL.parse(origin);
  if (url?.origin !== origin || !['https:', 'http:'].includes(url.protocol)) return [];
  const wildcard = /^https:\/\/[^.:[\]]+(\..+)$/.exec(origin);
  return wildcard ? [origin, `https://*${wildcard[1]}`] : [origin];
}

/**
 * The origin a browser says it calls from, checked against each of the lists. Only a browser cannot forge it, so this
 * keeps other web sites out and nobody else.
 */
export function requireOrigin(origin: string | undefined, ...lists: string[][]): string {
  const patterns = originPatterns(origin ?? '');
  if (origin === undefined || !lists.every((list) => patterns.some((pattern) => list.includes(pattern))))
    throw new ApiError('origin_not_allowed', 'This origin is not on the list of the site.');
  return origin;
}
