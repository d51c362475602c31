import type { ByteSource } from './byte-source.ts';

/** A piece of a file to keep: a range of the original, its end excluded, or bytes that stand in place of some. */
export type Part = { start: number; end: number } | Buffer;

/**
 * What to keep of an image, in order: without what tells where, when and by whom it was taken. `undefined` when the
 * file is not one whole image of its format and nothing more: a file that is two things at once would be the other one
 * to somebody.
 */
export type ReadParts = (source: ByteSource) => Promise<Part[] | undefined>;

/** An image in more pieces than this is made to cost us memory. */
export const MAX_PARTS = 1_000;

/** Adds a range; one that follows the last range makes that longer. */
export function keepRange(parts: Part[], start: number, end: number): void {
  const last = parts.at(-1);
  if (last && !Buffer.isBuffer(last) && last.end === start) last.end = end;
  else parts.push({ start, end });
}
