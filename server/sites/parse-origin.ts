import { getDomain } from 'tldts';

/** What follows must be a host: `https:///example.com` would be read as one more way to write its origin. */
const WILDCARD = /^https:\/\/\*\.(?![/\\])/;

/**
 * One entry of a site's list of origins as it is kept: an origin as a browser sends it in `Origin`, or
 * `https://*.example.com[:port]`, which stands for one label in that place. `undefined` for anything else. A wildcard
 * below a public suffix would let strangers in: `*.com` everybody's domains, `*.vercel.app` everybody's deploys.
 */
export function parseOrigin(text: string): string | undefined {
  if (!WILDCARD.test(text)) return normalise(text);
  const parent = normalise(text.replace(WILDCARD, 'https://'));
  if (parent === undefined) return undefined;
  const { hostname, host } = new URL(parent);
  return getDomain(hostname, { allowPrivateDomains: true }) === null ? undefined : `https://*.${host}`;
}

/** The serialised origin; `undefined` when the text is not exactly one http(s) origin. */
function normalise(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url || !['https:', 'http:'].includes(url.protocol)) return undefined;
  const bare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  // Looked for in what comes out: a percent-encoded or full-width star becomes a plain one on the way.
  return bare && !url.origin.includes('*') ? url.origin : undefined;
}
