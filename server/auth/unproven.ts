import { SITE_ID } from '../context.ts';
import { hasForm } from './verify-strict.ts';

/**
 * The site that a user token names as its audience, before anything about it is believed: it only says whose keys to
 * ask. `undefined` for a token of our own kinds, for an audience that no site can have, and for what is no token.
 */
export function readSite(token: string): string | undefined {
  const [header, payload] = hasForm(token) ? token.split('.').map(parse) : [];
  const { typ } = header ?? {};
  const { aud } = payload ?? {};
  // Ours say what they are, and name an address.
  const isOurs = typeof typ === 'string' && typ.toUpperCase() !== 'JWT';
  return typeof aud === 'string' && SITE_ID.test(aud) && !isOurs ? aud : undefined;
}

/** What a token claims, believed by nobody yet; `undefined` for what is no token. */
export function readClaims(token: string): Record<string, unknown> | undefined {
  return hasForm(token) ? parse(token.split('.')[1] ?? '') : undefined;
}

function parse(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
