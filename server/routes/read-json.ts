import { ApiError } from '../errors.ts';
import { MAX_BODY_BYTES } from './body-cap.ts';

export const MAX_JSON_DEPTH = 32;
/** Room for a slow telephone, and none for who keeps connections open on purpose. */
const BODY_MS = 30_000;

/**
 * The body as JSON. `capOf` may allow more than `MAX_BODY_BYTES` to a body that begins as it is told. Throws `ApiError`:
 * `body_too_large` as soon as the cap is passed, whatever the length header says; `invalid_json` for what is not JSON
 * in UTF-8; `invalid_request` for nesting beyond `MAX_JSON_DEPTH`, for a number that is none here (`1e400`), and for a
 * body that takes longer than `BODY_MS`.
 */
export async function readJson(request: Request, capOf?: (head: string) => number): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let cap = MAX_BODY_BYTES;
  for await (const chunk of chunksInTime(request)) {
    size += chunk.length;
    chunks.push(chunk);
    if (size > cap && capOf) cap = capOf(headOf(chunks));
    if (size > cap) throw new ApiError('body_too_large', `this body holds at most ${cap} bytes`);
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch (cause) {
    throw new ApiError('invalid_json', 'the body is not JSON in UTF-8', { cause });
  }
  if (isDeeperThan(value, MAX_JSON_DEPTH))
    throw new ApiError('invalid_request', `the body nests deeper than ${MAX_JSON_DEPTH} levels`);
  if (holdsInfinity(value)) throw new ApiError('invalid_request', 'the body holds a number that is too large');
  return value;
}

/** The server itself waits longer: for uploads. */
async function* chunksInTime({ body }: Request): AsyncGenerator<Uint8Array> {
  if (!body) return;
  const reader = body.getReader();
  let isLate = false;
  const stop = () => void reader.cancel().catch(() => {});
  const timer = setTimeout(() => {
    isLate = true;
    stop();
  }, BODY_MS);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (isLate) throw new ApiError('invalid_request', 'the body did not arrive in time');
      if (done) return;
      yield value;
    }
  } finally {
    clearTimeout(timer);
    stop();
  }
}

function headOf([first]: Uint8Array[]): string {
  return new TextDecoder('latin1').decode(first?.subarray(0, HEAD_BYTES));
}

/** More than white space and the longest type. */
const HEAD_BYTES = 256;

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((entry) => isDeeperThan(entry, levels - 1));
}

/** JSON has no infinity: written down again, it would come back as `null`. */
function holdsInfinity(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'number' && !Number.isFinite(value);
  return Object.values(value).some(holdsInfinity);
}
