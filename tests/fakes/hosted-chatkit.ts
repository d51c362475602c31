import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

const FILES = join(import.meta.dirname, 'hosted-chatkit');
const TYPES: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html' };

/** A stand-in for OpenAI's hosted element and the origin it comes from, after the published contract. */
export interface HostedChatKit {
  origin: string;
  /** The address of the script that defines the element. */
  script: string;
  /** Its text, to be served under another address. */
  source(): Promise<string>;
  /** What the origin was asked for, and with which key. */
  received: { path: string; body: string }[];
  /** `silent`: the frame stays blank without a word. */
  domains: 'allowed' | 'refused' | 'silent';
  /** The script defines the tag only at the event `hosted-chatkit:define` on the page's window. */
  isLate: boolean;
  close(): Promise<void>;
}

export async function startHostedChatKit(): Promise<HostedChatKit> {
  const server = createServer((request, response) => {
    void (async () => {
      const path = new URL(request.url ?? '/', 'http://x').pathname;
      const chunks = await Array.fromAsync(request as AsyncIterable<Buffer>);
      hosted.received.push({ path, body: Buffer.concat(chunks).toString() });
      if (path === '/domain_keys/verify') {
        response.writeHead({ allowed: 200, refused: 401, silent: 500 }[hosted.domains]).end();
        return;
      }
      const file = path === '/chatkit.js' ? await hosted.source() : await readFile(join(FILES, path)).catch(() => '');
      response.writeHead(file ? 200 : 404, {
        'content-type': TYPES[extname(path)] ?? 'text/plain',
        'access-control-allow-origin': '*',
      });
      response.end(file);
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const origin = `http://127.0.0.1:${address.port}`;
  const hosted: HostedChatKit = {
    origin,
    script: `${origin}/chatkit.js`,
    async source() {
      const element = await readFile(join(FILES, 'element.js'), 'utf8');
      return `{ const ORIGIN = ${JSON.stringify(origin)}, LATE = ${hosted.isLate};\n${element}}`;
    },
    received: [],
    domains: 'allowed',
    isLate: false,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return hosted;
}
