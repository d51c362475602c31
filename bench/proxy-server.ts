import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import { createCookieProxy } from '../server/proxy/cookie-proxy.ts';

// A server of the proxy benchmark, in a process of its own: `chat`, which says as many chunks as it is asked for,
// or `proxy` in front of the address that is given. It tells its parent the port.

const [target] = process.argv.slice(2);
/** As fast as a quick model says tokens. */
const PAUSE_MS = 4;

/** Each chunk carries the moment at which it was written, by the clock that all processes of a machine share. */
function chat(): Server {
  return createServer((request, response) => {
    void (async () => {
      const { chunks } = (await json(request)) as { chunks: number };
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (let n = 0; n < chunks; n++) {
        response.write(`data: ${process.hrtime.bigint()}\n\n`);
        await setTimeout(PAUSE_MS);
      }
      response.end();
    })();
  });
}

const server =
  target === undefined
    ? chat()
    : (createAdaptorServer({ fetch: createCookieProxy({ cookie: 'session', target }) }) as Server);
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit());
