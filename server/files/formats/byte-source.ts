import { open } from 'node:fs/promises';

/** A file on disk, read a window at a time: formats are many small fields, and a call a field would be many calls. */
export interface ByteSource {
  size: number;
  /** Bytes from `position`, fewer than `length` only at the end of the file. Valid until the next call. */
  read(position: number, length: number): Promise<Buffer>;
}

const WINDOW_BYTES = 64 * 1024;

/** Opens the file for the time of `use`. */
export async function withByteSource<T>(path: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const buffer = Buffer.allocUnsafe(WINDOW_BYTES);
    let start = 0;
    let end = 0;
    return await use({
      size,
      async read(position, length) {
        const wanted = Math.min(length, WINDOW_BYTES, Math.max(0, size - position));
        if (position < start || position + wanted > end) {
          const { bytesRead } = await file.read(buffer, 0, WINDOW_BYTES, position);
          [start, end] = [position, position + bytesRead];
        }
        return buffer.subarray(position - start, Math.min(position - start + wanted, end - start));
      },
    });
  } finally {
    await file.close();
  }
}
