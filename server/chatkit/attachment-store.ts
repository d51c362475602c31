import type { StoredAttachment } from './store.ts';

/**
 * Where the bytes of attachments are kept: the second port beside `Store`, which keeps what is known about them. A
 * foreign id is as good as a missing one.
 */
export interface AttachmentStore<Context> {
  /**
   * The first phase of an upload: an attachment whose `upload_descriptor` says where its bytes go. The caller saves
   * it. Throws `ChatKitError` for a type or a size that is not taken.
   */
  createAttachment(
    context: Context,
    params: { name: string; size: number; mime_type: string },
  ): Promise<StoredAttachment>;
  /** Lets go of the bytes; missing ones are no error. */
  deleteAttachment(context: Context, attachmentId: string): Promise<void>;
}
