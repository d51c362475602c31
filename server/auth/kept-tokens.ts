import { readClaims } from './unproven.ts';
import type { KeptToken, VisitorStore } from './visitors.ts';
import { unwrap, wrap } from './wrap.ts';

/** The tokens of users who have signed in, for tools that are called in their name: wrapped, until they run out. */
export interface KeptTokens {
  /** What to store with the visitor; the token has been verified. */
  keep(siteId: string, visitorId: string, token: string): KeptToken;
  /** As it is stored now: `undefined` after a logout, a switch, or its end. */
  read(siteId: string, visitorId: string): Promise<string | undefined>;
}

export interface KeptTokensOptions {
  visitors: Pick<VisitorStore, 'findVisitor'>;
  keySecret: string;
  /** Milliseconds. */
  now: () => number;
}

export function createKeptTokens({ visitors, keySecret, now }: KeptTokensOptions): KeptTokens {
  const wrapping = (siteId: string, visitorId: string) =>
    ({ purpose: 'user tokens', row: `${siteId} ${visitorId} user_token`, secret: keySecret }) as const;
  return {
    keep: (siteId, visitorId, token) => ({
      wrapped: wrap(Buffer.from(token), wrapping(siteId, visitorId)),
      // In seconds. A token without an end has not been verified.
      expiresAt: Number(readClaims(token)?.['exp']) * 1000,
    }),
    async read(siteId, visitorId) {
      const token = (await visitors.findVisitor(siteId, visitorId))?.signIn?.token;
      if (!token || token.expiresAt <= now()) return undefined;
      return unwrap(token.wrapped, wrapping(siteId, visitorId)).toString();
    },
  };
}
