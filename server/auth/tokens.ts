import { randomBytes } from 'node:crypto';
import { type JWTPayload, SignJWT } from 'jose';
import { SITE_ID } from '../context.ts';
import { ApiError } from '../errors.ts';
import type { KeyRing } from './keys.ts';
import { verifyStrict } from './verify-strict.ts';

/** Public proof of which site a page belongs to, and the most origins it may be used on. */
export interface SiteProof {
  siteId: string;
  /** Which of the site's tokens this is: it counts as long as it is recorded. */
  id: string;
  origins: string[];
}
/** Proof of one visitor on one origin of one site. */
export interface SessionProof {
  visitorId: string;
  siteId: string;
  origin: string;
  /** The site's epoch when the session began. */
  epoch: number;
  /** `u_…`: the visitor has signed in, and this is whose threads these are. */
  userOwner?: string;
}

export interface Tokens {
  /** Times in seconds. The same record makes the same token, as long as the same key signs. */
  signSite(
    siteId: string,
    record: { id: string; issuedAt: number; expiresAt: number; origins: string[] },
  ): Promise<string>;
  verifySite(token: string): Promise<SiteProof>;
  signSession(proof: SessionProof): Promise<string>;
  verifySession(token: string): Promise<SessionProof>;
}

const DAY_SECONDS = 24 * 60 * 60;
/** Seconds. Pasted into pages and forgotten there, so it lives long; it opens nothing but a session. */
export const SITE_LIFETIME = 400 * DAY_SECONDS;
/** Seconds. How long a session that leaked stays useful. */
export const SESSION_LIFETIME = 15 * 60;

interface Kind {
  typ: 'site+jwt' | 'sess+jwt';
  aud: string;
  lifetime: number;
}

/** Our own two kinds of JWT, both EdDSA. `issuer` is the public URL of this server. Verifying throws as `verifyStrict`. */
export function createTokens({ keys, issuer, now }: { keys: KeyRing; issuer: string; now: () => number }): Tokens {
  const site = { typ: 'site+jwt' as const, aud: `${issuer}/session`, lifetime: SITE_LIFETIME };
  const session = { typ: 'sess+jwt' as const, aud: `${issuer}/api`, lifetime: SESSION_LIFETIME };

  async function sign({ typ, aud, lifetime }: Kind, claims: JWTPayload): Promise<string> {
    const { kid, privateKey } = await keys.signing();
    const iat = Math.floor(now() / 1000);
    const jti = randomBytes(16).toString('base64url');
    return new SignJWT({ iss: issuer, aud, iat, exp: iat + lifetime, jti, ...claims })
      .setProtectedHeader({ alg: 'EdDSA', typ, kid })
      .sign(privateKey);
  }
  const verify = (token: string, kind: Kind) =>
    verifyStrict(token, {
      ...kind,
      algs: ['EdDSA'],
      iss: issuer,
      tooLong: 'token_invalid',
      findKey: async ({ kid }) => (kid === undefined ? undefined : keys.find(kid)),
      now,
    });

  return {
    signSite: (siteId, { id, issuedAt, expiresAt, origins }) =>
      sign(site, { sub: siteId, jti: id, iat: issuedAt, exp: expiresAt, org: origins }),
    async verifySite(token) {
      const { sub, jti, org } = await verify(token, site);
      if (!SITE_ID.test(sub) || typeof jti !== 'string') throw malformed();
      if (!Array.isArray(org) || !org.every((origin) => typeof origin === 'string')) throw malformed();
      return { siteId: sub, id: jti, origins: org };
    },
    signSession: ({ visitorId, siteId, origin, epoch, userOwner }) =>
      sign(session, {
        sub: visitorId,
        sid: randomBytes(16).toString('base64url'),
        site: siteId,
        org: origin,
        ep: epoch,
        ...(userOwner === undefined ? { idv: 'anon' } : { idv: 'verified', uid: userOwner }),
      }),
    async verifySession(token) {
      const { sub, site: siteId, org, ep, uid } = await verify(token, session);
      if (!/^v_[\w-]{22}$/.test(sub) || typeof siteId !== 'string' || !SITE_ID.test(siteId)) throw malformed();
      if (typeof org !== 'string' || typeof ep !== 'number') throw malformed();
      const proof = { visitorId: sub, siteId, origin: org, epoch: ep };
      if (uid === undefined) return proof;
      if (typeof uid !== 'string' || !/^u_[\w-]{22}$/.test(uid)) throw malformed();
      return { ...proof, userOwner: uid };
    },
  };
}

function malformed(): ApiError {
  return new ApiError('token_invalid', 'The token is not valid here.');
}
