import { createHash } from 'node:crypto';
import type { Tool } from '@modelcontextprotocol/client';
import type { McpServer } from '../../context.ts';

/** A tool as it is offered to a model. */
export interface McpTool {
  /** The name for the model: `<server>__<tool>`. */
  id: string;
  server: string;
  /** The name that the server has for it. */
  name: string;
  /** For people. */
  title: string;
  description: string;
  /** JSON schema of what the model may set. */
  parameters: Record<string, unknown>;
  /** It changes nothing, as the server or the owner says: it runs unasked. */
  isRead: boolean;
  /** As the server wrote it, and the hash of that. */
  definition: Tool;
  hash: string;
}

export interface AcceptedTools {
  tools: McpTool[];
  /** Which are not offered, and why. */
  refused: { name: string; why: string }[];
}

/** More than a model can choose among. */
export const MAX_TOOLS = 64;
/** Of all tools of a server together, as JSON. */
const MAX_SCHEMA_CHARS = 256 * 1024;
const MAX_DEPTH = 32;
const MAX_DESCRIPTION_CHARS = 2_000;
const MAX_TITLE_CHARS = 80;
/** Model endpoints take no longer name of a function. */
const MAX_ID_CHARS = 64;

/** Whether the owner of the site wants this tool at all. */
export function isWanted({ tools }: McpServer, { name }: Pick<Tool, 'name'>): boolean {
  return tools === undefined || tools.includes(name);
}

/** What may be offered of what a server has listed, in its order. */
export function acceptTools(server: McpServer, listed: Tool[]): AcceptedTools {
  const tools = new Map<string, McpTool>();
  const refused: AcceptedTools['refused'] = [];
  let room = MAX_SCHEMA_CHARS;
  for (const definition of listed) {
    if (!isWanted(server, definition)) continue;
    const accepted = accept(server, definition, room);
    if (typeof accepted === 'string') refused.push({ name: toLine(definition.name), why: accepted });
    else if (tools.has(accepted.tool.id)) refused.push({ name: toLine(definition.name), why: 'another has this name' });
    else if (tools.size === MAX_TOOLS) break;
    else {
      room -= accepted.size;
      tools.set(accepted.tool.id, accepted.tool);
    }
  }
  return { tools: [...tools.values()], refused };
}

function accept(server: McpServer, definition: Tool, room: number): { tool: McpTool; size: number } | string {
  const { name, inputSchema, annotations } = definition;
  if (nestsTooDeep(inputSchema)) return 'its schema is nested too deep';
  const size = JSON.stringify(inputSchema).length;
  if (size > room) return 'the schemas of this server are too large';
  if (pointsElsewhere(inputSchema)) return 'its schema points to another document';
  const parameters = withoutInjected(server, inputSchema);
  if (typeof parameters === 'string') return parameters;
  const tool: McpTool = {
    id: `${server.name}__${name.replace(/[^A-Za-z0-9_-]/g, '_')}`.slice(0, MAX_ID_CHARS),
    server: server.name,
    name,
    title: toLine(definition.title ?? annotations?.title ?? name),
    description: (definition.description ?? name).slice(0, MAX_DESCRIPTION_CHARS).toWellFormed(),
    parameters,
    isRead: annotations?.readOnlyHint === true || server.readTools?.includes(name) === true,
    definition,
    hash: hashOf(definition),
  };
  return { tool, size };
}

/** The schema without what is filled in at each call, or why the tool cannot be used so. */
function withoutInjected({ auth }: McpServer, schema: Tool['inputSchema']): Record<string, unknown> | string {
  const { $schema: _, properties = {}, required = [], ...rest } = schema;
  if (auth.mode !== 'inject_args' && auth.mode !== 'legacy_prompt') return { ...rest, properties, required };
  const injected = Object.keys(auth.args);
  // The protocol copies such an argument into a header, which every proxy on the way may log.
  if (injected.some((name) => JSON.stringify(properties[name] ?? {}).includes('"x-mcp-header"')))
    return 'it would send a credential in a header of its own';
  if (auth.mode === 'legacy_prompt') return { ...rest, properties, required };
  if (injected.some((name) => JSON.stringify(rest).includes(JSON.stringify(name))))
    return 'its schema says more of a credential than that it is there';
  return {
    ...rest,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !injected.includes(name))),
    required: required.filter((name) => !injected.includes(name)),
    additionalProperties: false,
  };
}

/** What an owner trusts when a tool is pinned: all that a model reads of it, and whether it runs unasked. */
function hashOf({ name, title, description, inputSchema, annotations }: Tool): string {
  const text = JSON.stringify({ name, title, description, inputSchema, annotations }, (_, value: unknown) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
  return createHash('sha256').update(text).digest('base64url');
}

/** Without recursion: the depth is what is in doubt. */
function nestsTooDeep(schema: unknown): boolean {
  let level = [schema];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  }
  return false;
}

/** Nobody here fetches a schema, and whoever reads this one later should not either. */
function pointsElsewhere(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(pointsElsewhere);
  if (!isObject(value)) return false;
  return Object.entries(value).some(
    ([key, part]) =>
      (/^\$(?:ref|dynamicRef|recursiveRef)$/.test(key) && typeof part === 'string' && !part.startsWith('#')) ||
      pointsElsewhere(part),
  );
}

function toLine(text: string): string {
  return text
    .slice(0, MAX_TITLE_CHARS)
    .replace(/\p{C}+/gu, ' ')
    .trim();
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
