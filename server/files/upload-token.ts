import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { ApiError } from '../errors.ts';

/** Milliseconds, as long as a session lives: time to begin an upload in. */
const LIFETIME_MS = 15 * 60 * 1000;

/** What is kept of an upload token: enough to know it again. */
const kept = z.object({ token_hash: z.string(), expires_at: z.number() });

/** A token that lets whoever holds it upload one file, and what to keep of it. `now` in milliseconds. */
export function makeUploadToken(now: number): { token: string; kept: z.output<typeof kept> } {
  const token = randomBytes(32).toString('base64url');
  return { token, kept: { token_hash: hash(token).toString('hex'), expires_at: now + LIFETIME_MS } };
}

/**
 * Checks the `Authorization` header of an upload against what was kept; `undefined`: nothing was, there is no such
 * upload. Throws `token_invalid`, for a wrong token and for an unknown upload alike, and `token_expired`.
 */
export function checkUploadToken(header: string | undefined, known: unknown, now: number): void {
  const { success, data } = kept.safeParse(known);
  const [, token = ''] = /^bearer +([\w-]+) *$/i.exec(header ?? '') ?? [];
  if (!success || !timingSafeEqual(hash(token), Buffer.from(data.token_hash, 'hex')))
    throw new ApiError('token_invalid', 'The token is not valid here.');
  if (data.expires_at <= now) throw new ApiError('token_expired', 'The upload was not begun in time.');
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
