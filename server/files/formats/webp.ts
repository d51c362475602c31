import { keepRange, MAX_PARTS, type Part, type ReadParts } from './part.ts';

const DROPPED = new Set(['EXIF', 'XMP ']);
const SAYS_EXIF_OR_XMP = 0x08 | 0x04;

/** RFC 9649, §2: a RIFF file of chunks, each filled up to an even length. */
export const readWebp: ReadParts = async (source) => {
  const header = await source.read(0, 12);
  if (header.length < 12 || header.toString('latin1', 0, 4) !== 'RIFF' || header.toString('latin1', 8) !== 'WEBP')
    return undefined;
  if (header.readUInt32LE(4) + 8 !== source.size) return undefined;
  const riff = Buffer.from(header);
  const parts: Part[] = [riff];
  let size = 4;
  for (let position = 12; position < source.size; ) {
    if (parts.length >= MAX_PARTS) return undefined;
    const chunk = await source.read(position, 9);
    if (chunk.length < 9) return undefined;
    const type = chunk.toString('latin1', 0, 4);
    const length = chunk.readUInt32LE(4);
    const end = position + 8 + length + (length % 2);
    if (end > source.size || (position === 12 && !/^VP8[ LX]$/.test(type))) return undefined;
    if (type === 'VP8X') {
      // The flags announce the chunks that are dropped here.
      const flagged = Buffer.from(chunk);
      flagged[8] = chunk.readUInt8(8) & ~SAYS_EXIF_OR_XMP;
      parts.push(flagged);
      keepRange(parts, position + 9, end);
    } else if (!DROPPED.has(type)) keepRange(parts, position, end);
    if (!DROPPED.has(type)) size += end - position;
    position = end;
  }
  riff.writeUInt32LE(size, 4);
  return parts;
};
