import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiError } from '../../../server/errors.ts';
import { declaredType, identify } from '../../../server/files/identify.ts';
import { GIF, HTML, JPEG, PDF, PNG, SVG, WEBP } from './sample-files.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pagewise-identify-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function typeOf(content: Buffer | string, declared = 'text/plain'): Promise<string> {
  const path = join(directory, 'file');
  await writeFile(path, content);
  return (await identify(path, declared)).mimeType;
}

test.each<[string, Buffer]>([
  ['image/png', PNG],
  ['image/jpeg', JPEG],
  ['image/gif', GIF],
  ['image/webp', WEBP],
  ['application/pdf', PDF],
])('%s is known by its bytes, whatever it is declared as', async (mimeType, content) => {
  expect(await typeOf(content)).toBe(mimeType);
  expect(await typeOf(content, 'image/gif')).toBe(mimeType);
  await expect(typeOf(content.subarray(0, -8))).rejects.toMatchObject({ code: 'media_type_not_allowed' });
});

test.each([
  'Hello',
  '\ufeffwith a mark\r\n\tand tabs\f',
  'BM, II*, MZ, PK, ID3',
  'ID3 tags',
  '<?xml version="1.0"?><note/>',
  '日本語'.repeat(40_000),
  HTML.toString(),
])('text is what it was declared to be (%#)', async (text) => {
  expect(await typeOf(text)).toBe('text/plain');
  expect(await typeOf(text, 'application/json')).toBe('application/json');
  await expect(typeOf(text, 'image/png')).rejects.toMatchObject({ code: 'media_type_not_allowed' });
});

test.each<[string, Buffer]>([
  ['an SVG', SVG],
  ['a ZIP', Buffer.from('PK\x03\x04\x14\0\0\0', 'latin1')],
  ['a program', Buffer.from('\x7fELF\x02\x01\x01\0', 'latin1')],
  ['UTF-16', Buffer.from('\ufeffHello', 'utf16le')],
  ['Latin-1', Buffer.from('Größe', 'latin1')],
  ['half a letter', Buffer.from('日').subarray(0, 2)],
  ['an escape sequence', Buffer.from('\x1b[31mred')],
])('%s is refused as a picture, and a binary one as a text too', async (name, content) => {
  await expect(typeOf(content, 'image/png')).rejects.toMatchObject({ code: 'media_type_not_allowed' });
  if (name !== 'an SVG') await expect(typeOf(content)).rejects.toMatchObject({ code: 'media_type_not_allowed' });
});

test.each([
  ['a.png', 'image/png', 'image/png'],
  ['a', 'IMAGE/PNG', 'image/png'],
  ['a.md', 'text/plain', 'text/plain'],
  ['a.MD', '', 'text/markdown'],
  ['a.json', 'application/octet-stream', 'application/json'],
  ['a.csv', 'application/vnd.ms-excel', 'text/csv'],
  ['a.txt', 'text/plain;charset=utf-8', 'text/plain'],
])('%s of type %j is declared as %s', (name, mimeType, declared) => {
  expect(declaredType(name, mimeType)).toBe(declared);
});

test.each([
  ['a.png', 'image/svg+xml'],
  ['a.txt', 'text/html'],
  ['a.exe', ''],
  ['png', ''],
  ['a.xls', 'application/vnd.ms-excel'],
  ['a.png', '__proto__'],
])('%s of type %j is refused', (name, mimeType) => {
  expect(() => declaredType(name, mimeType)).toThrow('this file is none of .png .jpg');
});

test('a file that was tampered with is of an allowed type or refused, and never a fault of ours', async () => {
  const edit = fc.record({
    file: fc.constantFrom(PNG, JPEG, GIF, WEBP, PDF),
    at: fc.nat(700),
    remove: fc.nat(8),
    insert: fc.uint8Array({ maxLength: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(edit, async ({ file, at, remove, insert }) => {
      const start = at % file.length;
      const bytes = Buffer.concat([file.subarray(0, start), insert, file.subarray(start + remove)]);
      const outcome = await typeOf(bytes, 'text/plain').catch((error: unknown) => error);
      if (outcome instanceof ApiError) expect(outcome.code).toBe('media_type_not_allowed');
      else expect(outcome).toMatch(/^(?:image\/(?:png|jpeg|gif|webp)|application\/pdf|text\/plain)$/);
    }),
    { numRuns: 300 },
  );
});
