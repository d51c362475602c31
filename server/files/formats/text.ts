import type { ByteSource } from './byte-source.ts';

const CHUNK_BYTES = 32 * 1024;
/** Control characters but tab, line feed, form feed and carriage return: a text has none, most other files do. */
const CONTROL = /[^\P{Cc}\t\n\f\r]/u;

/** Whether a file is text in UTF-8 from its first byte to its last. */
export async function isText(source: ByteSource): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for (let position = 0; position < source.size; ) {
      const bytes = await source.read(position, CHUNK_BYTES);
      if (CONTROL.test(decoder.decode(bytes, { stream: true }))) return false;
      position += bytes.length;
    }
    decoder.decode();
    return true;
  } catch {
    return false;
  }
}
