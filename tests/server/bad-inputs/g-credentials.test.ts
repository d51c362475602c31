import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Context, McpAuth, McpServer } from '../../../server/context.ts';
import { type McpFake, startMcpServer } from '../../fakes/mcp-server.ts';
import { makeContext, makeMcp, tokenOf } from '../agent/mcp/mcp-world.ts';
import { createToolChat } from '../agent/mcp/tool-chat.ts';

// Whose credentials a server of tools gets, in each mode: those of whoever asks, whatever the model writes, and no other
// server or model gets any.

let fake: McpFake;
beforeAll(async () => {
  fake = await startMcpServer({
    register(server) {
      server.registerTool(
        'find',
        {
          description: 'Finds an order.',
          annotations: { readOnlyHint: true },
          inputSchema: z.object({
            id: z.string(),
            user_id: z.string().optional(),
            access_token: z.string().optional(),
            tenant: z.string().optional(),
          }),
        },
        () => ({ content: [{ type: 'text', text: 'Found.' }] }),
      );
      server.registerTool('ping', { description: 'Pings.', annotations: { readOnlyHint: true } }, () => ({
        content: [{ type: 'text', text: 'Pong.' }],
      }));
    },
  });
});
afterAll(() => fake.close());
beforeEach(() => void fake.requests.splice(0));

