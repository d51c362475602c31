import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withByteSource } from '../../../../server/files/formats/byte-source.ts';
import type { ReadParts } from '../../../../server/files/formats/part.ts';

/** What a format keeps of these bytes, put together again; `undefined` when it takes them for no whole image. */
export async function keptOf(readParts: ReadParts, bytes: Buffer): Promise<Buffer | undefined> {
  const directory = await mkdtemp(join(tmpdir(), 'pagewise-parts-'));
  try {
    const path = join(directory, 'image');
    await writeFile(path, bytes);
    const parts = await withByteSource(path, readParts);
    return (
      parts && Buffer.concat(parts.map((part) => (Buffer.isBuffer(part) ? part : bytes.subarray(part.start, part.end))))
    );
  } finally {
    await rm(directory, { recursive: true });
  }
}
