const EXIF = 'Exif\0\0';
const ORIENTATION_TAG = 0x0112;

/**
 * A camera's segment (Exif 2.32, §4.5) reduced to which way is up: without that a picture taken upright would lie on
 * its side. Gets the segment's data, and gives back one segment or none.
 */
export function orientationSegment(data: Buffer): Buffer[] {
  const orientation = readOrientation(data);
  if (orientation === undefined || orientation < 2 || orientation > 8) return [];
  const segment = Buffer.alloc(36);
  segment.writeUInt16BE(0xffe1, 0);
  segment.writeUInt16BE(34, 2);
  segment.write(EXIF, 4, 'latin1');
  // Big-endian, and the first directory right behind this header; it has one entry, a short.
  segment.write('MM\0*\0\0\0\x08', 10, 'latin1');
  segment.writeUInt16BE(1, 18);
  segment.writeUInt16BE(ORIENTATION_TAG, 20);
  segment.writeUInt16BE(3, 22);
  segment.writeUInt32BE(1, 24);
  segment.writeUInt16BE(orientation, 28);
  return [segment];
}

function readOrientation(data: Buffer): number | undefined {
  if (data.toString('latin1', 0, 6) !== EXIF) return undefined;
  const tiff = data.subarray(6);
  const order = tiff.toString('latin1', 0, 2);
  if (tiff.length < 8 || (order !== 'II' && order !== 'MM')) return undefined;
  const short = (at: number) => (order === 'II' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = order === 'II' ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (directory + 2 > tiff.length) return undefined;
  for (let index = 0; index < short(directory); index += 1) {
    const entry = directory + 2 + 12 * index;
    if (entry + 12 > tiff.length) return undefined;
    if (short(entry) === ORIENTATION_TAG) return short(entry + 8);
  }
  return undefined;
}
