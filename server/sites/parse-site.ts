import { z } from 'zod';
import { SITE_ID, type Site } from '../context.ts';
import { identity } from './parse-identity.ts';
import { mcpServers } from './parse-mcp-servers.ts';
import { parseOrigin } from './parse-origin.ts';

/** A site's settings do not hold; the message names the field. */
export class SiteError extends Error {
  override readonly name = 'SiteError';
}

const line = (max: number) => z.string().trim().min(1).max(max);

/**
 * Settings an owner has not made get their default here, so that a site stored by an older release still loads; what
 * a newer one added is dropped.
 */
const settings = z.object({
  greeting: line(300).optional(),
  placeholder: line(100).optional(),
  disclaimer: line(500).optional(),
  prompts: z
    .array(z.object({ label: line(80), prompt: line(1_000) }))
    .max(12)
    .default([]),
  theme: z.enum(['auto', 'light', 'dark']).default('auto'),
  accent: z
    .string()
    .regex(/^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i, 'must be a colour like #0a7cff')
    .optional(),
  pageContext: z.enum(['page', 'basic', 'off']).default('page'),
  instructions: line(20_000).optional(),
  model: line(200).optional(),
  identity,
  mcpServers,
  suspended: z.boolean().optional(),
});

const origin = z.string().transform((text, check) => {
  const normal = parseOrigin(text);
  if (normal !== undefined) return normal;
  check.addIssue({
    code: 'custom',
    message: 'must be one origin like https://www.example.com or https://*.example.com, without a path',
  });
  return z.NEVER;
});

const site = z.object({
  id: z.string().regex(SITE_ID, 'must be letters, digits, - and _'),
  name: line(100),
  origins: z
    .array(origin)
    .max(100)
    .transform((list) => [...new Set(list)]),
  epoch: z.int().min(0),
  settings,
});

/** Checks and normalises a site: from an owner as from the store. Throws `SiteError`. */
export function parseSite(value: unknown): Site {
  const result = site.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new SiteError(`site: ${issue?.path.join('.')} ${issue?.message}`);
  }
  return withoutUndefined(result.data);
}

/** An optional setting that is not made has no key: our types tell the two apart, zod's output does not. */
function withoutUndefined(value: z.output<typeof site>): Site {
  const settings = onlyMade({ ...value.settings, identity: onlyMade(value.settings.identity) });
  return { ...value, settings: settings as unknown as Site['settings'] };
}

function onlyMade(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, setting]) => setting !== undefined));
}
