import type { Site } from '../context.ts';
import { ApiError } from '../errors.ts';

/**
 * The origin a browser says it calls from, checked against the site: exact, as RFC 6454 serialises it. Only a browser
 * cannot forge it, so this keeps other web sites out and nobody else.
 */
export function requireOrigin(origin: string | undefined, site: Site): string {
  // `null` is what sandboxed frames, data: and file: pages all share: it names nobody.
  if (origin === undefined || origin === 'null' || !site.origins.includes(origin))
    throw new ApiError('origin_not_allowed', 'This origin is not on the list of the site.');
  return origin;
}
