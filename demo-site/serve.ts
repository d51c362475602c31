import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface DemoSiteOptions {
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** The script tag, as a site's owner pastes it. It stands literally in every page. */
  scriptTag: string;
  /** Where the tag's script comes from and the widget calls: all that the strict page lets in. */
  chatOrigin: string;
}

export interface DemoSite {
  url: string;
  close: () => Promise<void>;
}

/**
 * Serves the demo site: the website of a made-up customer, on an origin of its own. Rejects when the port is taken.
 */
export async function serveDemoSite(options: DemoSiteOptions): Promise<DemoSite> {
  const server = createServer((request, response) => {
    response.on('error', () => response.destroy());
    answer(request.method ?? '', request.url ?? '/', response, options).catch(() => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
      response.end('The demo site failed to answer.');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const bound = server.address();
  const port = typeof bound === 'object' && bound ? bound.port : options.port;
  // A loopback address is called by its name, as a visitor types it: origins are compared by letters.
  const name = options.host === '127.0.0.1' ? 'localhost' : options.host;
  return {
    url: `http://${name.includes(':') ? `[${name}]` : name}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const PUBLIC = fileURLToPath(new URL('public', import.meta.url));
const PLACEHOLDER = '<!-- pagewise -->';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The views of the single-page app have addresses of their own: a reload must find them. */
const APP_VIEW = /^\/app(?:\/[a-z]+)?$/;

async function answer(method: string, target: string, response: ServerResponse, options: DemoSiteOptions) {
  if (method !== 'GET' && method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD', 'content-type': 'text/plain; charset=utf-8' });
    response.end('Only GET and HEAD.');
    return;
  }
  const file = fileOf(target);
  const found = file === undefined ? undefined : await readFile(file).catch(() => undefined);
  const name = found && file ? file : join(PUBLIC, '404.html');
  const type = TYPES[extname(name)] ?? 'application/octet-stream';
  let body = found ?? (await readFile(name));
  // A function, because a replacement string gives `$&` a meaning.
  if (type.startsWith('text/html')) body = Buffer.from(body.toString().replace(PLACEHOLDER, () => options.scriptTag));
  response.writeHead(found ? 200 : 404, {
    'content-type': type,
    'content-length': body.length,
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'content-security-policy': name.endsWith('strict.html') ? strictPolicy(options.chatOrigin) : POLICY,
  });
  response.end(method === 'HEAD' ? undefined : body);
}

/** The file of a request's target, or undefined when it names none: broken escapes, NUL, anything outside `public`. */
function fileOf(target: string): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(target.split(/[?#]/)[0] ?? '');
  } catch {
    return undefined;
  }
  if (!path.startsWith('/') || path.includes('\0') || path.includes('\\')) return undefined;
  if (path === '/') path = '/index.html';
  if (APP_VIEW.test(path)) path = '/app.html';
  const file = normalize(join(PUBLIC, path));
  return file.startsWith(PUBLIC + sep) ? file : undefined;
}

const POLICY = "frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

/** What a careful customer allows: our script, our API, pictures that were attached, its own styles; no string may become code. */
function strictPolicy(chatOrigin: string): string {
  return [
    "default-src 'none'",
    `script-src ${chatOrigin}`,
    `connect-src ${chatOrigin}`,
    `img-src ${chatOrigin}`,
    "style-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}
