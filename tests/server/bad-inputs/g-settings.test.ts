import { describe, expect, test } from 'vitest';
import { parseSite } from '../../../server/sites/parse-site.ts';
import { makeSite } from '../auth/make-auth.ts';

// What an owner may not set of a server of tools.

describe('a setting', () => {
  const site = makeSite();
  const set = (server: object) =>
    parseSite({
      ...site,
      settings: {
        ...site.settings,
        mcpServers: [{ name: 'orders', url: 'https://orders.example.com/mcp', ...server }],
      },
    });

  test('has the user’s own token in its header by default', () => {
    expect(set({}).settings.mcpServers).toEqual([
      { name: 'orders', url: 'https://orders.example.com/mcp', auth: { mode: 'user_header' } },
    ]);
  });

  test.each([
    ['G36 starts a program', { command: 'npx', args: ['evil'] }],
    ['G36 starts a program in place of an address', { url: undefined, command: 'npx' }],
    ['G36 is a program', { url: 'stdio:npx evil' }],
    ['S6 is a file', { url: 'file:///etc/passwd' }],
    ['S6 is a socket', { url: 'unix:/run/docker.sock' }],
    ['G10 has a user name', { url: 'https://a:b@orders.example.com/mcp' }],
    ['has a name that would mix with a tool’s', { name: 'a__b' }],
    ['has a name that is long', { name: 'a'.repeat(21) }],
    ['has no name', { name: '' }],
    ['has a mode that there is not', { auth: { mode: 'oauth' } }],
    ['is misspelt', { tool: ['find'] }],
    ['has a credential in its settings', { auth: { mode: 'service', value: 'Bearer x' } }],
    ['sends a header of the protocol', { auth: { mode: 'service', header: 'Mcp-Session-Id' } }],
    ['sends a cookie', { auth: { mode: 'service', header: 'cookie' } }],
    ['smuggles a header', { auth: { mode: 'service', header: 'a\r\nb' } }],
    ['fills in a trap', { auth: { mode: 'meta', meta: { constructor: 'user_id' } } }],
    ['fills in what there is not', { auth: { mode: 'inject_args', args: { a: 'password' } } }],
    ['fills in a trap of a claim', { auth: { mode: 'inject_args', args: { a: 'claim:constructor' } } }],
    ['fills in nothing', { auth: { mode: 'inject_args', args: {} } }],
  ])('that %s is refused', (_, server) => {
    expect(() => set(server)).toThrow('site: settings.mcpServers');
  });

  test('of two servers with one name is refused', () => {
    const server = { name: 'orders', url: 'https://orders.example.com/mcp' };
    expect(() => parseSite({ ...site, settings: { ...site.settings, mcpServers: [server, server] } })).toThrow(
      'must differ in name',
    );
  });
});
