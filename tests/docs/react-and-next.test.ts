import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { blocksOf, type Snippets, writeSnippets } from './snippets.ts';

// The code of docs/react-and-next.md, type-checked, and what runs on a server run. The rest: react-and-next.dom.test.tsx.

const PAGE = 'react-and-next.md';
let snippets: Snippets;
const seen: (string | undefined)[] = [];
const chat = createServer((request, response) => {
  seen.push(request.headers.authorization);
  response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {"type":"hello"}\n\n');
});
let chatUrl: string;

beforeAll(async () => {
  snippets = await writeSnippets(PAGE);
  await once(chat.listen(0, '127.0.0.1'), 'listening');
  chatUrl = `http://127.0.0.1:${(chat.address() as AddressInfo).port}/chatkit`;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  chat.close();
  await snippets.close();
});

test('every snippet is one of those below', async () => {
  expect(await blocksOf(PAGE)).toEqual([
    'tsx // chat.tsx',
    'ts // own-fetch.ts',
    'ts // when-ready.ts',
    'ts // route.ts',
    'ts // proxy-server.ts',
  ]);
  expect(snippets.files).toHaveLength(5);
});

test('the snippets compile', { timeout: 60_000 }, async () => {
  const tsc = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc');
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, '-p', snippets.directory]);
  expect(stdout).toBe('');
});

const callAs = (origin: string, cookie: string): RequestInit => ({
  method: 'POST',
  body: '{"type":"threads.list","params":{}}',
  headers: { origin, 'sec-fetch-site': 'same-origin', cookie, 'content-type': 'application/json' },
});

test('the route of Next.js asks the chat server with the token of the cookie', async () => {
  vi.stubEnv('CHAT_URL', chatUrl);
  const file = join(snippets.directory, 'route.ts');
  const { POST } = (await import(/* @vite-ignore */ file)) as { POST: (request: Request) => Promise<Response> };
  const origin = 'https://shop.example';
  const ask = (cookie: string) => POST(new Request(`${origin}/api/chatkit`, callAs(origin, cookie)));
  expect(await (await ask('__Host-session=of-the-route')).text()).toBe('data: {"type":"hello"}\n\n');
  expect(seen.at(-1)).toBe('Bearer of-the-route');
  expect(await (await ask('')).json()).toEqual({
    error: { code: 'user_token_required', message: 'nobody is signed in' },
  });
});

test('the server of Hono answers its own pages alone', { timeout: 60_000 }, async () => {
  const child = spawn(process.execPath, [join(snippets.directory, 'proxy-server.ts')], {
    env: { PATH: process.env.PATH, PORT: '0', CHAT_URL: chatUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const origin = `http://localhost:${/listening on (\d+)/.exec(line.toString())?.[1]}`;
    const url = `${origin}/api/chatkit`;
    expect(await (await fetch(url, callAs(origin, '__Host-session=of-hono'))).text()).toContain('hello');
    expect(seen.at(-1)).toBe('Bearer of-hono');
    expect((await fetch(url, callAs('https://evil.example', '__Host-session=of-hono'))).status).toBe(403);
    expect((await fetch(url)).status).toBe(405);
  } finally {
    child.kill();
  }
});
