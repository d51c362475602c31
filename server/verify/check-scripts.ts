import { createHash } from 'node:crypto';
import { call } from './call.ts';
import { Fault } from './finding.ts';

const PASTED = ['widget.js', 'chatkit.js'];
/** How our scripts name each other: chunks from the pasted ones, and from beside themselves. */
const CHUNKS = /assets\/[\w-]+\.js/g;
const SIBLINGS = /["'`]\.\/([\w-]+\.js)["'`]/g;
/** What the server makes of a script: the first 22 letters of its SHA-256. */
const OWN_TAG = /^"([\w-]{22})"$/;

/** That every script of the release is there, as the server has it, and with the headers that other sites need. */
export async function checkScripts(url: string): Promise<string> {
  const seen = new Set(PASTED);
  let weight = 0;
  // A set goes on over what is added to it meanwhile.
  for (const path of seen) {
    const source = await readScript(url, path);
    if (path === 'widget.js') weight = source.length;
    for (const [chunk] of source.matchAll(CHUNKS)) seen.add(chunk);
    if (path.startsWith('assets/')) for (const [, name] of source.matchAll(SIBLINGS)) seen.add(`assets/${name}`);
  }
  if (seen.size === PASTED.length)
    throw new Fault('widget.js names no chunk of a release', 'Let /widget.js come from the server as it is.');
  return `${seen.size} files; widget.js has ${weight} bytes before compression`;
}

async function readScript(url: string, path: string): Promise<string> {
  // Plain, so that the bytes are those that the tag was made of.
  const response = await call(`${url}/${path}`, { headers: { 'accept-encoding': 'identity' } });
  if (response.status !== 200)
    throw new Fault(
      `/${path} is not there (${response.status})`,
      path.startsWith('assets/')
        ? 'A cache serves scripts of another release: let it ask the server again for /widget.js and /chatkit.js (they say `no-cache`), and pass /assets/ on.'
        : 'Let the proxy pass the path on to the server.',
    );
  requireHeader(response, path, 'content-type', /^text\/javascript\b/);
  requireHeader(response, path, 'access-control-allow-origin', /^\*$/);
  requireHeader(response, path, 'cross-origin-resource-policy', /^cross-origin$/);
  requireHeader(response, path, 'x-content-type-options', /^nosniff$/);
  requireHeader(response, path, 'cache-control', path.startsWith('assets/') ? /\bimmutable\b/ : /^no-cache$/);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const [, tag] = OWN_TAG.exec(response.headers.get('etag')?.replace(/^W\//, '') ?? '') ?? [];
  // A CDN may give tags of its own: then there is nothing to compare with.
  if (tag !== undefined && tag !== createHash('sha256').update(bytes).digest('base64url').slice(0, 22))
    throw new Fault(
      `/${path} is not what the server sent`,
      'Something in between rewrites scripts: turn its minifying and injecting off for this address.',
    );
  return new TextDecoder().decode(bytes);
}

function requireHeader(response: Response, path: string, name: string, pattern: RegExp): void {
  const value = response.headers.get(name);
  if (value !== null && pattern.test(value)) return;
  throw new Fault(
    `/${path} comes ${value === null ? `without ${name}` : `with ${name}: ${value}`}`,
    'Let the proxy leave the headers of the server as they are.',
  );
}
