/**
 * Whether a page of this very origin made the call. Both witnesses have to say so, whatever the content type is: forms
 * of other sites send no preflight, and a sibling domain is the same site.
 *
 * @param origins the host's own; without them, the origin with the host that the request was sent to
 */
export function isOwnCall(request: Request, origins?: string[]): boolean {
  const origin = request.headers.get('origin');
  if (origin === null || request.headers.get('sec-fetch-site') !== 'same-origin') return false;
  if (origins) return origins.includes(origin);
  // The host alone: behind something that ends TLS, the scheme of the request is not the browser's.
  const host = request.headers.get('host') ?? new URL(request.url).host;
  return ['http', 'https'].some((scheme) => origin === `${scheme}://${host.toLowerCase()}`);
}
