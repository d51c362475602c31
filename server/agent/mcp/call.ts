import type { Context } from '../../context.ts';
import type { Connections } from './connections.ts';
import { explainFailure, McpError, mayBeDone } from './mcp-error.ts';
import type { Offers } from './offers.ts';
import { toOutcomeText } from './outcome-text.ts';

/** One call of a tool, with the names that its server has for them. */
export interface McpCall {
  /** The name of the server among the site's. */
  server: string;
  tool: string;
  /** What the model wrote. */
  args: Record<string, unknown>;
}

export interface McpOutcome {
  /** What the tool said, or why there is nothing; cut, and to a model it is data as a page is. */
  text: string;
  isError: boolean;
  /** It was sent, and nobody knows whether it was made: it must not be made again by itself. */
  isUnknown?: true;
}

/**
 * Runs one call for whoever asks, with the credentials that the site's settings say, read anew. What may be called is
 * looked at again: since somebody was asked, the owner may have taken the tool away, or its server may have changed it.
 * Every failure is an outcome that holds no credential; it rejects only when `context.signal` aborts.
 */
export type CallMcpTool = (call: McpCall, context: Context) => Promise<McpOutcome>;

export function createCallMcpTool({ connections, offers }: { connections: Connections; offers: Offers }): CallMcpTool {
  return async ({ server: name, tool: wanted, args }, context) => {
    try {
      const server = context.site.settings.mcpServers.find((known) => known.name === name);
      if (!server) throw new McpError('refused', 'The website does not offer this tool.');
      const offer = await offers.offerOf(server, context);
      if ('failure' in offer) throw new McpError('failed', offer.failure);
      const tool = offer.tools.find((offered) => offered.name === wanted);
      if (!tool) throw new McpError('refused', 'The website does not offer this tool to this user.');
      const { result, secrets } = await connections.callTool(server, { definition: tool.definition, args }, context);
      return { text: toOutcomeText(result, [...secrets]), isError: result.isError === true };
    } catch (error) {
      context.signal.throwIfAborted();
      return { text: explainFailure(error), isError: true, ...(mayBeDone(error) && { isUnknown: true }) };
    }
  };
}
