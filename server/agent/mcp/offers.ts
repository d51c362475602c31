import type { Tool } from '@modelcontextprotocol/client';
import { createCache } from '../../cache.ts';
import { type Context, type McpServer, needsUserToken } from '../../context.ts';
import { acceptTools, isWanted, MAX_TOOLS, type McpTool } from './accept-tools.ts';
import type { Connections } from './connections.ts';
import { mayUse } from './credentials.ts';
import { explainFailure } from './mcp-error.ts';

/** What a server offers to whoever asks, or why nothing can be had of it just now. */
export type Offer = { tools: McpTool[] } | { tools: []; failure: string };

export interface Offers {
  /** Never rejects, but by `context.signal`. No tools for somebody whom the server would not know. */
  offerOf(server: McpServer, context: Context): Promise<Offer>;
}

export interface OffersDeps {
  connections: Connections;
  /** Of these tools those that the owner trusts as they are; see `createToolPins`. */
  keepPinned: (siteId: string, server: string, tools: McpTool[]) => Promise<McpTool[]>;
  /** Milliseconds. */
  now: () => number;
}

/** How old a list may be, in milliseconds: so long a tool that is new or gone is not noticed. */
const LIST_AGE_MS = 5 * 60_000;
/** A server that is down is asked again after this time, and what an owner has pinned is looked at: not in each turn. */
const ATTEMPT_AGE_MS = 30_000;

export function createOffers({ connections, keepPinned, now }: OffersDeps): Offers {
  const lists = createCache<McpTool[]>(LIST_AGE_MS, now);
  const attempts = createCache<Offer>(ATTEMPT_AGE_MS, now);

  async function load(server: McpServer, context: Context): Promise<McpTool[]> {
    const isEnough = (tools: Tool[]) => tools.filter((tool) => isWanted(server, tool)).length >= MAX_TOOLS;
    // Not ended by one visitor's leaving: others wait for the same list.
    const asking = { ...context, signal: new AbortController().signal };
    return acceptTools(server, await connections.listTools(server, asking, isEnough)).tools;
  }

  return {
    async offerOf(server, context) {
      if (!mayUse(server, context)) return { tools: [] };
      // What a server lists may depend on whose token it sees.
      const key = JSON.stringify([context.site.id, server, needsUserToken(server) ? context.owner : '']);
      return await attempts.get(key, () =>
        lists
          .get(key, () => load(server, context))
          .then((tools) => keepPinned(context.site.id, server.name, tools))
          .then(
            (tools): Offer => ({ tools }),
            (error: unknown): Offer => ({ tools: [], failure: explainFailure(error) }),
          ),
      );
    },
  };
}
