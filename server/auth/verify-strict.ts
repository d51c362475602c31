import type { KeyObject } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { ErrorCode } from '../../protocol/error.ts';
import { ApiError } from '../errors.ts';

export type Algorithm = 'EdDSA' | 'ES256' | 'RS256' | 'HS256';

/** What a token says of itself before it is believed: enough to choose the key, and for nothing else. */
export interface TokenHeader {
  alg: Algorithm;
  kid?: string;
}

/** What a token must be; every field is checked, none has a default. */
export interface Expectation {
  algs: readonly Algorithm[];
  /** `user`: `JWT` or nothing, and no `jti` is asked for, as most issuers make them. */
  typ: 'site+jwt' | 'sess+jwt' | 'user';
  iss: string;
  aud: string;
  /** Longest `exp − iat`, in seconds, and the code for one that is longer. */
  lifetime: number;
  tooLong: ErrorCode;
  findKey: (header: TokenHeader) => Promise<KeyObject | Uint8Array | undefined>;
  /** Milliseconds. */
  now: () => number;
}

export type StrictClaims = JWTPayload & {
  iss: string;
  aud: string;
  sub: string;
  iat: number;
  exp: number;
};

/** Seconds that the clocks of two machines may differ. */
const SKEW_SECONDS = 30;
/** Refused before anything is parsed or computed. A site token with a hundred origins stays below. */
export const MAX_CHARS = 8 * 1024;

/**
 * The one place that believes a JWT, because the library by itself accepts too much: no `exp`, `exp` of the year
 * 30,000, `sub` as an object, any size. The key is found among those that are configured and never from the token
 * (`jku`, `x5u`, `jwk`, `x5c` are not looked at). RFC 8725 §3.1, 3.8–3.12.
 *
 * Throws `ApiError`: `token_expired` for a token that was right once, `tooLong` for one that lives too long, else
 * `token_invalid`, which does not say why; and what `findKey` throws.
 */
export async function verifyStrict(token: string, expected: Expectation): Promise<StrictClaims> {
  if (!hasForm(token)) throw invalid();
  const { typ } = expected;
  try {
    const { payload } = await jwtVerify(
      token,
      async (header) => {
        const { kid } = header;
        const alg = expected.algs.find((allowed) => allowed === header.alg);
        if (alg === undefined || !isTyp(header.typ, typ) || (kid !== undefined && typeof kid !== 'string'))
          throw invalid();
        return (await expected.findKey({ alg, ...(kid !== undefined && { kid }) })) ?? Promise.reject(invalid());
      },
      {
        algorithms: [...expected.algs],
        issuer: expected.iss,
        audience: expected.aud,
        requiredClaims: ['exp', 'iat', 'sub', ...(typ === 'user' ? [] : ['jti'])],
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

/**
 * Two JSON objects and a signature: a `{` begins so in base64url. Whoever sends thousands of tokens a second that are none
 * is refused at this look: 12 µs of the processor in all, where the library takes 50 to fail.
 */
export function hasForm(token: string): boolean {
  return token.length <= MAX_CHARS && /^e[wy][\w-]+\.e[wy][\w-]+\.[\w-]+$/.test(token);
}

function isTyp(sent: unknown, typ: Expectation['typ']): boolean {
  if (typ !== 'user') return sent === typ;
  return sent === undefined || (typeof sent === 'string' && sent.toUpperCase() === 'JWT');
}

/** One line of text: what a claim that names somebody must be before it reaches a query or a log. */
const NAME = /^\P{C}{1,255}$/u;

function checkClaims(claims: JWTPayload, { typ, aud, lifetime, tooLong }: Expectation): StrictClaims {
  const { sub, jti, iat = 0, exp = Number.POSITIVE_INFINITY } = claims;
  const named = [sub, ...(typ === 'user' ? [] : [jti])].every((value) => typeof value === 'string' && NAME.test(value));
  // The library takes a list that has our audience in it: then somebody else would accept the token too.
  if (!named || claims.aud !== aud) throw invalid();
  if (exp - iat > lifetime) throw new ApiError(tooLong, 'The token lives too long.');
  return claims as StrictClaims;
}

function invalid(): ApiError {
  return new ApiError('token_invalid', 'The token is not valid here.');
}
