import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { serve } from '@hono/node-server';
import { type CookieProxyOptions, createCookieProxy } from '../../../server/proxy/cookie-proxy.ts';

export interface ProxiedChat {
  /** Where the browser finds the proxy. */
  origin: string;
  /** Where the proxy finds the chat server. */
  target: string;
  /** What reached the chat server, with the bodies. */
  received: { url: string; headers: IncomingMessage['headers']; body: string }[];
  /** What the proxy was told to report. */
  reported: unknown[];
  /** A request as a page of the host's own makes it; `headers` on top, an empty one taken off. */
  call(headers?: Record<string, string>, init?: RequestInit & { path?: string }): Promise<Response>;
  close(): Promise<void>;
}

/** A request as no `fetch` lets one write it: the address goes out as it stands. */
export async function callRaw(chat: ProxiedChat, address: string, lines: string[] = []): Promise<number> {
  const { hostname, port } = new URL(chat.origin);
  const socket = connect(Number(port), hostname);
  const head = [
    `POST ${address} HTTP/1.1`,
    `host: ${hostname}:${port}`,
    `origin: ${chat.origin}`,
    'sec-fetch-site: same-origin',
    'cookie: __Host-session=user-token',
    'content-length: 2',
    'connection: close',
    ...lines,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n{}`);
  const answer = await text(socket);
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
}

/** A proxy on Node in front of a chat server on Node, each on a port of its own. */
export async function startProxiedChat(
  answer: (response: ServerResponse, request: IncomingMessage) => unknown,
  options: Partial<CookieProxyOptions> = {},
): Promise<ProxiedChat> {
  const received: ProxiedChat['received'] = [];
  const chat = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
      answer(response, request);
    });
  }).listen(0, '127.0.0.1');
  await once(chat, 'listening');
  const target = `http://127.0.0.1:${(chat.address() as AddressInfo).port}/chatkit`;
  const reported: unknown[] = [];
  const reportError = (error: unknown): unknown => reported.push(error);
  const proxy = createCookieProxy({ cookie: '__Host-session', target, reportError, ...options });
  const host = serve({ fetch: proxy, port: 0, hostname: '127.0.0.1' });
  await once(host, 'listening');
  const origin = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
  return {
    origin,
    target,
    received,
    reported,
    call(headers = {}, { path = '/api/chatkit', ...init } = {}) {
      const own = {
        origin,
        'sec-fetch-site': 'same-origin',
        cookie: 'theme=dark; __Host-session=user-token; other=1',
        'content-type': 'application/json',
        ...headers,
      };
      const sent = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== ''));
      return fetch(origin + path, { method: 'POST', body: '{"type":"threads.list"}', ...init, headers: sent });
    },
    async close() {
      for (const server of [host, chat]) {
        if ('closeAllConnections' in server) server.closeAllConnections();
        server.close();
        await once(server, 'close');
      }
    },
  };
}

export function answerJson(response: ServerResponse, status = 200, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end('{"ok":true}');
}
