import type { Attachment } from '../../protocol/item.ts';
import { refuse } from './errors.ts';
import type { Store, StoredAttachment } from './store.ts';
import { toWireAttachment } from './wire-item.ts';

/**
 * Ties the attachments of a message to its thread, so that they go when it goes, and resolves to them as the message
 * carries them. Throws `ChatKitError`, with none of them tied: `not_found`; `invalid_request` for one that
 * went with another thread, whose end would take it from this one.
 */
export async function attachToThread<Context>(
  store: Store<Context>,
  context: Context,
  threadId: string,
  ids: string[],
): Promise<Attachment[]> {
  const attachments: StoredAttachment[] = [];
  for (const id of new Set(ids)) {
    const attachment = await store.loadAttachment(context, id);
    if (!attachment) return refuse('not_found', 'there is no such attachment');
    if (await belongsElsewhere(store, context, threadId, attachment))
      refuse('invalid_request', 'this attachment went with another thread');
    attachments.push({ ...attachment, thread_id: threadId });
  }
  for (const attachment of attachments) await store.saveAttachment(context, attachment);
  return attachments.map(toWireAttachment);
}

/** A thread that was never stored holds nothing: its message failed after the attachments were tied. */
async function belongsElsewhere<Context>(
  store: Store<Context>,
  context: Context,
  threadId: string,
  { thread_id: owner }: StoredAttachment,
): Promise<boolean> {
  return owner !== undefined && owner !== threadId && (await store.loadThread(context, owner)) !== undefined;
}
