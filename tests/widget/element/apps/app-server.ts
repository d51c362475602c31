import { once } from 'node:events';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { loadScripts, serveScripts } from '../../../../server/routes/scripts.ts';
import { type ChatKitEndpoint, createChatKitEndpoint } from '../../../fakes/chatkit-endpoint.ts';

const DIST = join(import.meta.dirname, '../../../../dist');

const TYPES: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css' };

export interface AppServer {
  origin: string;
  endpoint: ChatKitEndpoint;
  /** Puts a page or a script at a path. */
  put: (path: string, body: string, headers?: Record<string, string>) => void;
  close: () => Promise<void>;
}

/** One origin with the built scripts as our server gives them, a ChatKit server at `/chatkit`, and a test's own pages. */
export async function startAppServer(): Promise<AppServer> {
  const endpoint = createChatKitEndpoint();
  const files = new Map<string, { body: string; headers: Record<string, string> }>();
  const scripts = serveScripts(await loadScripts(DIST));
  const app = new Hono();
  app.post('/chatkit', (c) => endpoint.handle(c.req.raw));
  app.get('/chatkit.js', scripts);
  app.get('/assets/*', scripts);
  app.get('/favicon.ico', (c) => c.body(null, 204));
  app.get('*', (c) => {
    const file = files.get(c.req.path);
    return file ? c.body(file.body, 200, file.headers) : c.body(null, 404);
  });
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    endpoint,
    put(path, body, headers = {}) {
      const type = TYPES[path.slice(path.lastIndexOf('.'))] ?? 'text/html; charset=utf-8';
      files.set(path, { body, headers: { 'content-type': type, ...headers } });
    },
    async close() {
      if ('closeAllConnections' in server) server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
