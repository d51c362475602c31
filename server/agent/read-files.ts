import type { Attachment } from '../../protocol/item.ts';
import type { Context } from '../context.ts';
import { toFilePassages } from './file-passages.ts';
import type { ModelFile } from './model-input.ts';

/** At most the first `maxBytes` of an attachment; `undefined` when its bytes are gone. */
export type ReadAttachment = (
  context: Context,
  attachmentId: string,
  maxBytes: number,
) => Promise<Uint8Array | undefined>;

/** Of one text, as much as of a page. */
const TEXT_BYTES = 24 * 1024;
/** Of all images and PDFs of one message together: a request to a model holds them as base64, a third larger. */
const MEDIA_BYTES = 20 * 1024 * 1024;

/**
 * The files of a message for a model: texts in passages, numbered from `first`, images and PDFs as they are. What is
 * too much, gone, or cannot be read at all, is named without its content. Throws what `read` throws.
 */
export async function readFiles(
  attachments: Attachment[],
  context: Context,
  read: ReadAttachment | undefined,
  first: number,
): Promise<ModelFile[]> {
  const files: ModelFile[] = [];
  let next = first;
  let mediaLeft = MEDIA_BYTES;
  for (const { id, name, mime_type: mimeType } of attachments) {
    const isText = mimeType.startsWith('text/') || mimeType === 'application/json';
    // One byte more than fits, to see whether something is left out.
    const bytes = await read?.(context, id, (isText ? TEXT_BYTES : mediaLeft) + 1);
    const file: ModelFile = { name, mimeType, passages: [] };
    if (bytes && isText) {
      file.passages = toFilePassages(toText(bytes), mimeType, next);
      next += file.passages.length;
      if (bytes.length > TEXT_BYTES) file.partial = true;
    } else if (bytes && bytes.length <= mediaLeft) {
      mediaLeft -= bytes.length;
      file.dataUrl = `data:${mimeType};base64,${Buffer.from(bytes).toString('base64')}`;
    }
    files.push(file);
  }
  return files;
}

/** A text that is too long ends with a whole line if there is one, and never within a character. */
function toText(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, TEXT_BYTES));
  if (bytes.length <= TEXT_BYTES) return text;
  const end = text.lastIndexOf('\n');
  return end > text.length / 2 ? text.slice(0, end) : text.replace(/\uFFFD+$/, '');
}
