import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';

/** What arrived at the server. */
export interface McpRequest {
  method: string;
  headers: IncomingMessage['headers'];
  /** The JSON-RPC message. */
  message: {
    method?: string;
    params?: { name?: string; arguments?: Record<string, unknown>; _meta?: Record<string, unknown> };
  };
}

export interface McpFakeOptions {
  /** Registers the tools of one exchange; `headers` are those of its request. */
  register: (server: McpServer, headers: Headers) => void;
  /** Takes the request in place of the protocol; whether it did. */
  intercept?: (request: McpRequest, response: ServerResponse) => boolean | Promise<boolean>;
  legacy?: boolean;
}

/** A server of the Model Context Protocol, made with the official library, on a port of this machine. */
export async function startMcpServer({ register, intercept, legacy = false }: McpFakeOptions) {
  const requests: McpRequest[] = [];
  const handler = createMcpHandler((context) => {
    const server = new McpServer({ name: 'orders', version: '1.0.0' });
    register(server, context.requestInfo?.headers ?? new Headers());
    return server;
  });
  const server: Server = createServer((request, response) => void answerTo(request, response));
  async function answerTo(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const message = (body === '' ? {} : JSON.parse(body)) as McpRequest['message'];
    const seen = { method: request.method ?? '', headers: request.headers, message };
    requests.push(seen);
    if (await intercept?.(seen, response)) return;
    // As servers of the older edition answer a question that they do not know.
    if (legacy && message.method === 'server/discover') return void response.writeHead(400).end('no');
    const answer = await handler.fetch(
      new Request(`http://localhost${request.url}`, {
        method: seen.method,
        headers: Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]),
        ...(body !== '' && { body }),
      }),
    );
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (answer.body) for await (const part of answer.body) response.write(part);
    response.end();
  }
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    /** For `OUTBOUND_ALLOW`. */
    host: `127.0.0.1:${port}`,
    requests,
    /** The calls of tools among them. */
    calls: () => requests.filter(({ message }) => message.method === 'tools/call'),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type McpFake = Awaited<ReturnType<typeof startMcpServer>>;
