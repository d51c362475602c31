import { type Context as Call, Hono } from 'hono';
import type { Context } from '../context.ts';
import { ApiError } from '../errors.ts';
import type { FileAttachments, OpenFile } from '../files/file-attachments.ts';

export interface FilesDeps {
  /** Who asks, by the session token. */
  authenticate: (request: Request) => Promise<Context>;
  files: FileAttachments;
}

/** What runs in a page or a frame of its own must not come from a visitor's file, whatever a browser takes it for. */
const INERT = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'",
};

/** Attachments over HTTP, below `/v1/files`: upload in one phase or two, download for the owner, previews of images. */
export function serveFiles({ authenticate, files }: FilesDeps): Hono {
  const app = new Hono();
  app.post('/', async (c) => c.json(await files.add(await authenticate(c.req.raw), c.req.raw)));
  app.on(['PUT', 'POST'], '/:id', async (c) =>
    c.json(await files.upload(c.req.param('id'), c.req.header('authorization'), c.req.raw)),
  );
  app.get('/:id', async (c) => send(c, await files.open(await authenticate(c.req.raw), c.req.param('id'))));
  app.get('/preview/:key', async (c) => {
    const file = await files.openPreview(c.req.param('key'));
    // An image element of another site's page.
    c.header('cross-origin-resource-policy', 'cross-origin');
    c.header('cache-control', 'private');
    return send(c, file);
  });
  for (const [path, allow] of [
    ['/', 'POST, OPTIONS'],
    ['/:id', 'GET, HEAD, POST, PUT, OPTIONS'],
    ['/preview/:key', 'GET, HEAD, OPTIONS'],
  ] as const)
    app.all(path, (c) => {
      c.header('allow', allow);
      throw new ApiError('method_not_allowed', 'this path does not answer this method');
    });
  return app;
}

function send(c: Call, { name, mimeType, size, chunks }: OpenFile): Response {
  return c.body(toStream(chunks), 200, {
    ...INERT,
    'content-type': mimeType.startsWith('text/') ? `${mimeType}; charset=utf-8` : mimeType,
    'content-length': String(size),
    'content-disposition': `attachment; filename*=UTF-8''${encodeName(name)}`,
  });
}

/** Asks for bytes when its reader does: an answer to HEAD has none, and opens no file. */
function toStream(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** RFC 8187: what `encodeURIComponent` leaves alone is more than a header value may hold bare. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
