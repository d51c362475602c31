import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Handler } from 'hono';
import { ApiError } from '../errors.ts';

interface Encoded {
  bytes: Uint8Array<ArrayBuffer>;
  etag: string;
}

interface Script {
  /** Best first; the last is the plain file. */
  encodings: { name: 'br' | 'gzip' | 'identity'; content: Encoded }[];
  cacheControl: string;
}

export type Scripts = Map<string, Script>;

/**
 * The built scripts by URL path, read once with their precompressed forms: the tag's scripts and the chunks that they
 * name stay of one build, whatever happens to the directory. Throws when there is no build.
 */
export async function loadScripts(directory: string): Promise<Scripts> {
  const names = await readdir(directory, { recursive: true }).catch(() => []);
  const files = names.filter((name) => name.endsWith('.js')).map((name) => name.split(sep).join('/'));
  if (!files.includes('widget.js'))
    throw new Error(`there is no build in ${directory}: run \`npm start\`, which builds`);
  const scripts = files.map(async (name) => {
    const encodings = [
      { name: 'br' as const, content: await load(join(directory, `${name}.br`)) },
      { name: 'gzip' as const, content: await load(join(directory, `${name}.gz`)) },
      { name: 'identity' as const, content: await load(join(directory, name)) },
    ];
    // The names of chunks carry their hash; pasted scripts keep their name across releases.
    const cacheControl = name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    return [`/${name}`, { encodings, cacheControl }] as const;
  });
  return new Map(await Promise.all(scripts));
}

/** Answers GET and HEAD for the scripts. They are public: any page may load and read them. */
export function serveScripts(scripts: Scripts): Handler {
  return (c) => {
    const script = scripts.get(c.req.path);
    if (!script) throw new ApiError('not_found', 'there is nothing here');
    const accepted = c.req.header('accept-encoding') ?? '';
    const { name, content } = pickEncoding(script, accepted);
    const headers = new Headers({
      'access-control-allow-origin': '*',
      'cache-control': script.cacheControl,
      'cross-origin-resource-policy': 'cross-origin',
      etag: content.etag,
      vary: 'Accept-Encoding',
      'x-content-type-options': 'nosniff',
    });
    if (isKnownTag(c.req.header('if-none-match'), content.etag)) return new Response(null, { status: 304, headers });
    headers.set('content-type', 'text/javascript; charset=utf-8');
    headers.set('content-length', String(content.bytes.length));
    if (name !== 'identity') headers.set('content-encoding', name);
    return new Response(content.bytes, { headers });
  };
}

async function load(path: string): Promise<Encoded> {
  const bytes = new Uint8Array(await readFile(path));
  return { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` };
}

function pickEncoding(script: Script, header: string): Script['encodings'][number] {
  const offered = header.split(',').map((part) => part.trim().toLowerCase().replaceAll(' ', ''));
  const accepts = (name: string) =>
    name === 'identity' || offered.some((part) => part.split(';')[0] === name && !/;q=0(\.0*)?$/.test(part));
  const best = script.encodings.find(({ name }) => accepts(name));
  if (!best) throw new Error('a script has no plain form');
  return best;
}

function isKnownTag(header: string | undefined, etag: string): boolean {
  return header !== undefined && header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
