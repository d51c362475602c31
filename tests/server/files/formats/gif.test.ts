import { expect, test } from 'vitest';
import { readGif } from '../../../../server/files/formats/gif.ts';
import { GIF, HTML } from '../sample-files.ts';
import { keptOf } from './parts.ts';

const COLOURS_END = 13 + 6;
const withBlock = (added: Buffer) => Buffer.concat([GIF.subarray(0, COLOURS_END), added, GIF.subarray(COLOURS_END)]);
const extension = (label: number, data: string) =>
  Buffer.from([0x21, label, data.length, ...Buffer.from(data, 'latin1'), 0]);

test('is kept as it is, its repetition too', async () => {
  expect(await keptOf(readGif, GIF)).toEqual(GIF);
  const looping = withBlock(Buffer.from([0x21, 0xff, 11, ...Buffer.from('NETSCAPE2.0'), 3, 1, 0, 0, 0]));
  expect(await keptOf(readGif, looping)).toEqual(looping);
});

test('loses its comments', async () => {
  expect(await keptOf(readGif, withBlock(extension(0xfe, '*/=1;alert(1)//')))).toEqual(GIF);
});

test.each<[string, Buffer]>([
  ['followed by a page', Buffer.concat([GIF, HTML])],
  ['without its end', GIF.subarray(0, -1)],
  ['cut within its pixels', GIF.subarray(0, -4)],
  ['a script behind its first word', Buffer.from('GIF89a/*  */=1;alert(1)')],
  ['of a version that is none', Buffer.concat([Buffer.from('GIF88a'), GIF.subarray(6)])],
  ['without a picture', Buffer.concat([GIF.subarray(0, COLOURS_END), Buffer.from([0x3b])])],
  ['with a block that is none', withBlock(Buffer.from('<script>'))],
])('is none when it is %s', async (_, bytes) => {
  expect(await keptOf(readGif, bytes)).toBeUndefined();
});
