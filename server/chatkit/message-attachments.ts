import { refuse } from './errors.ts';
import type { Store, StoredAttachment } from './store.ts';

/**
 * The attachments of a message, tied to its thread, so that they go when it goes: to save with the message. Throws
 * `ChatKitError`: `not_found`; `invalid_request` for one that went with another thread, whose end would take it from
 * this one.
 */
export async function loadAttachments<Context>(
  store: Store<Context>,
  context: Context,
  threadId: string,
  ids: string[],
): Promise<StoredAttachment[]> {
  const attachments: StoredAttachment[] = [];
  for (const id of new Set(ids)) {
    const attachment = await store.loadAttachment(context, id);
    if (!attachment) return refuse('not_found', 'there is no such attachment');
    if ((attachment.thread_id ?? threadId) !== threadId)
      refuse('invalid_request', 'this attachment went with another thread');
    attachments.push({ ...attachment, thread_id: threadId });
  }
  return attachments;
}