/** An endpoint of RFC 8693 that gives each user a token of its own; what it was asked stays in `asked`. */
async function startExchange(
  change: (body: object, count: number) => { status: number; body: object } = (body) => ({ status: 200, body }),
) {
  const asked: { authorization: string | undefined; body: Record<string, string> }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((sent) => {
      const body = Object.fromEntries(new URLSearchParams(sent));
      asked.push({ authorization: request.headers.authorization, body });
      const { sub } = JSON.parse(Buffer.from(body['subject_token']?.split('.')[1] ?? '', 'base64url').toString()) as {
        sub: string;
      };
      const answer = change(
        { access_token: `exchanged-${sub}-${asked.length}`, token_type: 'Bearer', expires_in: 120 },
        asked.length,
      );
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closing = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const { port } = server.address() as AddressInfo;
  return { asked, host: `127.0.0.1:${port}`, tokenUrl: `http://127.0.0.1:${port}/token` };
}
let closing: (() => Promise<void>) | undefined;
afterEach(async () => {
  await closing?.();
  closing = undefined;
});

const servers = (auth: McpAuth): McpServer[] => [{ name: 'orders', url: fake.url, auth }];
const CALL = { server: 'orders', tool: 'find', args: { id: '7' } };
const user = (sub: string, auth: McpAuth, token: string): Context =>
  makeContext(servers(auth), { id: sub, token: async () => token });
const sent = () =>
  fake.calls().map(({ headers, message }) => ({
    authorization: headers.authorization,
    args: message.params?.arguments,
    meta: message.params?.['_meta'],
  }));

describe('the mode', () => {
  test('service sends the site’s own credential in its header, and calls nothing without one', async () => {
    const auth: McpAuth = { mode: 'service', header: 'x-api-key' };
    const context = makeContext(servers(auth));
    expect((await makeMcp([fake.host]).call(CALL, context)).text).toBe(
      'The website has not set a credential for this tool.',
    );
    expect(fake.requests).toEqual([]);

    const asked: string[][] = [];
    const mcp = makeMcp([fake.host], { loadSecret: async (...names) => (asked.push(names), 'key-of-docs') });
    expect((await mcp.call(CALL, context)).text).toBe('Found.');
    expect(new Set(fake.requests.map(({ headers }) => headers['x-api-key']))).toEqual(new Set(['key-of-docs']));
    expect(asked[0]).toEqual(['docs', 'orders']);
  });

  test('token_exchange sends another token, which is remembered for its user until a minute before its end', async () => {
    const exchange = await startExchange();
    const auth: McpAuth = {
      mode: 'token_exchange',
      tokenUrl: exchange.tokenUrl,
      audience: 'orders',
      scope: 'read',
      clientId: 'docs client',
    };
    let ahead = 0;
    const mcp = makeMcp([fake.host, exchange.host], {
      loadSecret: async () => 's:cret',
      now: () => Date.now() + ahead,
    });
    const [ada, ben] = [await tokenOf('ada'), await tokenOf('ben')];
    await mcp.call(CALL, user('ada', auth, ada));
    await mcp.call(CALL, user('ben', auth, ben));
    ahead = 59_000;
    await mcp.call(CALL, user('ada', auth, ada));
    ahead = 61_000;
    await mcp.call(CALL, user('ada', auth, ada));

    expect(sent().map(({ authorization }) => authorization)).toEqual([
      'Bearer exchanged-ada-1',
      'Bearer exchanged-ben-2',
      'Bearer exchanged-ada-1',
      'Bearer exchanged-ada-3',
    ]);
    expect(exchange.asked[0]).toEqual({
      authorization: `Basic ${Buffer.from('docs+client:s%3Acret').toString('base64')}`,
      body: {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: ada,
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        resource: fake.url,
        audience: 'orders',
        scope: 'read',
      },
    });
    expect(JSON.stringify(fake.requests)).not.toContain(ada);
  });

  test('G13 what was got with a token that the user has no more is not used', async () => {
    const exchange = await startExchange();
    const auth: McpAuth = { mode: 'token_exchange', tokenUrl: exchange.tokenUrl };
    const mcp = makeMcp([fake.host, exchange.host]);
    await mcp.call(CALL, user('ada', auth, await tokenOf('ada')));
    await mcp.call(CALL, user('ada', auth, await tokenOf('ada', { jti: 'b' })));
    expect(sent().map(({ authorization }) => authorization)).toEqual([
      'Bearer exchanged-ada-1',
      'Bearer exchanged-ada-2',
    ]);
  });

  test('inject_args fills in parameters that no model sees or sets', async () => {
    const auth: McpAuth = {
      mode: 'inject_args',
      args: { user_id: 'user_id', access_token: 'user_token', tenant: 'claim:tenant' },
    };
    const token = await tokenOf('ada', { tenant: 'blue' });
    const ask = createToolChat(makeMcp([fake.host]));
    const wanted = { id: '7', user_id: 'victim', access_token: 'x', tenant: 'red' };
    const { requests, outputs } = await ask(user('ada', auth, token), [
      [{ name: 'orders__find', arguments: JSON.stringify(wanted) }],
      [{ name: 'orders__ping', arguments: JSON.stringify({ access_token: 'x' }) }],
      'Done.',
    ]);

    const [find] = (requests[0]?.tools ?? []) as {
      parameters?: { properties?: object; required?: string[]; additionalProperties?: boolean };
    }[];
    expect(Object.keys(find?.parameters?.properties ?? {})).toEqual(['id']);
    expect(find?.parameters).toMatchObject({ required: ['id'], additionalProperties: false });
    // G3 G24: what the model wrote there is dropped; a tool that asks for no credential gets none.
    expect(sent().map(({ args }) => args)).toEqual([
      { id: '7', user_id: 'ada', access_token: token, tenant: 'blue' },
      {},
    ]);
    expect(outputs).toHaveLength(2);
    expect(JSON.stringify(requests)).not.toContain(token);
  });

  test('meta sends what it has beside the arguments', async () => {
    const auth: McpAuth = { mode: 'meta', meta: { 'docs/user': 'user_id', 'docs/token': 'user_token' } };
    const token = await tokenOf('ada');
    await makeMcp([fake.host]).call(CALL, user('ada', auth, token));
    expect(sent()).toMatchObject([
      { authorization: undefined, args: { id: '7' }, meta: { 'docs/user': 'ada', 'docs/token': token } },
    ]);
  });

  test.each([
    ['that the token does not have', { mode: 'meta', meta: { tenant: 'claim:tenant' } }],
    ['that every object has', { mode: 'meta', meta: { tenant: 'claim:toString' } }],
  ] as [string, McpAuth][])('that needs a claim %s calls nothing', async (_, auth) => {
    const outcome = await makeMcp([fake.host]).call(CALL, user('ada', auth, await tokenOf('ada')));
    expect(outcome).toEqual({ text: 'The user’s sign-in does not say what this tool needs.', isError: true });
    expect(fake.calls()).toEqual([]);
  });
});

describe('G12 a token exchange that gives nothing', () => {
  test.each([
    ['500', () => ({ status: 500, body: {} })],
    ['invalid_target', () => ({ status: 400, body: { error: 'invalid_target' } })],
    ['a token of another kind', () => ({ status: 200, body: { access_token: 'x', token_type: 'N_A' } })],
    ['no token', () => ({ status: 200, body: { token_type: 'Bearer' } })],
    ['a token that splits a header', () => ({ status: 200, body: { access_token: 'a\r\nb', token_type: 'Bearer' } })],
    ['a list', () => ({ status: 200, body: [] })],
  ])('%s is an error of the tool, and the user’s own token does not go in its place', async (_, answer) => {
    const exchange = await startExchange(answer);
    const token = await tokenOf('ada');
    const outcome = await makeMcp([fake.host, exchange.host]).call(
      CALL,
      user('ada', { mode: 'token_exchange', tokenUrl: exchange.tokenUrl }, token),
    );
    expect(outcome).toEqual({ text: 'No token for this tool’s server could be had for the user.', isError: true });
    expect(fake.requests).toEqual([]);
  });

  test('an endpoint that may not be called is not', async () => {
    const token = await tokenOf('ada');
    const context = user('ada', { mode: 'token_exchange', tokenUrl: 'https://169.254.169.254/token' }, token);
    expect((await makeMcp([fake.host]).call(CALL, context)).text).toBe(
      'No token for this tool’s server could be had for the user.',
    );
  });

  test('G8 a token that the server refuses is got anew once', async () => {
    const exchange = await startExchange();
    const refusing = await startMcpServer({
      register: () => {},
      intercept(_, response) {
        response.writeHead(401).end();
        return true;
      },
    });
    const auth: McpAuth = { mode: 'token_exchange', tokenUrl: exchange.tokenUrl };
    const context = makeContext([{ name: 'orders', url: refusing.url, auth }], {
      id: 'ada',
      token: () => tokenOf('ada'),
    });
    await makeMcp([refusing.host, exchange.host]).call(CALL, context);
    expect(refusing.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer exchanged-ada-1',
      'Bearer exchanged-ada-2',
    ]);
    await refusing.close();
  });
});

test.each([
  ['user_header', { mode: 'user_header', audience: 'docs' }],
  ['inject_args', { mode: 'inject_args', args: { access_token: 'user_token' } }],
  ['meta', { mode: 'meta', meta: { token: 'user_token' } }],
] as [string, McpAuth][])(
  'G5 100 users at once are not mixed up: %s',
  async (_, auth) => {
    const mcp = makeMcp([fake.host]);
    const ask = createToolChat(mcp);
    const users = await Promise.all(
      Array.from({ length: 100 }, async (_, n) => ({ sub: `user-${n}`, token: await tokenOf(`user-${n}`) })),
    );
    // One after the other: on a busy machine a hundred lists at once would take longer than a turn waits for one.
    for (const { sub, token } of users) await mcp.offers.offerOf(servers(auth)[0] as McpServer, user(sub, auth, token));
    const answers = await Promise.all(
      users.map(async ({ sub, token }) => {
        const find = (id: string) => [{ name: 'orders__find', arguments: JSON.stringify({ id: `${sub} ${id}` }) }];
        const { said, requests } = await ask(user(sub, auth, token), [find('a'), find('b'), 'Done.']);
        return { said, leaks: users.filter((other) => JSON.stringify(requests).includes(other.token)).length };
      }),
    );
    expect(answers).toEqual(users.map(() => ({ said: ['Done.'], leaks: 0 })));

    const tokens = new Map(users.map(({ sub, token }) => [sub, token]));
    const wrong = sent().filter(({ authorization, args, meta }) => {
      const came = authorization?.replace('Bearer ', '') ?? args?.['access_token'] ?? meta?.['token'];
      return came !== tokens.get(String(args?.['id']).split(' ')[0] ?? '');
    });
    expect(wrong).toEqual([]);
    expect(sent()).toHaveLength(200);
  },
  60_000,
);
