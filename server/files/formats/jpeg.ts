import type { ByteSource } from './byte-source.ts';
import { orientationSegment } from './orientation.ts';
import { keepRange, MAX_PARTS, type Part, type ReadParts } from './part.ts';

const START = 0xd8;
const END = 0xd9;
const SCAN = 0xda;
const COMMENT = 0xfe;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP14 = 0xee;
const APP15 = 0xef;

/**
 * ITU-T T.81, annex B: segments behind markers, and coded data behind each scan. Of the application segments those stay
 * that colours depend on (JFIF, the colour profile, Adobe's), and of the camera's which way is up. What follows the end
 * is cut off rather than refused: telephones put a film, a depth map or a second picture there.
 */
export const readJpeg: ReadParts = async (source) => {
  const start = await source.read(0, 2);
  if (start.length < 2 || start[0] !== 0xff || start[1] !== START) return undefined;
  const parts: Part[] = [{ start: 0, end: 2 }];
  let hasScan = false;
  for (let position = 2; parts.length < MAX_PARTS; ) {
    const header = await source.read(position, 18);
    const [lead, marker] = header;
    if (lead !== 0xff || marker === undefined) return undefined;
    // A marker may be led by any number of filling bytes.
    if (marker === 0xff) {
      position += 1;
      continue;
    }
    if (marker === END) {
      keepRange(parts, position, position + 2);
      return hasScan ? parts : undefined;
    }
    if (header.length < 4 || marker < 0xc0 || (marker >= 0xd0 && marker <= START)) return undefined;
    const end = position + 2 + header.readUInt16BE(2);
    if (end > source.size || end < position + 4) return undefined;
    if (isKept(marker, header)) keepRange(parts, position, end);
    else if (marker === APP1) parts.push(...orientationSegment(await source.read(position + 4, end - position - 4)));
    position = end;
    if (marker === SCAN) {
      const next = await endOfCodedData(source, position);
      if (next === undefined) return undefined;
      keepRange(parts, position, next);
      position = next;
      hasScan = true;
    }
  }
  return undefined;
};

function isKept(marker: number, header: Buffer): boolean {
  if (marker === COMMENT) return false;
  if (marker < APP0 || marker > APP15) return true;
  if (marker === APP2) return header.toString('latin1', 4, 16) === 'ICC_PROFILE\0';
  return marker === APP0 || marker === APP14;
}

/** Coded data ends at a marker that is neither a stuffed byte (00) nor a restart (D0 to D7). */
async function endOfCodedData(source: ByteSource, start: number): Promise<number | undefined> {
  for (let position = start; position < source.size; ) {
    const bytes = await source.read(position, 32 * 1024);
    const found = bytes.indexOf(0xff);
    const after = bytes[found + 1];
    if (found === -1) position += bytes.length;
    else if (after === undefined) {
      // The first half of a marker at the end of the window.
      if (position + found + 1 >= source.size) return undefined;
      position += found;
    } else if (after === 0 || (after >= 0xd0 && after <= 0xd7)) position += found + 2;
    else if (after === 0xff) position += found + 1;
    else return position + found;
  }
  return undefined;
}
