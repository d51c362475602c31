import type { ByteSource } from './byte-source.ts';
import { keepRange, MAX_PARTS, type Part, type ReadParts } from './part.ts';

const IMAGE = 0x2c;
const EXTENSION = 0x21;
const TRAILER = 0x3b;
const COMMENT = 0xfe;

/** GIF89a specification, §17 to §27: header, screen, then blocks until the trailer. Comments are dropped. */
export const readGif: ReadParts = async (source) => {
  const header = await source.read(0, 13);
  if (header.length < 13 || !/^GIF8[79]a$/.test(header.toString('latin1', 0, 6))) return undefined;
  let position = 13 + tableBytes(header.readUInt8(10));
  const parts: Part[] = [{ start: 0, end: position }];
  let hasImage = false;
  while (position < source.size && parts.length < MAX_PARTS) {
    const block = await source.read(position, 10);
    const [kind, label] = block;
    if (kind === TRAILER) {
      keepRange(parts, position, position + 1);
      return hasImage && position + 1 === source.size ? parts : undefined;
    }
    if (block.length < 10 || (kind !== IMAGE && kind !== EXTENSION)) return undefined;
    // An image has a descriptor of ten bytes, perhaps a colour table, and the size of its codes before its data.
    const data = position + (kind === IMAGE ? 11 + tableBytes(block.readUInt8(9)) : 2);
    const end = await endOfSubBlocks(source, data);
    if (end === undefined) return undefined;
    hasImage ||= kind === IMAGE;
    if (kind === IMAGE || label !== COMMENT) keepRange(parts, position, end);
    position = end;
  }
  return undefined;
};

/** Three bytes a colour, where the flags say that there is a table. */
function tableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

async function endOfSubBlocks(source: ByteSource, start: number): Promise<number | undefined> {
  for (let position = start; ; ) {
    const [length] = await source.read(position, 1);
    if (length === undefined) return undefined;
    position += 1 + length;
    if (length === 0) return position;
  }
}
