import { z } from 'zod';

const MAX_CHARS = 2_000;

/** An address on the web without a user name, which would be a credential among the settings. `what` says what it must be. */
export function webUrl(what: string) {
  return z
    .string()
    .max(MAX_CHARS)
    .refine((text) => {
      const url = URL.parse(text);
      return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
    }, what);
}
