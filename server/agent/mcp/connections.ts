import {
  type CallToolResult,
  Client,
  type PriorDiscovery,
  StreamableHTTPClientTransport,
  type Tool,
} from '@modelcontextprotocol/client';
import { type Context, type McpServer, needsUserToken } from '../../context.ts';
import type { GuardedFetch } from '../../net/guarded-fetch.ts';
import type { CredentialSource } from './credentials.ts';
import { UnansweredError } from './mcp-error.ts';
import { createMcpFetch } from './mcp-fetch.ts';

/** Conversations with the servers of sites: each is of one request of one visitor, and never of two. */
export interface Connections {
  /** What the server offers, read until `isEnough`. */
  listTools(server: McpServer, context: Context, isEnough: (tools: Tool[]) => boolean): Promise<Tool[]>;
  /** What the tool said, and what of it must not be repeated. */
  callTool(
    server: McpServer,
    call: { definition: Tool; args: Record<string, unknown> },
    context: Context,
  ): Promise<{ result: CallToolResult; secrets: Iterable<string> }>;
  /** Ends what was opened for this request. */
  end(context: Context): Promise<void>;
}

export interface ConnectionsDeps {
  guardedFetch: GuardedFetch;
  credentials: CredentialSource;
}

/** What a tool may answer, in bytes on the wire. */
const MAX_CALL_BYTES = 256 * 1024;
/** A list is read once for many turns, and only the beginning of a long one is used. */
const MAX_LIST_BYTES = 2 * 1024 * 1024;
const CALL_MS = 30_000;
/** A turn waits for it before it begins. */
const LIST_MS = 4_000;
const MAX_PAGES = 16;
const MAX_PRIORS = 1_000;

interface Connection {
  client: Client;
  transport: StreamableHTTPClientTransport;
  /** What has been sent along so far. */
  secrets: Set<string>;
  /** Aborts when an answer breaks off. */
  broken: AbortSignal;
}

export function createConnections({ guardedFetch, credentials }: ConnectionsDeps): Connections {
  const open = new WeakMap<Context, Map<string, Promise<Connection>>>();
  /** Which edition of the protocol a server speaks, so that it is asked once and not by each turn. */
  const priors = new Map<string, PriorDiscovery>();

  async function connect(
    server: McpServer,
    context: Context,
    { timeoutMs, maxBytes }: { timeoutMs: number; maxBytes: number },
  ): Promise<Connection> {
    const secrets = new Set<string>();
    const breaking = new AbortController();
    const transport = new StreamableHTTPClientTransport(new URL(server.url), {
      fetch: createMcpFetch({
        guardedFetch,
        url: server.url,
        loadHeaders: async () => {
          const { headers, secrets: sent } = await credentials.load(server, context);
          for (const secret of sent) secrets.add(secret);
          return headers;
        },
        renew: () => credentials.renew(server, context),
        timeoutMs,
        maxBytes,
        onBroken: (error) => breaking.abort(error),
      }),
      reconnectionOptions: {
        maxRetries: 0,
        initialReconnectionDelay: 1_000,
        maxReconnectionDelay: 1_000,
        reconnectionDelayGrowFactor: 1,
      },
    });
    const client = new Client(
      { name: 'pagewise', version: '1' },
      { versionNegotiation: { mode: 'auto' }, inputRequired: { autoFulfill: false } },
    );
    const key = keyOf(server, context);
    const prior = priors.get(key);
    const signal = AbortSignal.any([context.signal, breaking.signal]);
    try {
      await client.connect(transport, { timeout: timeoutMs, signal, ...(prior && { prior }) });
    } catch (error) {
      // It may have changed since.
      priors.delete(key);
      await transport.close();
      throw breaking.signal.aborted ? breaking.signal.reason : error;
    }
    const discover = client.getDiscoverResult();
    priors.set(key, discover ? { kind: 'modern', discover } : { kind: 'legacy' });
    const [oldest] = priors.keys();
    if (priors.size > MAX_PRIORS && oldest !== undefined) priors.delete(oldest);
    return { client, transport, secrets, broken: breaking.signal };
  }

  /** The conversation of this request with this server, begun at its first call. */
  function connectionFor(server: McpServer, context: Context): Promise<Connection> {
    const own = open.get(context) ?? new Map<string, Promise<Connection>>();
    open.set(context, own);
    const known = own.get(server.name);
    if (known) return known;
    const opening = connect(server, context, { timeoutMs: CALL_MS, maxBytes: MAX_CALL_BYTES });
    own.set(server.name, opening);
    // The next call tries again.
    opening.then(
      ({ broken }) => broken.addEventListener('abort', () => own.delete(server.name)),
      () => own.delete(server.name),
    );
    return opening;
  }

  return {
    async listTools(server, context, isEnough) {
      const connection = await connect(server, context, { timeoutMs: LIST_MS, maxBytes: MAX_LIST_BYTES });
      try {
        const tools: Tool[] = [];
        let cursor: string | undefined;
        for (let page = 0; page < MAX_PAGES && !isEnough(tools); page += 1) {
          const params = cursor === undefined ? {} : { cursor };
          const answer = await within(connection, context, LIST_MS, (options) =>
            connection.client.request({ method: 'tools/list', params }, options),
          );
          tools.push(...answer.tools);
          cursor = answer.nextCursor;
          if (cursor === undefined) break;
        }
        return tools;
      } finally {
        await close(connection);
      }
    },

    async callTool(server, { definition, args }, context) {
      const { name, inputSchema } = definition;
      const { args: injected, meta } = await credentials.load(server, context);
      const connection = await connectionFor(server, context);
      const params = {
        name,
        arguments: fill(args, injected, Object.keys(inputSchema.properties ?? {})),
        ...(Object.keys(meta).length > 0 && { _meta: meta }),
      };
      const result = await within(connection, context, CALL_MS, (options) =>
        connection.client.callTool(params, {
          ...options,
          // Without its output schema: compiling what a server wrote is work that it chooses.
          toolDefinition: { name, inputSchema },
        }),
      ).catch((cause: unknown) => {
        throw new UnansweredError('a call got no answer', { cause });
      });
      return { result, secrets: connection.secrets };
    },

    async end(context) {
      const own = [...(open.get(context)?.values() ?? [])];
      open.delete(context);
      await Promise.all(own.map((opening) => opening.then(close, () => {})));
    },
  };
}

/** What is ours goes to tools that ask for it, and whatever the model has written in its place to none. */
function fill(
  args: Record<string, unknown>,
  injected: Record<string, unknown>,
  asked: string[],
): Record<string, unknown> {
  const own = Object.entries(args).filter(([name]) => !Object.hasOwn(injected, name));
  return Object.fromEntries([...own, ...Object.entries(injected).filter(([name]) => asked.includes(name))]);
}

async function within<T>(
  { broken }: Connection,
  context: Context,
  timeout: number,
  ask: (options: { signal: AbortSignal; timeout: number; maxTotalTimeout: number }) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.any([context.signal, broken]);
  try {
    return await ask({ signal, timeout, maxTotalTimeout: timeout });
  } catch (error) {
    throw broken.aborted ? broken.reason : error;
  }
}

/** A server of the older edition keeps a session until it is told; it need not be waited for. */
async function close({ client, transport }: Connection): Promise<void> {
  if (transport.sessionId !== undefined) await transport.terminateSession().catch(() => {});
  await client.close();
}

function keyOf(server: McpServer, { site, owner }: Context): string {
  return JSON.stringify([site.id, server, needsUserToken(server) ? owner : '']);
}
