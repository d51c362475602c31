import { Hono } from 'hono';
import { z } from 'zod';
import type { KeyRotation } from '../auth/rotate-keys.ts';
import type { SiteSecrets } from '../auth/site-secrets.ts';
import type { SiteToken, SiteTokens } from '../auth/site-tokens.ts';
import type { Site } from '../context.ts';
import { ApiError } from '../errors.ts';
import type { SiteRegistry } from '../sites/registry.ts';
import { readJson } from './read-json.ts';

export interface OperatorDeps {
  sites: SiteRegistry;
  siteTokens: SiteTokens;
  secrets: SiteSecrets;
  keys: KeyRotation;
  scriptTag: (siteToken: string) => string;
  /** Whether this server would call that address. */
  isCallable: (url: string) => boolean;
}

/** A site token as an operator sees it; times are ISO 8601. */
export interface TagView {
  id: string;
  issuedAt: string;
  expiresAt: string;
  origins: string[];
  scriptTag: string;
}

export interface SiteDetails {
  site: Site;
  tags: TagView[];
  /** The shared secrets of identity mode `secret`, without what they are. */
  secrets: { id: string; createdAt: string }[];
}

const patch = z.object({
  name: z.string().optional(),
  origins: z.array(z.string()).optional(),
  settings: z.record(z.string(), z.unknown()).optional(),
});
const added = patch.extend({ id: z.string() });
const secret = z.object({ secret: z.string() });

/** What of changed settings this server would call, by name. What is none at all is for their own check to refuse. */
const url = z.string().optional().catch(undefined);
const addresses = z
  .object({
    identity: z.object({ jwksUrl: url }).optional().catch(undefined),
    mcpServers: z
      .array(z.object({ url, auth: z.object({ tokenUrl: url }).optional().catch(undefined) }))
      .optional()
      .catch(undefined),
  })
  .default({})
  .transform(({ identity, mcpServers = [] }) => {
    const named: [string, string | undefined][] = [
      ['identity.jwksUrl', identity?.jwksUrl],
      ...mcpServers.flatMap(({ url, auth }, index): [string, string | undefined][] => [
        [`mcpServers.${index}.url`, url],
        [`mcpServers.${index}.auth.tokenUrl`, auth?.tokenUrl],
      ]),
    ];
    return named.flatMap(([name, address]): [string, string][] => (address === undefined ? [] : [[name, address]]));
  });

/**
 * What an operator does to sites and keys, below `/v1/operator`. It lets everybody in: whoever mounts it decides who
 * may call. Values are our own, so they are in camelCase; no answer holds a secret.
 */
export function operatorRoutes({ sites, siteTokens, secrets, keys, scriptTag, isCallable }: OperatorDeps): Hono {
  const routes = new Hono().basePath('/v1/operator');
  const toTag = ({ id, issuedAt, expiresAt, origins, token }: SiteToken): TagView => ({
    id,
    issuedAt: toIso(issuedAt * 1000),
    expiresAt: toIso(expiresAt * 1000),
    origins,
    scriptTag: scriptTag(token),
  });
  async function requireSite(id: string): Promise<Site> {
    return (await sites.load(id)) ?? missing(`there is no site ${id}`);
  }
  /** Here and not where settings are parsed: what an operator allows may be less tomorrow, and the site still loads. */
  function refuseUncallable({ settings }: z.output<typeof patch>): void {
    for (const [name, url] of addresses.parse(settings))
      if (!isCallable(url))
        throw new ApiError('invalid_request', `site: settings.${name} must be a public https URL on port 443`);
  }
  const details = async (site: Site): Promise<SiteDetails> => ({
    site,
    tags: (await siteTokens.list(site.id)).map(toTag),
    secrets: (await secrets.list(site.id)).map(({ id, createdAt }) => ({ id, createdAt: toIso(createdAt) })),
  });

  routes.get('/sites', async (c) => c.json({ sites: await sites.list() }));
  routes.post('/sites', async (c) => {
    const { id, ...changes } = await readBody(c.req.raw, added);
    refuseUncallable(changes);
    const site = await sites.add(id, changes);
    await siteTokens.issue(site);
    return c.json(await details(site));
  });
  routes.get('/sites/:id', async (c) => c.json(await details(await requireSite(c.req.param('id')))));
  routes.patch('/sites/:id', async (c) => {
    const site = await requireSite(c.req.param('id'));
    const changes = await readBody(c.req.raw, patch);
    refuseUncallable(changes);
    return c.json(await details((await sites.change(site.id, changes)) ?? missing('the site is gone')));
  });
  routes.delete('/sites/:id', async (c) => {
    const { id } = await requireSite(c.req.param('id'));
    await sites.remove(id);
    // The tokens went with it; this server forgets at once that it believed in them.
    await siteTokens.revoke(id);
    return c.body(null, 204);
  });

  routes.post('/sites/:id/tags', async (c) => {
    const site = await requireSite(c.req.param('id'));
    return c.json(toTag(await siteTokens.issue(site)));
  });
  routes.delete('/sites/:id/tags', async (c) => {
    const { id } = await requireSite(c.req.param('id'));
    return c.json({ ended: await siteTokens.revoke(id) });
  });
  routes.delete('/sites/:id/tags/:tag', async (c) => {
    const { id } = await requireSite(c.req.param('id'));
    const ended = await siteTokens.revoke(id, c.req.param('tag'));
    return ended > 0 ? c.json({ ended }) : missing(`${id} has no such tag`);
  });
  routes.delete('/sites/:id/sessions', async (c) => {
    const { id } = await requireSite(c.req.param('id'));
    await sites.endSessions(id);
    return c.body(null, 204);
  });

  routes.post('/sites/:id/secrets', async (c) => {
    const { id } = await requireSite(c.req.param('id'));
    return c.json(await secrets.add(id, (await readBody(c.req.raw, secret)).secret));
  });
  routes.delete('/sites/:id/secrets/:secret', async (c) => {
    const { id } = await requireSite(c.req.param('id'));
    return (await secrets.remove(id, c.req.param('secret'))) ? c.body(null, 204) : missing(`${id} has no such secret`);
  });

  routes.get('/keys', async (c) => c.json({ keys: await keys.list() }));
  routes.post('/keys', async (c) => c.json(await keys.rotate()));
  routes.delete('/keys/:kid', async (c) =>
    c.json((await keys.revoke(c.req.param('kid'))) ?? missing('there is no such key')),
  );
  return routes;
}

async function readBody<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const body = schema.safeParse(await readJson(request));
  if (body.success) return body.data;
  const [issue] = body.error.issues;
  throw new ApiError('invalid_request', `${issue?.path.join('.')} ${issue?.message}`);
}

function missing(what: string): never {
  throw new ApiError('not_found', what);
}

function toIso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
