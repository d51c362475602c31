import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createAdaptorServer } from '@hono/node-server';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Attachment } from '../../protocol/item.ts';
import { ORIGIN } from './auth/make-auth.ts';
import { makeFilesClient } from './routes/files-client.ts';

// What uploads do through a real socket: only there can one break, and only there is a body more than its bytes.

const MAX_BYTES = 10_485_760;
const CHUNK = Buffer.alloc(64 * 1024, 'a');

const { stack, renew, announce, get, everything } = await makeFilesClient();
const server = createAdaptorServer({ fetch: stack.app.fetch });
let port: number;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  port = address.port;
});
beforeEach(renew);
afterAll(async () => {
  server.close();
  await stack.close();
});

function open({ upload_descriptor }: Attachment, headers: Record<string, string | number> = {}): ClientRequest {
  if (!upload_descriptor) throw new Error('nothing to upload to');
  const { url, method } = upload_descriptor;
  const all = { origin: ORIGIN, ...upload_descriptor.headers, ...headers };
  const sent = request({ port, path: new URL(url).pathname, method, headers: all });
  sent.on('error', () => {});
  return sent;
}

async function write(sent: ClientRequest, bytes: number): Promise<void> {
  for (let left = bytes; left > 0; left -= CHUNK.length)
    if (!sent.write(CHUNK.subarray(0, left))) await once(sent, 'drain');
}

async function answerOf(sent: ClientRequest): Promise<{ status: number | undefined; body: unknown }> {
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode, body: JSON.parse(await text(response)) as unknown };
}

async function arriving(): Promise<string[]> {
  return (await everything()).files.filter((path) => path.includes('arriving'));
}

/** Bytes that are really held, without what waits to be collected: buffers go with the collection after the next. */
async function heldMemory(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = 0; round < 3; round += 1) {
    collect();
    await setImmediate();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const FORM = { 'content-type': 'multipart/form-data; boundary=b' };
const FORM_START = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\n';
const FORM_END = '\r\n--b--\r\n';

test.each([
  { as: 'as they are', headers: {}, start: '', end: '' },
  { as: 'in a form', headers: FORM, start: FORM_START, end: FORM_END },
])('10 MB on their way to disk are not held in memory, $as', async ({ headers, start, end }) => {
  const made = await announce('big.txt', 'text/plain', MAX_BYTES);
  const before = await heldMemory();
  const sent = open(made, headers);
  sent.write(start);
  await write(sent, MAX_BYTES - CHUNK.length);
  await vi.waitFor(async () => {
    const [path = ''] = await arriving();
    // A form's parser holds back what could be the beginning of its boundary.
    expect((await stat(path)).size).toBeGreaterThan(MAX_BYTES - 2 * CHUNK.length);
  });
  await vi.waitFor(async () => expect((await heldMemory()) - before).toBeLessThan(2 * 1024 * 1024));
  const answer = answerOf(sent);
  sent.write(CHUNK);
  sent.end(end);
  expect((await answer).status).toBe(200);
  expect((await get(`/v1/files/${made.id}`)).headers.get('content-length')).toBe(String(MAX_BYTES));
});

test.each<[string, Record<string, string | number>]>([
  ['of a known length', { 'content-length': MAX_BYTES }],
  ['in chunks', {}],
  ['as a form', FORM],
])('a connection that breaks leaves nothing, and the upload can be sent again: %s', async (_, headers) => {
  const made = await announce('a.txt', 'text/plain');
  const before = await everything();
  const sent = open(made, headers);
  if (headers['content-type']) sent.write(FORM_START);
  await write(sent, 1024 * 1024);
  await vi.waitFor(async () => expect(await arriving()).toHaveLength(1));
  sent.destroy();
  await vi.waitFor(async () => expect(await everything()).toEqual(before));
  const again = open(made);
  const answer = answerOf(again);
  again.end('Hello');
  expect((await answer).status).toBe(200);
});

test.each<[string, Record<string, string | number>, number]>([
  ['that says so', { 'content-length': MAX_BYTES + 1 }, MAX_BYTES + 1],
  ['that does not say so', {}, MAX_BYTES + 1],
  ['that goes on and on', {}, 5 * MAX_BYTES],
])('an upload over the cap %s is answered, and leaves nothing', async (_, headers, bytes) => {
  const made = await announce('a.txt', 'text/plain');
  const before = await everything();
  const sent = open(made, headers);
  const answer = answerOf(sent);
  const written = write(sent, bytes).then(() => sent.end());
  expect(await answer).toMatchObject({ status: 413, body: { error: { code: 'body_too_large' } } });
  sent.destroy();
  written.catch(() => {});
  expect(await everything()).toEqual(before);
});

test('two sends of one upload: the one that breaks does not harm the other', async () => {
  const made = await announce('a.txt', 'text/plain');
  const stuck = open(made);
  await write(stuck, 1024 * 1024);
  await vi.waitFor(async () => expect(await arriving()).toHaveLength(1));
  const again = open(made);
  const answer = answerOf(again);
  again.end('Hello');
  expect((await answer).status).toBe(200);
  stuck.destroy();
  await vi.waitFor(async () => expect(await arriving()).toEqual([]));
  expect(await (await get(`/v1/files/${made.id}`)).text()).toBe('Hello');
});
