import { createReadStream } from 'node:fs';
import type { Attachment } from '../../protocol/item.ts';
import type { AttachmentStore } from '../chatkit/attachment-store.ts';
import type { Store, StoredAttachment } from '../chatkit/store.ts';
import type { Context } from '../context.ts';
import { ApiError } from '../errors.ts';
import { checkSize } from './attachment-limits.ts';
import type { AttachmentRecords, Owned, OwnedAttachment } from './attachment-records.ts';
import type { BlobStore, Spooled } from './blob-store.ts';
import { describeAttachment } from './describe-attachment.ts';
import type { Part } from './formats/part.ts';
import { declaredType, identify } from './identify.ts';
import { receiveForm, receiveUpload } from './receive-upload.ts';
import { checkUploadToken, makeUploadToken } from './upload-token.ts';

export interface FileAttachmentsDeps {
  blobs: BlobStore;
  records: AttachmentRecords;
  store: Pick<Store<Context>, 'loadAttachment' | 'deleteAttachment'>;
  createId: () => string;
  /** Without a slash at the end. */
  publicUrl: string;
  /** Milliseconds. */
  now: () => number;
}

/** A file to send: its bytes are read as they are asked for. */
export interface OpenFile {
  name: string;
  mimeType: string;
  size: number;
  chunks: AsyncIterable<Uint8Array>;
}

/** What an owner may have made and not sent in a message: room for four full messages. */
const MAX_UNUSED = 20;
/** What is not sent within a day will not be. */
const UNUSED_MS = 24 * 60 * 60 * 1000;

/**
 * Attachments on the disk of this server: made in two phases or in one, read by their owner alone, an image also by
 * whoever was given its preview. Refusals are `ApiError`s; a foreign attachment is as good as a missing one.
 */
export class FileAttachments implements AttachmentStore<Context> {
  readonly #deps: FileAttachmentsDeps;
  /**
   * Uploads that are under way. A second one on the same attachment ends the first: it is the sender's next attempt,
   * before we have seen the connection of the last one break, or somebody who fills our disk with one token.
   */
  readonly #arriving = new Map<string, AbortController>();

  constructor(deps: FileAttachmentsDeps) {
    this.#deps = deps;
  }

