import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { User } from './users';

/** The cookie that holds the user token. The prefix makes browsers insist on Secure, and on this host alone. */
export const TOKEN_COOKIE = '__Host-user-token';
export const TOKEN_SECONDS = 8 * 60 * 60;

/** Proves to the chat server who the user is; signed with the secret that `npm run site` gave it for this site. */
export async function signUserToken({ id, name }: User): Promise<string> {
  const secret = process.env.USER_TOKEN_SECRET;
  if (!secret) throw new Error('USER_TOKEN_SECRET is not set: it is the identity.secret of this site');
  return new SignJWT({ name })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(process.env.USER_TOKEN_ISSUER ?? 'http://localhost:3000')
    .setAudience(process.env.PAGEWISE_SITE ?? 'shop')
    .setSubject(id)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${TOKEN_SECONDS} s`)
    .sign(new TextEncoder().encode(secret));
}
