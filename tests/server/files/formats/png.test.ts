import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { readPng } from '../../../../server/files/formats/png.ts';
import { HTML, PNG } from '../sample-files.ts';
import { keptOf } from './parts.ts';

function chunk(type: string, data: string): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type + data, 4, 'latin1');
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
  return bytes;
}

/** Behind the header chunk. */
const withChunk = (added: Buffer) => Buffer.concat([PNG.subarray(0, 33), added, PNG.subarray(33)]);

test('is kept as it is', async () => {
  expect(await keptOf(readPng, PNG)).toEqual(PNG);
  const profiled = withChunk(chunk('iCCP', 'profile'));
  expect(await keptOf(readPng, profiled)).toEqual(profiled);
});

test.each(['eXIf', 'tEXt', 'zTXt', 'iTXt'])('S19 loses its %s', async (type) => {
  expect(await keptOf(readPng, withChunk(chunk(type, 'GPS 52.5 13.4')))).toEqual(PNG);
});

test.each<[string, Buffer]>([
  ['followed by a page', Buffer.concat([PNG, HTML])],
  ['cut', PNG.subarray(0, -1)],
  ['its first line and a page', Buffer.concat([PNG.subarray(0, 8), HTML])],
  ['without its header', Buffer.concat([PNG.subarray(0, 8), PNG.subarray(33)])],
  ['without pixels', Buffer.concat([PNG.subarray(0, 33), chunk('IEND', '')])],
  ['with a second header', withChunk(PNG.subarray(8, 33))],
  ['with a chunk longer than the file', withChunk(Buffer.from([0x7f, 0xff, 0xff, 0xff, ...Buffer.from('tEXt')]))],
  ['nothing', Buffer.alloc(0)],
])('is none when it is %s', async (_, bytes) => {
  expect(await keptOf(readPng, bytes)).toBeUndefined();
});
