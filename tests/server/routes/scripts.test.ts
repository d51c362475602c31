import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadScripts, serveScripts } from '../../../server/routes/scripts.ts';

let directory: string;
const app = new Hono();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pagewise-build-'));
  await mkdir(join(directory, 'assets'));
  for (const name of ['widget.js', 'chatkit.js', 'assets/panel-x1.js'])
    for (const [end, text] of [
      ['', 'plain'],
      ['.br', 'brotli'],
      ['.gz', 'gzip'],
    ])
      await writeFile(join(directory, `${name}${end}`), `${name} as ${text}`);
  const scripts = await loadScripts(directory);
  for (const path of scripts.keys()) app.get(path, serveScripts(scripts));
});
afterAll(() => rm(directory, { recursive: true }));

const get = (path: string, headers: Record<string, string> = {}) => Promise.resolve(app.request(path, { headers }));

test('the pasted scripts are asked for again every time, and any page may load them', async () => {
  const response = await get('/widget.js');
  expect(Object.fromEntries(response.headers)).toEqual({
    'access-control-allow-origin': '*',
    'cache-control': 'no-cache',
    'content-length': '18',
    'content-type': 'text/javascript; charset=utf-8',
    'cross-origin-resource-policy': 'cross-origin',
    etag: expect.stringMatching(/^"[\w-]{22}"$/) as string,
    vary: 'Accept-Encoding',
    'x-content-type-options': 'nosniff',
  });
  expect(await response.text()).toBe('widget.js as plain');
});

test('chunks, whose names carry their hash, are kept for a year', async () => {
  const response = await get('/assets/panel-x1.js');
  expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
});

test.each([
  ['gzip, deflate, br', 'br'],
  ['gzip', 'gzip'],
  ['br;q=0, gzip;q=0.5', 'gzip'],
  ['BR', 'br'],
  ['deflate', null],
  ['', null],
])('who accepts %j gets %s', async (accepted, encoding) => {
  const response = await get('/chatkit.js', { 'accept-encoding': accepted });
  expect(response.headers.get('content-encoding')).toBe(encoding);
});

test('who has it already gets no body, each encoding for itself', async () => {
  const brotli = { 'accept-encoding': 'br' };
  const etag = (await get('/widget.js', brotli)).headers.get('etag') ?? '';
  const again = await get('/widget.js', { ...brotli, 'if-none-match': `"other", W/${etag}` });
  expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
  expect((await get('/widget.js', { 'if-none-match': etag })).status).toBe(200);
});

test('a directory without a build is an error that says what to do', async () => {
  await expect(loadScripts(join(directory, 'assets'))).rejects.toThrow('npm start');
});
