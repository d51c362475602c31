import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What stands between browsers and a server, and what it does wrong. */
export interface ReverseProxy {
  url: string;
  /** Where it passes requests on to; nowhere at first. */
  target: string;
  /** Answers in place of the server. */
  answers?: ((path: string, method: string) => { status: number; body: string } | undefined) | undefined;
  /** Changes what goes to the server. */
  changeRequest?: ((headers: IncomingHttpHeaders) => void) | undefined;
  /** Changes the headers that come back. */
  changeResponse?: ((headers: OutgoingHttpHeaders, path: string) => void) | undefined;
  /** Changes a body, which it reads whole, or keeps it for a while. */
  changeBody?: ((body: Buffer, path: string) => Promise<Buffer | string>) | undefined;
  close(): Promise<void>;
}

/** A reverse proxy that passes everything on, as it is and as it comes, but for what a test makes it do. */
export async function startReverseProxy(): Promise<ReverseProxy> {
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '/';
    const answer = proxy.answers?.(path, incoming.method ?? '');
    if (answer) return void outgoing.writeHead(answer.status, { 'content-type': 'text/html' }).end(answer.body);
    const headers = { ...incoming.headers };
    proxy.changeRequest?.(headers);
    const passed = send(proxy.target + path, { method: incoming.method ?? 'GET', headers }, (answered) => {
      const back: OutgoingHttpHeaders = { ...answered.headers };
      proxy.changeResponse?.(back, path);
      const { changeBody } = proxy;
      if (!changeBody) {
        outgoing.writeHead(answered.statusCode ?? 502, back);
        return void answered.pipe(outgoing);
      }
      void buffer(answered).then(async (body) => {
        const changed = await changeBody(body, path);
        delete back['content-length'];
        outgoing.writeHead(answered.statusCode ?? 502, back).end(changed);
      });
    });
    passed.on('error', () => outgoing.writeHead(502).end());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const proxy: ReverseProxy = {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    target: '',
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}
