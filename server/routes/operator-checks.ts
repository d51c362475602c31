import { Hono } from 'hono';
import { z } from 'zod';
import { ApiError } from '../errors.ts';
import type { Finding } from '../verify/finding.ts';
import type { InsideCheck } from '../verify/inside-checks.ts';
import { readJson } from './read-json.ts';

interface CheckDeps {
  list: () => Promise<InsideCheck[]>;
  look: (name: string, check: () => Promise<string>) => Promise<Finding>;
}

const asked = z.object({ name: z.string(), url: z.string() });

/** What a server says of itself when an operator asks: the names of its checks, and one finding a call. */
export function operatorChecks({ list, look }: CheckDeps): Hono {
  const routes = new Hono();
  routes.get('/', async (c) => c.json({ checks: (await list()).map(({ name }) => name) }));
  routes.post('/', async (c) => {
    const body = asked.safeParse(await readJson(c.req.raw));
    if (!body.success) throw new ApiError('invalid_request', 'name and url are strings');
    const { name, url } = body.data;
    const check = (await list()).find((known) => known.name === name);
    if (!check) throw new ApiError('not_found', 'there is no such check');
    return c.json(await look(name, () => check.run(url)));
  });
  return routes;
}
