import { expect, test } from 'vitest';
import { readWebp } from '../../../../server/files/formats/webp.ts';
import { HTML, WEBP } from '../sample-files.ts';
import { keptOf } from './parts.ts';

/** With another chunk at its end, its length mended and its flags raised. */
function withChunk(type: string, data: string): Buffer {
  const added = Buffer.alloc(8 + data.length + (data.length % 2));
  added.write(type, 0, 'latin1');
  added.writeUInt32LE(data.length, 4);
  added.write(data, 8, 'latin1');
  const image = Buffer.concat([WEBP, added]);
  image.writeUInt32LE(image.length - 8, 4);
  image[20] = (image[20] ?? 0) | 0x0c;
  return image;
}

test('is kept as it is', async () => {
  expect(await keptOf(readWebp, WEBP)).toEqual(WEBP);
});

test.each(['EXIF', 'XMP '])('S19 loses its %s, and no longer says that it has any', async (type) => {
  expect(await keptOf(readWebp, withChunk(type, 'GPS 52.5, 13.4'))).toEqual(WEBP);
  expect(await keptOf(readWebp, withChunk(type, 'GPS 52.5, 13.45'))).toEqual(WEBP);
});

test.each<[string, Buffer]>([
  ['followed by a page', Buffer.concat([WEBP, HTML])],
  ['cut', WEBP.subarray(0, -1)],
  ['its first line and a page', Buffer.from(`RIFF\x28\0\0\0WEBP${HTML.toString()}`, 'latin1')],
  ['another RIFF file', Buffer.concat([WEBP.subarray(0, 8), Buffer.from('WAVE'), WEBP.subarray(12)])],
])('is none when it is %s', async (_, bytes) => {
  expect(await keptOf(readWebp, bytes)).toBeUndefined();
});
