/**
 * The value of the one cookie of this name. Of two nobody knows which is the host's own: a sibling domain can set one
 * too, unless the name begins with `__Host-`.
 */
export function readCookie(header: string | null, name: string): string | undefined {
  const values = (header ?? '').split(';').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at !== -1 && pair.slice(0, at).trim() === name ? [pair.slice(at + 1).trim()] : [];
  });
  const [value] = values;
  if (value === undefined || values.some((other) => other !== value)) return undefined;
  return decode(value.replace(/^"(.*)"$/, '$1'));
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
