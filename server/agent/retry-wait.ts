import { APIConnectionError } from 'openai';

const MAX_RETRIES = 2;
/** A longer `Retry-After` is the visitor's to wait out, with a retry button. */
const MAX_RETRY_WAIT_MS = 10_000;

/**
 * Milliseconds to wait before a failed request is sent again, after `attempt` earlier repeats. `undefined`: it cannot
 * help, or it was tried twice. It can help where the connection broke, and for 408, 429 and 5xx.
 */
export function retryWait(error: unknown, attempt: number): number | undefined {
  const { name, status, headers } = error as Error & { status?: number; headers?: Headers };
  const canHelp =
    status === undefined
      ? name === 'NetworkError' || error instanceof APIConnectionError
      : status === 408 || status === 429 || status >= 500;
  if (!canHelp || attempt >= MAX_RETRIES) return undefined;
  const asked = Number(headers?.get('retry-after') ?? Number.NaN) * 1000;
  if (asked > MAX_RETRY_WAIT_MS) return undefined;
  return Number.isFinite(asked) ? asked : 500 * 2 ** attempt;
}
