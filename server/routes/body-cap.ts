/** 8,000 characters of question and 24 KB of page text fit twice. */
export const MAX_BODY_BYTES = 64 * 1024;

/** What some requests carry besides words, with room for their other fields. */
const LARGE_BODY_BYTES: Record<string, number> = {
  'threads.add_client_tool_output': 256 * 1024 + MAX_BODY_BYTES,
  // 10 MB of sound, in base64.
  'input.transcribe': (10 * 1024 * 1024 * 4) / 3 + MAX_BODY_BYTES,
};

/**
 * Most bytes of a ChatKit request, by how it begins: a larger body has to name its type first, as elements write it,
 * so that nobody makes us read megabytes to learn that they are not wanted.
 */
export function chatkitBodyCap(head: string): number {
  const type = /^\s*\{\s*"type"\s*:\s*"([a-z_.]+)"/.exec(head)?.[1] ?? '';
  return Object.hasOwn(LARGE_BODY_BYTES, type) ? (LARGE_BODY_BYTES[type] ?? MAX_BODY_BYTES) : MAX_BODY_BYTES;
}
