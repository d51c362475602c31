import { expect, test } from 'vitest';
import { readJpeg } from '../../../../server/files/formats/jpeg.ts';
import { JPEG } from '../sample-files.ts';
import { keptOf } from './parts.ts';

const segment = (marker: number, data: Buffer) => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(data.length + 2);
  return Buffer.concat([Buffer.from([0xff, marker]), length, data]);
};

/** With a directory of two entries: which way is up, and a place for GPS. */
function exif(order: 'II' | 'MM', orientation: number): Buffer {
  const short = (value: number) => (order === 'II' ? [value, 0] : [0, value]);
  const long = (value: number) => (order === 'II' ? [value, 0, 0, 0] : [0, 0, 0, value]);
  const tiff = [
    ...Buffer.from(order),
    ...short(42),
    ...long(8),
    ...short(2),
    ...(order === 'II' ? [0x25, 0x88] : [0x88, 0x25]),
    ...short(4),
    ...long(1),
    ...long(38),
    ...(order === 'II' ? [0x12, 0x01] : [0x01, 0x12]),
    ...short(3),
    ...long(1),
    ...short(orientation),
    0,
    0,
    ...long(0),
  ];
  return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), Buffer.from(tiff), Buffer.from('GPS 52.5 13.4')]));
}

const withSegments = (...segments: Buffer[]) => Buffer.concat([JPEG.subarray(0, 2), ...segments, JPEG.subarray(2)]);

test('is kept as it is, colour profile and all', async () => {
  expect(JPEG.includes('ICC_PROFILE')).toBe(true);
  expect(await keptOf(readJpeg, JPEG)).toEqual(JPEG);
});

test.each([
  ['camera data', exif('II', 1)],
  ['camera data without a direction', segment(0xe1, Buffer.from('Exif\0\0MM\0*\0\0\0\x08\0\0'))],
  ['camera data that lies about its length', segment(0xe1, Buffer.from('Exif\0\0II*\0\xff\xff\xff\xff', 'latin1'))],
  [
    'camera data with more entries than bytes',
    segment(0xe1, Buffer.from('Exif\0\0MM\0*\0\0\0\x08\xff\xff\0\0', 'latin1')),
  ],
  ['XMP', segment(0xe1, Buffer.from('http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>GPS</x:xmpmeta>'))],
  ['what Photoshop adds', segment(0xed, Buffer.from('Photoshop 3.0\0city'))],
  ['a comment', segment(0xfe, Buffer.from('taken at home'))],
  ['an index of further pictures', segment(0xe2, Buffer.from('MPF\0'))],
])('S19 loses %s', async (_, added) => {
  expect(await keptOf(readJpeg, withSegments(added))).toEqual(JPEG);
});

test.each(['II', 'MM'] as const)('S19 keeps which way is up, and nothing else of its camera (%s)', async (order) => {
  const kept = await keptOf(readJpeg, withSegments(exif(order, 6)));
  expect(kept?.subarray(2, 2 + 36).toString('hex')).toBe(
    'ffe100224578696600004d4d002a00000008000101120003000000010006000000000000',
  );
  expect(kept?.length).toBe(JPEG.length + 36);
  expect(kept?.includes('GPS')).toBe(false);
});

test('ends where it ends: what a telephone puts behind it is cut off', async () => {
  expect(await keptOf(readJpeg, Buffer.concat([JPEG, JPEG, Buffer.from('<script>')]))).toEqual(JPEG);
});

test('is read over the edge of a window, at every offset of a marker', async () => {
  const scan = JPEG.lastIndexOf(Buffer.from([0xff, 0xda]));
  const data = scan + 2 + JPEG.readUInt16BE(scan + 2);
  for (const length of [32_767, 32_768, 65_535, 65_536, 65_537, 200_000]) {
    const stuffed = Buffer.alloc(length, Buffer.from([0x11, 0xff, 0x00, 0xff, 0xd3]));
    const image = Buffer.concat([JPEG.subarray(0, data), stuffed, Buffer.from([0x00]), JPEG.subarray(data)]);
    expect((await keptOf(readJpeg, image))?.equals(image), String(length)).toBe(true);
  }
});

test.each<[string, Buffer]>([
  ['cut within its data', JPEG.subarray(0, -2)],
  ['cut within a segment', JPEG.subarray(0, 300)],
  ['a start and an end', Buffer.from([0xff, 0xd8, 0xff, 0xd9])],
  ['a start', Buffer.from([0xff, 0xd8])],
  ['a start and a page', Buffer.concat([JPEG.subarray(0, 2), Buffer.from('<html>')])],
  [
    'a segment shorter than its own length',
    Buffer.concat([JPEG.subarray(0, 2), Buffer.from([0xff, 0xe0, 0, 1, 0xff, 0xd9])]),
  ],
  ['filling without end', Buffer.concat([JPEG.subarray(0, 2), Buffer.alloc(70_000, 0xff)])],
  [
    'more pieces than a picture has',
    withSegments(
      ...Array.from({ length: 2_000 }, () =>
        Buffer.concat([segment(0xfe, Buffer.from('x')), segment(0xe0, Buffer.from('x'))]),
      ),
    ),
  ],
])('is none when it is %s', async (_, bytes) => {
  expect(await keptOf(readJpeg, bytes)).toBeUndefined();
});
