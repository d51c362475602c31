import { extname } from 'node:path';
import { fileTypeFromBuffer } from 'file-type';
import { ApiError } from '../errors.ts';
import { ATTACHMENT_LIMITS } from './attachment-limits.ts';
import { withByteSource } from './formats/byte-source.ts';
import { readGif } from './formats/gif.ts';
import { readJpeg } from './formats/jpeg.ts';
import type { Part, ReadParts } from './formats/part.ts';
import { isPdf } from './formats/pdf.ts';
import { readPng } from './formats/png.ts';
import { isText } from './formats/text.ts';
import { readWebp } from './formats/webp.ts';

/** What a file is, by its bytes. */
export interface Identified {
  mimeType: string;
  /** What to keep of an image. All other files are kept as they are. */
  parts?: Part[];
}

const IMAGES: Record<string, ReadParts> = {
  'image/png': readPng,
  'image/jpeg': readJpeg,
  'image/gif': readGif,
  'image/webp': readWebp,
};

const HEAD_BYTES = 4_100;
/** What browsers say of a file that they do not know; Windows calls every CSV file a sheet of Excel's. */
const SAYS_NOTHING = new Set(['', 'application/octet-stream', 'application/vnd.ms-excel']);

/** What a file claims to be, by its type, or its name where that says nothing. Throws `media_type_not_allowed`. */
export function declaredType(name: string, mimeType: string): string {
  const { accept } = ATTACHMENT_LIMITS;
  const [declared = ''] = mimeType.split(';', 1).map((type) => type.trim().toLowerCase());
  if (Object.hasOwn(accept, declared)) return declared;
  const ending = extname(name).toLowerCase();
  const [byName] = Object.entries(accept).find(([, endings]) => endings.includes(ending)) ?? [];
  if (SAYS_NOTHING.has(declared) && byName !== undefined) return byName;
  return refuse();
}

/**
 * Reads what a file is. Its bytes win over what it claims, which only tells one kind of text from another. Throws
 * `media_type_not_allowed` for everything that is not whole and wholly of one allowed type.
 */
export async function identify(path: string, declared: string): Promise<Identified> {
  return await withByteSource(path, async (source): Promise<Identified> => {
    // The allowed types show in their first bytes; reading on for the others would be work that a sender can make long.
    const mimeType = (await fileTypeFromBuffer(await source.read(0, HEAD_BYTES)))?.mime ?? '';
    const readParts = Object.hasOwn(IMAGES, mimeType) ? IMAGES[mimeType] : undefined;
    if (readParts) return { mimeType, parts: (await readParts(source)) ?? refuse() };
    if (mimeType === 'application/pdf') return (await isPdf(source)) ? { mimeType } : refuse();
    // "BM" begins a bitmap, and a text about a BMW.
    const isDeclaredText = declared.startsWith('text/') || declared === 'application/json';
    return isDeclaredText && (await isText(source)) ? { mimeType: declared } : refuse();
  });
}

function refuse(): never {
  const allowed = Object.values(ATTACHMENT_LIMITS.accept).flat().join(' ');
  throw new ApiError('media_type_not_allowed', `this file is none of ${allowed}`);
}
