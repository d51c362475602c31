import { createHash, type KeyObject } from 'node:crypto';
import type { Site, User } from '../context.ts';
import { ApiError } from '../errors.ts';
import type { Jwks } from './jwks.ts';
import type { SiteSecrets } from './site-secrets.ts';
import { type Algorithm, type TokenHeader, verifyStrict } from './verify-strict.ts';

/** A user as the site has proven it, with the owner that its threads go by. */
export interface UserProof {
  /** `u_…`, the same for the same `sub` of the same issuer on the same site, and for nobody else. */
  owner: string;
  user: User;
}

export interface UserTokens {
  /**
   * Throws `ApiError`: `token_invalid`, `token_expired`, `token_lifetime_too_long`; `user_token_unavailable` when the
   * keys of the site cannot be had; `not_configured` when the site has not said how its users are proven.
   */
  verify(site: Site, token: string): Promise<UserProof>;
}

export interface UserTokensOptions {
  secrets: Pick<SiteSecrets, 'loadSecrets'>;
  jwks: Jwks;
  /** Milliseconds. */
  now: () => number;
}

const ASYMMETRIC: readonly Algorithm[] = ['RS256', 'ES256', 'EdDSA'];
/** Seconds. */
const LIFETIME = 24 * 60 * 60;
/** Of the chosen claims together, as JSON: they are kept with the visitor and read by a model. */
const MAX_CLAIMS_BYTES = 4 * 1024;
const MAX_NAME_CHARS = 100;

/** Believes the tokens that sites make for their users: `iss` and keys from the site's settings, `aud` its id. */
export function createUserTokens({ secrets, jwks, now }: UserTokensOptions): UserTokens {
  return {
    async verify(site, token) {
      const { identity } = site.settings;
      if (identity.mode === 'none')
        throw new ApiError('not_configured', 'This site has not said how its users are proven.');
      const check = (
        algs: readonly Algorithm[],
        find: (header: TokenHeader) => Promise<KeyObject | Uint8Array | undefined>,
      ) =>
        verifyStrict(token, {
          algs,
          typ: 'user',
          iss: identity.issuer,
          aud: site.id,
          lifetime: LIFETIME,
          tooLong: 'token_lifetime_too_long',
          findKey: find,
          now,
        });
      const claims =
        identity.mode === 'jwks'
          ? await check(ASYMMETRIC, (header) => jwks.find(identity.jwksUrl, header))
          : await firstThatHolds(await secrets.loadSecrets(site.id), (secret) => check(['HS256'], async () => secret));
      return { owner: ownerOf(site.id, identity.issuer, claims.sub), user: toUser(claims, identity.claims) };
    },
  };
}

/** Two secrets are active while a site changes its own: the token says nowhere which one made it. */
async function firstThatHolds<T>(secrets: Uint8Array[], check: (secret: Uint8Array) => Promise<T>): Promise<T> {
  if (secrets.length === 0) throw new ApiError('user_token_unavailable', 'This site has no secret for user tokens.');
  let refusal: unknown;
  for (const secret of secrets)
    try {
      return await check(secret);
    } catch (error) {
      // Expired, or too long: then this secret has signed it, and no other one will say more.
      if (!(error instanceof ApiError) || error.code !== 'token_invalid') throw error;
      refusal = error;
    }
  throw refusal;
}

/** JSON, because in it no issuer and no name can end its own quotation. */
function ownerOf(siteId: string, issuer: string, sub: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([siteId, issuer, sub]))
    .digest('base64url');
  return `u_${digest.slice(0, 22)}`;
}

function toUser(token: Record<string, unknown> & { sub: string }, chosen: string[]): User {
  const claims: Record<string, unknown> = {};
  let room = MAX_CLAIMS_BYTES;
  for (const name of chosen) {
    if (!Object.hasOwn(token, name) || name === 'name') continue;
    const size = Buffer.byteLength(JSON.stringify({ [name]: token[name] }));
    if (size > room) continue;
    room -= size;
    claims[name] = withoutTraps(token[name]);
  }
  // Cut first: half a character at the end goes with what is no text.
  const cut = typeof token['name'] === 'string' ? token['name'].slice(0, MAX_NAME_CHARS) : '';
  const name = cut.replace(/\p{C}+/gu, ' ').trim();
  return { id: token.sub, claims, ...(name && { name }) };
}

/** Keys that mean something else on an object of a program are no data. */
function withoutTraps(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key: string, part: unknown) =>
    ['__proto__', 'constructor', 'prototype'].includes(key) ? undefined : part,
  );
}
