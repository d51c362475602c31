import type { StoredAttachment } from '../chatkit/store.ts';
import type { Context } from '../context.ts';

/** Whose an attachment is, for a caller that proved something else than who it is. */
export interface Owned {
  siteId: string;
  owner: string;
}

export interface OwnedAttachment extends Owned {
  attachment: StoredAttachment;
}

/**
 * What this room asks of the database besides the `Store` port. Some callers are no visitor: an upload and a preview
 * each carry a proof of their own, and the sweep works for all owners.
 */
export interface AttachmentRecords {
  /** Inserts it. Resolves `false`, with nothing written, when its owner has `max` already that no message uses. */
  reserve(context: Context, attachment: StoredAttachment, max: number): Promise<boolean>;
  /** Whether it is this owner's, or was until it was deleted: its bytes may still be there. */
  isOwn(context: Context, attachmentId: string): Promise<boolean>;
  findById(attachmentId: string): Promise<OwnedAttachment | undefined>;
  /** By the `preview_key` of its metadata. */
  findByPreview(previewKey: string): Promise<OwnedAttachment | undefined>;
  /** Replaces one that waits for its bytes. Resolves `false`, with nothing written, when it is gone or has them. */
  complete(owned: Owned, attachment: StoredAttachment): Promise<boolean>;
  /** Deletes those that were made before `before` and that no message uses. */
  deleteUnused(before: Date): Promise<void>;
  /** Those that were deleted, in whatever way, and whose bytes may still be there. */
  listRemoved(): Promise<(Owned & { id: string })[]>;
  /** Takes these off that list. */
  forgetRemoved(attachmentIds: string[]): Promise<void>;
}
