import type { MiddlewareHandler } from 'hono';
import { ApiError } from '../errors.ts';

// What a ChatKit element sends, OpenAI's hosted one too.
const ALLOWED_HEADERS = 'authorization, content-type, accept-language, chatkit-frame-instance-id';
const PREFLIGHT_SECONDS = 600;

/**
 * Lets the origins of known sites read answers and errors alike. An origin is echoed exactly or not at all, and
 * credentials are never allowed: every call carries its own token.
 */
export function cors(isKnownOrigin: (origin: string) => Promise<boolean>, methods: string): MiddlewareHandler {
  return async (c, next) => {
    c.header('vary', 'Origin');
    const origin = c.req.header('origin');
    const isKnown = origin !== undefined && (await isKnownOrigin(origin));
    if (isKnown) c.header('access-control-allow-origin', origin);
    if (c.req.method !== 'OPTIONS') return await next();
    if (!isKnown) throw new ApiError('origin_not_allowed', 'this origin belongs to no site');
    c.header('access-control-allow-methods', methods);
    c.header('access-control-allow-headers', ALLOWED_HEADERS);
    c.header('access-control-max-age', String(PREFLIGHT_SECONDS));
    return c.body(null, 204);
  };
}
