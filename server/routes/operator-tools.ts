import { Hono } from 'hono';
import { z } from 'zod';
import type { ToolPins } from '../agent/mcp/tool-pins.ts';
import type { ToolSecrets } from '../auth/tool-secrets.ts';
import type { McpServer } from '../context.ts';
import { ApiError } from '../errors.ts';
import type { SiteRegistry } from '../sites/registry.ts';
import { readJson } from './read-json.ts';

export interface OperatorToolsDeps {
  sites: Pick<SiteRegistry, 'load'>;
  pins: ToolPins;
  secrets: ToolSecrets;
}

/** A server of tools as an operator sees it: what the owner has set, and what the server was seen to offer. */
export interface ToolServerView {
  name: string;
  url: string;
  mode: McpServer['auth']['mode'];
  /** Whether a credential is set for it. */
  hasSecret: boolean;
  tools: ToolView[];
}

export interface ToolView {
  name: string;
  /** `changed`: other than it was pinned. `new`: never pinned. Both are not used. */
  state: 'pinned' | 'changed' | 'new';
  /** As the server says. */
  description: string;
  isRead: boolean;
}

const secret = z.object({ secret: z.string() });
const pinned = z.object({ tool: z.string().optional() });
const definition = z.object({
  description: z.string().default(''),
  annotations: z.object({ readOnlyHint: z.boolean().optional() }).optional(),
});

/** What an operator does to the servers of tools of a site, below `/v1/operator`. */
export function operatorToolsRoutes({ sites, pins, secrets }: OperatorToolsDeps): Hono {
  const routes = new Hono();
  async function requireServer(siteId: string, name: string): Promise<McpServer> {
    const server = (await sites.load(siteId))?.settings.mcpServers.find((known) => known.name === name);
    if (!server) throw new ApiError('not_found', `${siteId} has no server of tools ${name}`);
    return server;
  }

  routes.get('/sites/:id/mcp', async (c) => {
    const site = await sites.load(c.req.param('id'));
    if (!site) throw new ApiError('not_found', `there is no site ${c.req.param('id')}`);
    const servers = site.settings.mcpServers.map(async (server): Promise<ToolServerView> => {
      const tools = await pins.list(site.id, server.name);
      return {
        name: server.name,
        url: server.url,
        mode: server.auth.mode,
        hasSecret: (await secrets.load(site.id, server.name)) !== undefined,
        tools: tools.map(({ name, pinnedHash, hash, definition: json }) => {
          const { description, annotations } = definition.parse(JSON.parse(json));
          return {
            name,
            state: pinnedHash === hash ? 'pinned' : pinnedHash === undefined ? 'new' : 'changed',
            description,
            isRead: annotations?.readOnlyHint === true || server.readTools?.includes(name) === true,
          };
        }),
      };
    });
    return c.json({ servers: await Promise.all(servers) });
  });

  routes.post('/sites/:id/mcp/:server/pins', async (c) => {
    const { name } = await requireServer(c.req.param('id'), c.req.param('server'));
    const body = pinned.safeParse(await readJson(c.req.raw));
    if (!body.success) throw new ApiError('invalid_request', 'tool must be the name of a tool');
    const names = await pins.pin(c.req.param('id'), name, body.data.tool);
    if (names.length === 0) throw new ApiError('not_found', `no such tool of ${name} has been seen`);
    return c.json({ pinned: names });
  });

  routes.put('/sites/:id/mcp/:server/secret', async (c) => {
    const { name } = await requireServer(c.req.param('id'), c.req.param('server'));
    const body = secret.safeParse(await readJson(c.req.raw));
    if (!body.success) throw new ApiError('invalid_request', 'secret must be text');
    await secrets.set(c.req.param('id'), name, body.data.secret);
    return c.body(null, 204);
  });
  routes.delete('/sites/:id/mcp/:server/secret', async (c) => {
    // Also of a server that is no longer set.
    if (!(await secrets.remove(c.req.param('id'), c.req.param('server'))))
      throw new ApiError('not_found', 'there is no such credential');
    return c.body(null, 204);
  });
  return routes;
}
