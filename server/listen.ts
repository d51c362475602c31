import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';

/** What the server takes from a connection before a route sees anything of it. Milliseconds and bytes. */
export const HTTP_LIMITS = {
  // Node waits 60 s for headers and 300 s for a body: room for a slow sender to hold sockets open. 10 MB from a line
  // that sends a megabit a second take 84 s; a body of JSON has less time, in `readJson`.
  headersTimeout: 10_000,
  requestTimeout: 120_000,
  keepAliveTimeout: 5_000,
  // Node looks for late senders every 30 s, which would make the 10 s above up to 40.
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
};
/** A browser behind two proxies sends thirty. */
const MAX_HEADER_LINES = 100;

type Fetch = (request: Request) => Response | Promise<Response>;

/** Resolves when the server listens, with what closes it. Rejects when the port is taken. */
export async function listen(fetch: Fetch, { host, port }: { host: string; port: number }) {
  const answer = getRequestListener(fetch);
  const server = createServer(HTTP_LIMITS, (request, response) => {
    // Names and values stand in one list. Node itself answers a longer head so: with this status and no body.
    if (request.rawHeaders.length > 2 * MAX_HEADER_LINES) response.writeHead(431, { connection: 'close' }).end();
    else void answer(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}
