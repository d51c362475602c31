import { call } from './call.ts';
import { Fault } from './finding.ts';

const PATHS: [string, string][] = [
  ['/v1/session', 'POST'],
  ['/chatkit', 'POST'],
];
/** What a page sends with a question. */
const NEEDED_HEADERS = ['authorization', 'content-type'];
/** Nobody's (RFC 6761). */
const STRANGER = 'https://stranger.invalid';

/** That the pages of these origins may call, and that a stranger's may not. A wildcard is tried with one name for its star. */
export async function checkCors(url: string, origins: string[]): Promise<string> {
  if (origins.length === 0)
    throw new Fault(
      'no origin is let in',
      'Name the origins of the site: `npm run site -- set ID origins=https://www.example.com`.',
    );
  for (const origin of origins)
    for (const [path, method] of PATHS) await preflight(url, path, method, exampleOf(origin));
  const [path = '', method = ''] = PATHS[0] ?? [];
  const { headers } = await ask(url, path, method, STRANGER);
  if (headers.has('access-control-allow-origin'))
    throw new Fault(
      `a page of a stranger may read answers (access-control-allow-origin: ${headers.get('access-control-allow-origin')})`,
      'Something in between adds CORS headers: the server sends its own.',
    );
  return origins.join(' ');
}

/** An origin that the entry of a site's list lets in. */
export function exampleOf(origin: string): string {
  return origin.replace('*', 'pagewise-verify');
}

async function preflight(url: string, path: string, method: string, origin: string): Promise<void> {
  const { status, headers } = await ask(url, path, method, origin);
  const allowed = headers.get('access-control-allow-origin');
  if (status === 403 && allowed === null)
    throw new Fault(
      `${origin} belongs to no site here`,
      'Add it: `npm run site -- set ID origins="…"`, with all origins of the site. A change is seen within a minute.',
    );
  if (allowed !== origin)
    throw new Fault(
      `the preflight of ${path} for ${origin} answers ${status} ${allowed === null ? 'without access-control-allow-origin' : `for ${allowed}`}`,
      'Let the proxy pass OPTIONS on to the server, and its headers back as they are.',
    );
  const listed = (name: string) => (headers.get(name) ?? '').toLowerCase().split(/[\s,]+/);
  const missing = NEEDED_HEADERS.find((name) => !listed('access-control-allow-headers').includes(name));
  if (missing !== undefined || !listed('access-control-allow-methods').includes(method.toLowerCase()))
    throw new Fault(
      `the preflight of ${path} does not allow ${missing === undefined ? method : `the header ${missing}`}`,
      'Something in between answers for the server: let it pass OPTIONS on.',
    );
}

function ask(url: string, path: string, method: string, origin: string): Promise<Response> {
  const headers = {
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': NEEDED_HEADERS.join(','),
  };
  return call(url + path, { method: 'OPTIONS', headers });
}
