import { SignJWT } from 'jose';
import { createMcp, type McpDeps } from '../../../../server/agent/mcp/mcp.ts';
import type { Context, McpServer } from '../../../../server/context.ts';
import { createGuardedFetch } from '../../../../server/net/guarded-fetch.ts';
import { makeSite } from '../../auth/make-auth.ts';

/** A token as a site makes one; who checks it is not part of these tests. */
export function tokenOf(sub: string, claims: Record<string, unknown> = {}, seconds = 300): Promise<string> {
  const iat = Math.floor(Date.now() / 1000);
  return new SignJWT({ iss: 'https://login.example.com', aud: 'docs', sub, iat, exp: iat + seconds, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(Buffer.from('the secret that the site shares with this server'));
}

export function makeContext(
  servers: McpServer[],
  user?: { id: string; token?: () => Promise<string | undefined> },
): Context {
  const site = makeSite();
  return {
    site: { ...site, settings: { ...site.settings, mcpServers: servers } },
    owner: user ? `u_${user.id}` : 'v_1',
    ...(user && { user: { id: user.id, claims: {} } }),
    ...(user?.token && { userToken: user.token }),
    metadata: {},
    signal: new AbortController().signal,
  };
}

export function makeMcp(allow: string[], changes: Partial<McpDeps> = {}) {
  return createMcp({
    guardedFetch: createGuardedFetch({ allow }),
    loadSecret: async () => undefined,
    keepPinned: async (_site, _server, tools) => tools,
    now: Date.now,
    ...changes,
  });
}
