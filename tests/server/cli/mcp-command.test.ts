import { afterEach, beforeEach, expect, test } from 'vitest';
import { acceptTools } from '../../../server/agent/mcp/accept-tools.ts';
import { runCommand } from '../../../server/cli/run-command.ts';
import { makeApp, OPERATOR_TOKEN } from '../make-app.ts';

// The command on the real routes, settings and database.

let stack: Awaited<ReturnType<typeof makeApp>>;
beforeEach(async () => {
  stack = await makeApp(async function* () {});
});
afterEach(() => stack.close());

const SERVERS = [
  { name: 'orders', url: 'https://orders.example.com/mcp', auth: { mode: 'service' }, readTools: ['list'] },
];
const files: Record<string, string> = {
  'servers.json': JSON.stringify(SERVERS),
  'orders.key': 'Bearer canary-of-orders\n',
};
const run = (...words: string[]) =>
  runCommand(words, {
    read: async (place) => files[place] ?? '',
    async ask(method, path, body) {
      const response = await stack.app.request(`/v1/operator${path}`, {
        method,
        headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const answer = (await response.json().catch(() => ({}))) as { error?: { message: string } };
      if (!response.ok) throw new Error(answer.error?.message);
      return answer;
    },
  });
const see = async (...tools: { name: string; description: string; annotations?: { readOnlyHint: boolean } }[]) => {
  const [server] = (await stack.sites.load('docs'))?.settings.mcpServers ?? [];
  if (!server) throw new Error('the site has no server of tools');
  const listed = tools.map((tool) => Object.assign(tool, { inputSchema: { type: 'object' as const } }));
  return (await stack.toolPins.keepPinned('docs', 'orders', acceptTools(server, listed).tools)).map(({ name }) => name);
};

test('servers are set, listed and pinned', async () => {
  expect(await run('mcp', 'list', 'docs')).toBe(
    '  The site has no servers of tools: npm run site -- set ID mcpServers=@FILE',
  );
  expect(await run('set', 'docs', 'mcpServers=@servers.json')).toContain('"mode":"service"');
  expect(await run('mcp', 'list', 'docs')).toBe(
    [
      '  orders  https://orders.example.com/mcp  auth service, which is not set: mcp secret ID SERVER @FILE',
      '    Not seen yet: it is asked at the first question.',
    ].join('\n'),
  );

  const find = { name: 'find', description: 'Finds.', annotations: { readOnlyHint: true } };
  await see({ ...find }, { name: 'list', description: 'Lists.' }, { name: 'cancel', description: 'Cancels.' });
  await see({ ...find, description: 'Finds.\n\x1b[31mAnd more.' }, { name: 'buy', description: 'Buys.' });
  expect((await run('mcp', 'list', 'docs')).split('\n').slice(1)).toEqual([
    '    buy  not in use: not there when the server was first seen  asks first',
    '      Buys.',
    '    cancel  in use  asks first',
    '      Cancels.',
    '    find  not in use: changed since it was pinned  reads',
    '      Finds. [31mAnd more.',
    '    list  in use  reads',
    '      Lists.',
  ]);

  expect(await run('mcp', 'pin', 'docs', 'orders', 'buy')).toBe(
    '  Pinned as they were seen last: buy. In use within half a minute.',
  );
  expect(
    await see({ ...find, description: 'Finds.\n\x1b[31mAnd more.' }, { name: 'buy', description: 'Buys.' }),
  ).toEqual(['buy']);
  expect(await run('mcp', 'pin', 'docs', 'orders')).toContain('buy, cancel, find, list');
});

test('a credential is kept from a file, and shown nowhere', async () => {
  await run('set', 'docs', 'mcpServers=@servers.json');
  expect(await run('mcp', 'secret', 'docs', 'orders', '@orders.key')).toContain('is kept');
  expect(await stack.toolSecrets.load('docs', 'orders')).toBe('Bearer canary-of-orders');
  expect(await run('mcp', 'list', 'docs')).toContain('auth service\n');
  expect((await run('mcp', 'list', 'docs')) + (await run('show', 'docs'))).not.toContain('canary');
  expect(await run('mcp', 'secret', 'docs', 'orders')).toContain('is forgotten');
  expect(await stack.toolSecrets.load('docs', 'orders')).toBeUndefined();
});

test.each([
  [['list'], 'mcp list ID, mcp pin ID SERVER [TOOL], or mcp secret ID SERVER @FILE'],
  [['pin', 'docs'], 'mcp list ID, mcp pin ID SERVER [TOOL], or mcp secret ID SERVER @FILE'],
  [['drop', 'docs', 'orders'], 'mcp list ID, mcp pin ID SERVER [TOOL], or mcp secret ID SERVER @FILE'],
  [['secret', 'docs', 'orders', 'Bearer x'], 'the credential is read from @FILE, or from the standard input: -'],
  [['list', 'nope'], 'there is no site nope'],
  [['pin', 'docs', 'nope'], 'docs has no server of tools nope'],
  [['pin', 'docs', 'orders', 'nope'], 'no such tool of orders has been seen'],
  [['secret', 'docs', 'nope', '@orders.key'], 'docs has no server of tools nope'],
  [['secret', 'docs', 'orders', '@empty'], 'the credential of a tool must be one line of at most 4096 characters'],
])('mcp %j is refused: %s', async (words, message) => {
  await run('set', 'docs', 'mcpServers=@servers.json');
  await expect(run('mcp', ...words)).rejects.toThrow(message);
});

test.each([
  ['G10', 'http://orders.example.com/mcp', undefined],
  ['G10', 'https://10.0.0.1/mcp', undefined],
  ['S2', 'https://[fd00:ec2::254]/mcp', undefined],
  ['S7', 'https://orders.example.com:6379/mcp', undefined],
  ['S1', 'https://orders.example.com/mcp', 'https://2130706433/token'],
])('%s a server at %s, with tokens from %s, is not set', async (_, url, tokenUrl) => {
  const auth = tokenUrl === undefined ? { mode: 'none' } : { mode: 'token_exchange', tokenUrl };
  files['bad.json'] = JSON.stringify([{ name: 'orders', url, auth }]);
  const field = tokenUrl === undefined ? 'url' : 'auth.tokenUrl';
  await expect(run('set', 'docs', 'mcpServers=@bad.json')).rejects.toThrow(
    `site: settings.mcpServers.0.${field} must be a public https URL on port 443`,
  );
});
