/** Keys that change an object's prototype or constructor when a careless reader copies them. */
const UNSAFE_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * One metadata object from the three places where clients put it: beside `params`, in it and in its `input`; of the
 * same key the outermost wins. What is not an object is skipped, as an unknown key would be.
 *
 * Metadata comes from the host page, whose text may be cut anywhere: NUL and lone surrogates become U+FFFD here rather
 * than cost the visitor an answer.
 */
export function mergeMetadata(top: unknown, params: Record<string, unknown>): Record<string, unknown> {
  const { input } = params;
  const layers = [isRecord(input) ? input.metadata : undefined, params.metadata, top];
  const entries = layers.flatMap((layer) => (isRecord(layer) ? Object.entries(layer) : []));
  return clean(Object.fromEntries(entries)) as Record<string, unknown>;
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '\uFFFD').toWellFormed();
  if (Array.isArray(value)) return value.map(clean);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([key]) => !UNSAFE_KEYS.has(key));
  return Object.fromEntries(entries.map(([key, entry]) => [clean(key), clean(entry)]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
