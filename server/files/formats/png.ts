import { keepRange, MAX_PARTS, type Part, type ReadParts } from './part.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Camera data and free text; none of them changes a pixel. */
const DROPPED = new Set(['eXIf', 'tEXt', 'zTXt', 'iTXt']);

/** PNG, third edition, §5: a signature and chunks, from IHDR to IEND. */
export const readPng: ReadParts = async (source) => {
  if (!(await source.read(0, 8)).equals(SIGNATURE)) return undefined;
  const parts: Part[] = [{ start: 0, end: 8 }];
  let hasData = false;
  for (let position = 8; position < source.size && parts.length < MAX_PARTS; ) {
    const header = await source.read(position, 8);
    if (header.length < 8) return undefined;
    const type = header.toString('latin1', 4, 8);
    // Length, type and checksum are four bytes each.
    const end = position + 12 + header.readUInt32BE(0);
    if (end > source.size || (position === 8) !== (type === 'IHDR')) return undefined;
    if (!DROPPED.has(type)) keepRange(parts, position, end);
    if (type === 'IEND') return hasData && end === source.size ? parts : undefined;
    hasData ||= type === 'IDAT';
    position = end;
  }
  return undefined;
};
