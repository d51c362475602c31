/** Whatever a host gave as an object to read keys from: what is none has no keys. */
export function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