  async createAttachment(
    context: Context,
    { name, size, mime_type }: { name: string; size: number; mime_type: string },
  ): Promise<StoredAttachment> {
    const mimeType = declaredType(name, mime_type);
    if (size < 1) throw new ApiError('invalid_request', 'the file is empty');
    checkSize(size);
    const { token, kept } = makeUploadToken(this.#deps.now());
    const waiting = { id: this.#deps.createId(), name, metadata: { upload: kept } };
    const attachment = await this.#reserve(context, waiting, mimeType);
    return withUpload(attachment, this.#deps.publicUrl, { authorization: `Bearer ${token}` });
  }

  async deleteAttachment(context: Context, attachmentId: string): Promise<void> {
    const { blobs, records } = this.#deps;
    if (await records.isOwn(context, attachmentId)) await blobs.delete(context.site.id, attachmentId);
  }

  /** The second phase. `authorization` is the header that the first one asked for; it works for one upload. */
  async upload(attachmentId: string, authorization: string | undefined, request: Request): Promise<Attachment> {
    const found = await this.#deps.records.findById(attachmentId);
    checkUploadToken(authorization, found?.attachment.metadata?.['upload'], this.#deps.now());
    if (!found?.attachment.upload_descriptor) return refuseSecondUpload();
    const again = new AbortController();
    this.#arriving.get(attachmentId)?.abort();
    this.#arriving.set(attachmentId, again);
    try {
      const signal = AbortSignal.any([request.signal, again.signal]);
      const { spooled } = await receiveUpload(request, this.#deps.blobs, signal);
      return await this.#complete(found, spooled, () => found.attachment.mime_type);
    } finally {
      if (this.#arriving.get(attachmentId) === again) this.#arriving.delete(attachmentId);
    }
  }

  /** Both phases in one: the request brings a multipart form with the file. */
  async add(context: Context, request: Request): Promise<Attachment> {
    const { store, blobs, createId } = this.#deps;
    const id = createId();
    // A place among the unused before a byte is taken: it is what bounds them.
    const waiting = await this.#reserve(context, { id, name: '' }, 'application/octet-stream');
    try {
      const { spooled, name, mimeType } = await receiveForm(request, blobs, request.signal);
      const named = { ...ownedBy(context), attachment: { ...waiting, name } };
      return await this.#complete(named, spooled, () => declaredType(name, mimeType));
    } catch (error) {
      await store.deleteAttachment(context, id);
      throw error;
    }
  }

  /** For its owner. Throws `not_found`, also while the bytes are awaited. */
  async open(context: Context, attachmentId: string): Promise<OpenFile> {
    const attachment = await this.#deps.store.loadAttachment(context, attachmentId);
    return await this.#open(attachment && { ...ownedBy(context), attachment });
  }

  /** For whoever knows the address of an image's preview. */
  async openPreview(key: string): Promise<OpenFile> {
    return await this.#open(await this.#deps.records.findByPreview(key));
  }

  /** At most the first `maxBytes` of an attachment; `undefined` when its bytes are gone. */
  async read(context: Context, attachmentId: string, maxBytes: number): Promise<Buffer | undefined> {
    const { blobs, records } = this.#deps;
    const siteId = context.site.id;
    if (!(await records.isOwn(context, attachmentId))) return undefined;
    if ((await blobs.size(siteId, attachmentId)) === undefined) return undefined;
    return Buffer.concat(await Array.fromAsync(blobs.read(siteId, attachmentId, maxBytes)));
  }

  /** Deletes what was never sent, the bytes of what is gone, and what a killed server left behind. */
  async sweep(): Promise<void> {
    const { blobs, records, now } = this.#deps;
    const before = new Date(now() - UNUSED_MS);
    await records.deleteUnused(before);
    const removed = await records.listRemoved();
    for (const { id, siteId } of removed) await blobs.delete(siteId, id);
    await records.forgetRemoved(removed.map(({ id }) => id));
    await blobs.deleteLeftovers(before);
  }

  async #reserve(
    context: Context,
    waiting: Pick<StoredAttachment, 'id' | 'name' | 'metadata'>,
    mimeType: string,
  ): Promise<StoredAttachment> {
    const { records, publicUrl } = this.#deps;
    const attachment = describeAttachment(waiting, mimeType, publicUrl);
    // The headers of an upload hold its token: they are for the sender alone.
    if (await records.reserve(context, withUpload(attachment, publicUrl, {}), MAX_UNUSED)) return attachment;
    throw new ApiError('attachment_not_uploaded', `at most ${MAX_UNUSED} attachments may wait to be sent`);
  }

  /** Gives an attachment its bytes. When it throws they are gone, and the attachment waits as it did. */
  async #complete(
    { attachment: waiting, ...owned }: OwnedAttachment,
    spooled: Spooled,
    declare: () => string,
  ): Promise<Attachment> {
    const { blobs, records, publicUrl } = this.#deps;
    let kept = spooled;
    try {
      const { mimeType, parts } = await identify(spooled.path, declare());
      if (parts && !isWhole(parts, spooled)) kept = await blobs.spool(readParts(spooled, parts));
      const attachment = describeAttachment(waiting, mimeType, publicUrl);
      if (!(await blobs.keep(kept, owned.siteId, waiting.id))) return refuseSecondUpload();
      let isStored = false;
      try {
        isStored = await records.complete(owned, attachment);
      } finally {
        if (!isStored) await blobs.delete(owned.siteId, waiting.id);
      }
      // Deleted while its bytes arrived.
      if (!isStored) return refuseMissing();
      const { metadata: _, ...wire } = attachment;
      return wire;
    } finally {
      await blobs.discard(spooled);
      await blobs.discard(kept);
    }
  }

  async #open(found: OwnedAttachment | undefined): Promise<OpenFile> {
    if (!found || found.attachment.upload_descriptor) return refuseMissing();
    const { attachment, siteId } = found;
    const size = await this.#deps.blobs.size(siteId, attachment.id);
    if (size === undefined) return refuseMissing();
    const chunks = this.#deps.blobs.read(siteId, attachment.id);
    return { name: attachment.name, mimeType: attachment.mime_type, size, chunks };
  }
}

function ownedBy({ site, owner }: Context): Owned {
  return { siteId: site.id, owner };
}

function withUpload(
  attachment: StoredAttachment,
  publicUrl: string,
  headers: Record<string, string>,
): StoredAttachment {
  return {
    ...attachment,
    upload_descriptor: { url: `${publicUrl}/v1/files/${attachment.id}`, method: 'PUT', headers },
  };
}

function isWhole([first, ...others]: Part[], { size }: Spooled): boolean {
  return others.length === 0 && !Buffer.isBuffer(first) && first?.start === 0 && first.end === size;
}

async function* readParts({ path }: Spooled, parts: Part[]): AsyncGenerator<Uint8Array> {
  for (const part of parts)
    if (Buffer.isBuffer(part)) yield part;
    else yield* createReadStream(path, { start: part.start, end: part.end - 1 });
}

function refuseSecondUpload(): never {
  throw new ApiError('not_pending', 'this attachment was uploaded before');
}

function refuseMissing(): never {
  throw new ApiError('not_found', 'there is no such file');
}
