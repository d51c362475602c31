import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BlobStore, createBlobStore } from '../../../server/files/blob-store.ts';

const MINE = 'docs';
const ID = 'atc_1';

let directory: string;
let blobs: BlobStore;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pagewise-blobs-'));
  blobs = createBlobStore(directory);
});
afterEach(() => rm(directory, { recursive: true }));

async function* chunks(...texts: (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) {
    if (text instanceof Error) throw text;
    yield Buffer.from(text);
  }
}

async function textOf(owned = MINE, id = ID, maxBytes?: number): Promise<string> {
  return Buffer.concat(await Array.fromAsync(blobs.read(owned, id, maxBytes))).toString();
}

async function names(): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

test('what was kept is there, under a name that says nothing', async () => {
  const spooled = await blobs.spool(chunks('Hel', 'lo'));
  expect(spooled.size).toBe(5);
  expect(await blobs.size(MINE, ID)).toBeUndefined();
  expect(await blobs.keep(spooled, MINE, ID)).toBe(true);
  expect(await blobs.size(MINE, ID)).toBe(5);
  expect(await textOf()).toBe('Hello');
  expect(await textOf(MINE, ID, 3)).toBe('Hel');
  expect(await names()).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
});

test('a second one finds the place taken, and changes nothing', async () => {
  await blobs.keep(await blobs.spool(chunks('first')), MINE, ID);
  const second = await blobs.spool(chunks('second'));
  expect(await blobs.keep(second, MINE, ID)).toBe(false);
  expect(await textOf()).toBe('first');
  await blobs.discard(second);
  await blobs.discard(second);
  expect(await names()).toHaveLength(1);
});

test('another site has nothing under the same id, and deletes nothing', async () => {
  const other = 'other';
  await blobs.keep(await blobs.spool(chunks('mine')), MINE, ID);
  expect(await blobs.size(other, ID)).toBeUndefined();
  await expect(textOf(other)).rejects.toMatchObject({ code: 'ENOENT' });
  await blobs.delete(other, ID);
  expect(await textOf()).toBe('mine');
  await blobs.delete(MINE, ID);
  await blobs.delete(MINE, ID);
  expect(await names()).toEqual([]);
});

test.each(['../../escape', '..', '/etc/passwd', '', 'a\0b', 'con'])('an id is no path: %j', async (id) => {
  await blobs.keep(await blobs.spool(chunks('kept')), MINE, id);
  expect(await textOf(MINE, id)).toBe('kept');
  expect(await names()).toHaveLength(1);
});

test('S15 S20 what breaks off or is too large leaves nothing', async () => {
  const broken = new Error('cut');
  await expect(blobs.spool(chunks('half', broken))).rejects.toBe(broken);
  await expect(blobs.spool(chunks('x'.repeat(10_485_760), 'x'))).rejects.toMatchObject({ code: 'body_too_large' });
  expect(await names()).toEqual([]);
});

test('S20 what a killed server left is deleted once it is old', async () => {
  await blobs.deleteLeftovers(new Date());
  const old = await blobs.spool(chunks('old'));
  await blobs.spool(chunks('new'));
  await blobs.keep(await blobs.spool(chunks('kept')), MINE, ID);
  await utimes(old.path, 1_000, 1_000);
  await blobs.deleteLeftovers(new Date(2_000_000));
  expect(await names()).toHaveLength(2);
  await expect(textOf()).resolves.toBe('kept');
});

test('a disk that refuses is unavailable storage', async () => {
  await writeFile(join(directory, 'arriving'), '');
  await expect(blobs.spool(chunks('x'))).rejects.toMatchObject({
    name: 'ApiError',
    code: 'storage_unavailable',
    cause: { code: 'EEXIST' },
  });
});
