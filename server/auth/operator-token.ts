import { createHash, timingSafeEqual } from 'node:crypto';
import { ApiError } from '../errors.ts';
import { parseBearer } from './bearer.ts';

/**
 * Lets the operator in and nobody else: throws `ApiError` unless the `Authorization` header carries the token. A call
 * with an `Origin` comes from a page in a browser, where the operator's token has no business.
 */
export function createOperatorCheck(token: string) {
  const expected = digest(token);
  return ({ bearer, origin }: { bearer: string | undefined; origin: string | undefined }): void => {
    if (origin !== undefined) throw new ApiError('origin_not_allowed', 'operators do not call from a browser');
    // Of equal length, so that comparing takes the same time whatever was sent.
    if (!timingSafeEqual(digest(parseBearer(bearer) ?? ''), expected))
      throw new ApiError('token_invalid', 'the operator token is needed as Bearer');
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
