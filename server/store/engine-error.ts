import { LibsqlError } from '@libsql/client';
import { ApiError } from '../errors.ts';

/** Codes that name a mistake in our SQL or in what we bind: trying again cannot help, so they stay what they are. */
const OUR_MISTAKE = /^SQLITE_(?:ERROR|CONSTRAINT|MISMATCH|MISUSE|RANGE|TOOBIG|AUTH)|^SQL_/;

/** The one place that decides what a failure of the engine means to a caller: our mistake, or storage that is away. */
export function fromEngineError(error: unknown): unknown {
  if (error instanceof ApiError || error instanceof RangeError) return error;
  if (error instanceof LibsqlError && OUR_MISTAKE.test(error.code)) return error;
  return new ApiError('storage_unavailable', 'The storage does not answer. Nothing was saved; try again in a moment.', {
    cause: error,
  });
}
