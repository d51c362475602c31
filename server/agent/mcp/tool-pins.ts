import type { McpTool } from './accept-tools.ts';

/** A tool of a site's server as it was seen last, and as the owner trusts it. */
export interface KnownTool {
  name: string;
  /** Of what a model reads of it: as it was pinned, when it was. */
  pinnedHash?: string;
  hash: string;
  /** As the server wrote it, JSON. */
  definition: string;
  /** Milliseconds. */
  seenAt: number;
}

export interface ToolStore {
  /** In the order of their names. */
  loadTools(siteId: string, server: string): Promise<KnownTool[]>;
  /** Inserts or replaces. */
  saveTools(siteId: string, server: string, tools: KnownTool[]): Promise<void>;
}

/** Which tools the owners of sites trust, and as what. */
export interface ToolPins {
  /**
   * Of these tools those that are as they were pinned. All that a server offers when it is first seen is pinned; what
   * it changes or adds later waits for the owner, because by then visitors' questions and credentials are at stake.
   */
  keepPinned(siteId: string, server: string, tools: McpTool[]): Promise<McpTool[]>;
  list(siteId: string, server: string): Promise<KnownTool[]>;
  /** Pins a tool as it was seen last, or all of the server; resolves to their names. */
  pin(siteId: string, server: string, name?: string): Promise<string[]>;
}

/** A server that gives its tools new names all the time fills no table. */
const MAX_KNOWN = 256;

export function createToolPins({ store, now }: { store: ToolStore; now: () => number }): ToolPins {
  return {
    async keepPinned(siteId, server, tools) {
      const known = new Map((await store.loadTools(siteId, server)).map((tool) => [tool.name, tool]));
      const news = tools.filter(({ name, hash }) => known.get(name)?.hash !== hash);
      const room = MAX_KNOWN - known.size;
      const added = news.filter(({ name }) => !known.has(name)).slice(0, room);
      const seen = [...news.filter(({ name }) => known.has(name)), ...added].map((tool) =>
        toKnown(tool, known.size === 0 ? tool.hash : known.get(tool.name)?.pinnedHash, now()),
      );
      if (seen.length > 0) await store.saveTools(siteId, server, seen);
      const pins = new Map([...known.values(), ...seen].map(({ name, pinnedHash }) => [name, pinnedHash]));
      return tools.filter(({ name, hash }) => pins.get(name) === hash);
    },
    list: (siteId, server) => store.loadTools(siteId, server),
    async pin(siteId, server, name) {
      const tools = (await store.loadTools(siteId, server)).filter((tool) => name === undefined || tool.name === name);
      const trusted = tools.map((tool) => ({ ...tool, pinnedHash: tool.hash }));
      if (trusted.length > 0) await store.saveTools(siteId, server, trusted);
      return tools.map((tool) => tool.name);
    },
  };
}

function toKnown({ name, hash, definition }: McpTool, pinnedHash: string | undefined, seenAt: number): KnownTool {
  const known: KnownTool = { name, hash, definition: JSON.stringify(definition), seenAt };
  if (pinnedHash !== undefined) known.pinnedHash = pinnedHash;
  return known;
}
