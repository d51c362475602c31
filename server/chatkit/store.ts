import type { Attachment, ThreadItem } from '../../protocol/item.ts';
import type { Page, ThreadMetadata } from '../../protocol/thread.ts';

/** One slice to load: at most `limit` entries after the entry named by `after`, which is not among them. */
export interface PageRequest {
  limit: number;
  order: 'asc' | 'desc';
  after?: string;
}

/** The kinds of things that get an id; the wire's prefix of each is in `ids.ts`. */
export type IdKind = 'thread' | 'message' | 'tool_call' | 'task' | 'workflow' | 'attachment' | 'sdk_hidden_context';

/** An attachment as it is kept. Its metadata is the server's own: no response carries it. */
export type StoredAttachment = Attachment & { metadata?: Record<string, unknown> };

/**
 * Where threads are kept. Every call takes who is asking first, and sees that owner's rows alone: a foreign id and a
 * missing one are the same `undefined`. Writes are durable when their promise resolves. Entries are ordered by
 * `created_at`, then by insertion; replacing an item does not move it. `tests/contract/store.ts` is this contract as
 * tests.
 */
export interface Store<Context> {
  loadThread(context: Context, threadId: string): Promise<ThreadMetadata | undefined>;
  /**
   * A new thread with its first item and the attachments of that, all or nothing: a thread without its message would
   * stand empty in a history.
   */
  createThread(
    context: Context,
    thread: ThreadMetadata,
    item: ThreadItem,
    attachments: StoredAttachment[],
  ): Promise<void>;
  /** Inserts or replaces. Resolves `false`, with nothing written, when the id is another owner's. */
  saveThread(context: Context, thread: ThreadMetadata): Promise<boolean>;
  /** `undefined`: the cursor is not an id of this list. */
  loadThreads(context: Context, page: PageRequest): Promise<Page<ThreadMetadata> | undefined>;
  /**
   * Removes the thread with all that hangs on it; a missing one is no error. Resolves the ids of the attachments that
   * went with it: their bytes are kept elsewhere.
   */
  deleteThread(context: Context, threadId: string): Promise<string[]>;

  /** `undefined`: no such thread, or the cursor is not an id of it. */
  loadItems(context: Context, threadId: string, page: PageRequest): Promise<Page<ThreadItem> | undefined>;
  loadItem(context: Context, threadId: string, itemId: string): Promise<ThreadItem | undefined>;
  /**
   * Inserts, or replaces in place an item of this thread that has the id already: an unfinished workflow is written
   * twice. Resolves `false`, with nothing written, when the thread is not this owner's.
   */
  saveItem(context: Context, threadId: string, item: ThreadItem): Promise<boolean>;
  deleteItem(context: Context, threadId: string, itemId: string): Promise<void>;

  loadAttachment(context: Context, attachmentId: string): Promise<StoredAttachment | undefined>;
  /**
   * Inserts or replaces; `thread_id` says which thread it goes with. The headers of an `upload_descriptor` are not
   * kept: they carry a credential. Resolves `false`, with nothing written, when the id is another owner's.
   */
  saveAttachment(context: Context, attachment: StoredAttachment): Promise<boolean>;
  /** A missing one is no error. */
  deleteAttachment(context: Context, attachmentId: string): Promise<void>;
}
