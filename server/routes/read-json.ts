import { ApiError } from '../errors.ts';

/** 8,000 characters of question and 24 KB of page text fit twice. */
export const MAX_BODY_BYTES = 64 * 1024;
export const MAX_JSON_DEPTH = 32;

/**
 * The body as JSON. Throws `ApiError`: `body_too_large` as soon as the cap is passed, whatever the length header says;
 * `invalid_json` for what is not JSON in UTF-8; `invalid_request` for nesting beyond `MAX_JSON_DEPTH`.
 */
export async function readJson(request: Request): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new ApiError('body_too_large', `a body holds at most ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch (cause) {
    throw new ApiError('invalid_json', 'the body is not JSON in UTF-8', { cause });
  }
  if (isDeeperThan(value, MAX_JSON_DEPTH))
    throw new ApiError('invalid_request', `the body nests deeper than ${MAX_JSON_DEPTH} levels`);
  return value;
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((entry) => isDeeperThan(entry, levels - 1));
}
