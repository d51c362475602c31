import type { ByteSource } from './byte-source.ts';

/** Readers look for the end mark this near to the end (ISO 32000-2, annex I). */
const END_BYTES = 1024;

/** Whether a file begins and ends as a PDF: cut ones, and other files behind the first line of one, do not. */
export async function isPdf(source: ByteSource): Promise<boolean> {
  const head = (await source.read(0, 8)).toString('latin1');
  const tail = await source.read(Math.max(0, source.size - END_BYTES), END_BYTES);
  return /^%PDF-\d\./.test(head) && tail.includes('%%EOF');
}
