import type { McpServer } from '../../context.ts';
import type { GuardedFetch } from '../../net/guarded-fetch.ts';

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 64 * 1024;

interface ReachDeps {
  guardedFetch: GuardedFetch;
  /** What the owner has set for this server. */
  secret: string | undefined;
}

/**
 * Knocks at a server, with the site's own credential where it has one and in no user's name; resolves to the status
 * that it answers. Rejects with an `OutboundError` when nothing answers, or when it may not be called.
 */
export async function reachMcpServer({ url, auth }: McpServer, { guardedFetch, secret }: ReachDeps): Promise<number> {
  const response = await guardedFetch(url, {
    method: 'POST',
    headers: {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      ...(auth.mode === 'service' && secret !== undefined && { [auth.header]: secret }),
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'pagewise', version: '1' },
      },
    }),
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
  });
  await response.body?.cancel();
  return response.status;
}
