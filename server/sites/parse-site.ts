import { z } from 'zod';
import type { Site } from '../context.ts';

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
});

const origin = z.string().transform((text, check) => {
  const normal = normaliseOrigin(text);
  if (normal !== undefined) return normal;
  check.addIssue({ code: 'custom', message: 'must be one origin like https://www.example.com, without a path' });
  return z.NEVER;
});

const site = z.object({
  // Not what Object.prototype has, and nothing that a URL or a log line would have to escape.
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be letters, digits, - and _'),
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

/** The serialised origin, as a browser sends it in `Origin`; `undefined` when it is not exactly one http(s) origin. */
function normaliseOrigin(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url || !['https:', 'http:'].includes(url.protocol) || text.includes('*')) return undefined;
  const bare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return bare ? url.origin : undefined;
}

/** An optional setting that is not made has no key: our types tell the two apart, zod's output does not. */
function withoutUndefined(value: z.output<typeof site>): Site {
  const made = Object.entries(value.settings).filter(([, setting]) => setting !== undefined);
  return { ...value, settings: Object.fromEntries(made) as unknown as Site['settings'] };
}
