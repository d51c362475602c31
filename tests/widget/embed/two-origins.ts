import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { SessionResponse } from '../../../protocol/session.ts';

const DIST = join(import.meta.dirname, '..', '..', '..', 'dist');

export const SITE_TOKEN = `e30.${Buffer.from('{"sub":"site_test"}').toString('base64url')}.c2ln`;

export interface Received {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: unknown;
}

interface Answer {
  status: number;
  body: unknown;
  type?: string;
}

/** The customer's origin, which serves whatever a test wrote, and a chat origin with the built files and a fake API. */
export interface TwoOrigins {
  page: string;
  chat: string;
  /** Every request that reached the chat origin, preflights aside. */
  received: Received[];
  /** What the host page's origin answers, by path. */
  pages: Map<string, { html: string; headers?: Record<string, string> }>;
  /** Overrides an answer of the chat origin; `undefined` leaves it as it is. */
  answer: (request: Received) => Answer | undefined | Promise<Answer | undefined>;
  close(): Promise<void>;
}

export async function startTwoOrigins(): Promise<TwoOrigins> {
  const chatServer = createServer((request, response) => void answerChat(request, response));
  const pageServer = createServer((request, response) => {
    const page = origins.pages.get(new URL(request.url ?? '/', 'http://x').pathname);
    response.writeHead(page ? 200 : 404, { 'content-type': 'text/html; charset=utf-8', ...page?.headers });
    response.end(page?.html);
  });
  const origins: TwoOrigins = {
    page: await listen(pageServer),
    chat: await listen(chatServer),
    received: [],
    pages: new Map(),
    answer: () => undefined,
    async close() {
      for (const server of [chatServer, pageServer]) {
        const closed = once(server, 'close');
        server.close();
        server.closeAllConnections();
        await closed;
      }
    },
  };

  async function answerChat(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const origin = request.headers.origin ?? '*';
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-allow-methods', 'GET, POST, DELETE');
    if (request.method === 'OPTIONS') {
      response.setHeader('access-control-allow-headers', 'authorization, content-type, accept-language');
      response.writeHead(204).end();
      return;
    }
    const chunks = await Array.fromAsync(request as AsyncIterable<Buffer>);
    const text = Buffer.concat(chunks).toString();
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    const received: Received = {
      method: request.method ?? '',
      path,
      headers: request.headers,
      body: text ? JSON.parse(text) : undefined,
    };
    origins.received.push(received);
    const answer = (await origins.answer(received)) ?? (await usualAnswer(received));
    response.setHeader('content-type', answer.type ?? 'application/json');
    response.writeHead(answer.status);
    response.end(
      typeof answer.body === 'string' || answer.body instanceof Buffer ? answer.body : JSON.stringify(answer.body),
    );
  }
  return origins;
}

async function usualAnswer({ path, body }: Received): Promise<Answer> {
  if (path === '/v1/session') return { status: 200, body: sessionFor(body ?? {}) };
  if (path === '/chatkit') return { status: 200, body: { data: [], has_more: false } };
  const file = await readFile(join(DIST, path)).catch(() => undefined);
  return file ? { status: 200, body: file, type: 'text/javascript' } : { status: 404, body: {} };
}

export function sessionFor({ visitor_token = 'visitor-0123456789' }: { visitor_token?: string }): SessionResponse {
  return {
    session_token: 'session-1',
    expires_in: 900,
    visitor_token,
    site: {
      id: 'site_test',
      name: 'Lumen Docs',
      greeting: 'What would you like to know?',
      prompts: [{ label: 'Get started', prompt: 'How do I get started?' }],
      theme: 'light',
      page_context: 'page',
      attachments: { max_size: 10_485_760, max_count: 5, accept: { 'image/png': ['.png'], 'text/plain': ['.txt'] } },
      dictation: false,
    },
  };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://localhost:${address.port}`;
}
