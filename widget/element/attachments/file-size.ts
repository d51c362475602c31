const KILO = 1024;

/** A number of bytes as people say it, 1,024 to the kilobyte as limits are set: `12 kB`, `9.5 MB`. */
export function fileSize(bytes: number, locale: string): string {
  const kilobytes = Math.max(1, bytes / KILO);
  const [size, unit] = kilobytes < KILO ? [kilobytes, 'kilobyte'] : [kilobytes / KILO, 'megabyte'];
  return size.toLocaleString(locale, { style: 'unit', unit, maximumSignificantDigits: size < 100 ? 2 : 3 });
}
