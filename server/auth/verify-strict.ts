import type { KeyObject } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import { ApiError } from '../errors.ts';

/** What a token must be; every field is checked, none has a default. */
export interface Expectation {
  alg: 'EdDSA';
  typ: string;
  iss: string;
  aud: string;
  /** Longest `exp − iat`, in seconds. */
  lifetime: number;
  findKey: (kid: string) => Promise<KeyObject | undefined>;
  /** Milliseconds. */
  now: () => number;
}

export type StrictClaims = JWTPayload & {
  iss: string;
  aud: string;
  sub: string;
  jti: string;
  iat: number;
  exp: number;
};

/** Seconds that the clocks of two machines may differ. */
const SKEW_SECONDS = 30;
/** Refused before anything is parsed or computed. A site token with a hundred origins stays below. */
export const MAX_CHARS = 8 * 1024;

/**
 * The one place that believes a JWT, because the library by itself accepts too much: no `exp`, `exp` of the year
 * 30,000, `sub` as an object, any size. The key is found by `kid` among our own and never from the token (`jku`,
 * `x5u`, `jwk`, `x5c` are not looked at). RFC 8725 §3.1, 3.8–3.12.
 *
 * Throws `ApiError`: `token_expired` for a token that was right once, else `token_invalid`, which does not say why.
 */
export async function verifyStrict(token: string, expected: Expectation): Promise<StrictClaims> {
  if (token.length > MAX_CHARS) throw invalid();
  try {
    const { payload } = await jwtVerify(
      token,
      async ({ alg, typ, kid }) => {
        if (alg !== expected.alg || typ !== expected.typ || typeof kid !== 'string') throw invalid();
        return (await expected.findKey(kid)) ?? Promise.reject(invalid());
      },
      {
        algorithms: [expected.alg],
        typ: expected.typ,
        issuer: expected.iss,
        audience: expected.aud,
        requiredClaims: ['exp', 'iat', 'sub', 'jti'],
        maxTokenAge: expected.lifetime,
        clockTolerance: SKEW_SECONDS,
        currentDate: new Date(expected.now()),
      },
    );
    return checkClaims(payload, expected);
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new ApiError('token_expired', 'The token has expired.');
    // What is not about the token (the key store does not answer) is not the caller's fault.
    if (!(error instanceof errors.JOSEError)) throw error;
    throw invalid();
  }
}

/** One line of text: what a claim that names somebody must be before it reaches a query or a log. */
const NAME = /^\P{C}{1,255}$/u;

function checkClaims(claims: JWTPayload, { aud, lifetime }: Expectation): StrictClaims {
  const { sub, jti, iat = 0, exp = Number.POSITIVE_INFINITY } = claims;
  const named = [sub, jti].every((value) => typeof value === 'string' && NAME.test(value));
  // The library takes a list that has our audience in it: then somebody else would accept the token too.
  if (!named || claims.aud !== aud || exp - iat > lifetime) throw invalid();
  return claims as StrictClaims;
}

function invalid(): ApiError {
  return new ApiError('token_invalid', 'The token is not valid here.');
}
