/**
 * Whether the address is one that the host serves as it stands: no path that another reader would take apart
 * differently, and no other machine's name in place of the host's (`POST http://evil.example/ HTTP/1.1`).
 *
 * @param path the only one that is served, if it is known
 */
export function isServedAddress(request: Request, path?: string): boolean {
  const { hostname, host, pathname } = new URL(request.url);
  const asked = request.headers.get('host') ?? host;
  // A framework may put the name of its own machine into the address, with its port: `localhost:3000`, `[::]:3000`.
  const isName = hostname.includes('.') && !/^[\d.]+$/.test(hostname);
  if (isName && host !== asked.toLowerCase()) return false;
  return path === undefined ? !/\/\/|\\|%2f|%5c|%2e|%00/i.test(pathname) : pathname === path;
}
