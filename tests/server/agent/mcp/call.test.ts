import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { McpServer } from '../../../../server/context.ts';
import { type McpFake, startMcpServer } from '../../../fakes/mcp-server.ts';
import { makeContext, makeMcp, tokenOf } from './mcp-world.ts';

let fake: McpFake | undefined;
afterEach(() => fake?.close());

/** Who it is by the header that came, as a server knows it. */
const start = async (legacy = false) => {
  fake = await startMcpServer({
    legacy,
    register: (server, headers) => {
      server.registerTool(
        'whoami',
        {
          description: 'Who asks.',
          annotations: { readOnlyHint: true },
          inputSchema: z.object({ greeting: z.string() }),
        },
        ({ greeting }) => ({
          content: [{ type: 'text', text: `${greeting}, ${subOf(headers.get('authorization')) ?? 'nobody'}` }],
        }),
      );
    },
  });
  return fake;
};

function subOf(authorization: string | null): string | undefined {
  const [, payload] = authorization?.split('.') ?? [];
  return payload && (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sub: string }).sub;
}

const orders = (url: string, auth: McpServer['auth']): McpServer => ({ name: 'orders', url, auth });
const HELLO = { server: 'orders', tool: 'whoami', args: { greeting: 'Hello' } };

test.for([
  ['of today', false],
  ['of the older edition', true],
] as const)('a tool of a server %s is called without a credential', async ([, legacy]) => {
  const { url, host, requests } = await start(legacy);
  const mcp = makeMcp([host]);
  const context = makeContext([orders(url, { mode: 'none' })]);

  expect(await mcp.call(HELLO, context)).toEqual({ text: 'Hello, nobody', isError: false });
  await mcp.end(context);

  expect(requests.flatMap(({ headers }) => headers.authorization ?? [])).toEqual([]);
});

test('a tool is called with the token of whoever asks, as Bearer on each request', async () => {
  const { url, host, requests } = await start();
  const mcp = makeMcp([host]);
  const servers = [orders(url, { mode: 'user_header', audience: 'docs' })];
  const [ada, ben] = [await tokenOf('ada'), await tokenOf('ben')];

  expect(await mcp.call(HELLO, makeContext(servers, { id: 'ada', token: async () => ada }))).toEqual({
    text: 'Hello, ada',
    isError: false,
  });
  expect((await mcp.call(HELLO, makeContext(servers, { id: 'ben', token: async () => ben }))).text).toBe('Hello, ben');

  expect(requests.length).toBeGreaterThan(0);
  expect(new Set(requests.map(({ headers }) => headers.authorization))).toEqual(
    new Set([`Bearer ${ada}`, `Bearer ${ben}`]),
  );
});

test.each([
  ['breaks off', (response: ServerResponse) => response.destroy(), { isUnknown: true }],
  ['is a fault', (response: ServerResponse) => response.writeHead(500).end(), { isUnknown: true }],
  ['is none', (response: ServerResponse) => response.writeHead(200, JSON_TYPE).end('{'), { isUnknown: true }],
  ['refuses', (response: ServerResponse) => response.writeHead(403).end(), {}],
  [
    'is an error of the protocol',
    (response: ServerResponse, id: unknown) => response.writeHead(200, JSON_TYPE).end(refusal(id)),
    {},
  ],
] as const)('R37 a call whose answer %s says whether it may have been made', async (_, answer, expected) => {
  fake = await startMcpServer({
    register: (server) => void server.registerTool('close', {}, () => ({ content: [] })),
    intercept({ message }, response) {
      if (message.method !== 'tools/call') return false;
      answer(response, (message as { id?: unknown }).id);
      return true;
    },
  });
  const outcome = await makeMcp([fake.host]).call(
    { server: 'orders', tool: 'close', args: {} },
    makeContext([orders(fake.url, { mode: 'none' })]),
  );
  expect(outcome).toEqual({ text: expect.any(String) as string, isError: true, ...expected });
});

const JSON_TYPE = { 'content-type': 'application/json' };
const refusal = (id: unknown) => JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32_602, message: 'No.' } });
