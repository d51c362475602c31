import type { ThreadStreamEvent } from '../../protocol/event.ts';
import type { ThreadItem } from '../../protocol/item.ts';
import type { ThreadMetadata } from '../../protocol/thread.ts';
import { createMemoryStore } from '../../server/chatkit/memory-store.ts';
import type { Store, StoredAttachment } from '../../server/chatkit/store.ts';
import { toWireItem } from '../../server/chatkit/wire-item.ts';
import type { Json } from './golden.ts';

export interface GoldenContext {
  signal: AbortSignal;
}

export interface Seed {
  threads: ThreadMetadata[];
  items: ThreadItem[];
  attachments: StoredAttachment[];
}

/** The store of one transcript: age is the order of insertion, as there, and writes are noted as the reference names them. */
export class RecordingStore {
  readonly store: Store<GoldenContext>;
  readonly writes: Json[] = [];
  readonly #memory = createMemoryStore<GoldenContext>(() => 'the one who asks');
  readonly #context: GoldenContext;
  #seconds = 0;
  #isRecording = false;
  #emitted: ThreadStreamEvent | undefined;

  constructor(context: GoldenContext) {
    this.#context = context;
    this.store = this.#makeStore();
  }

  async seed({ threads, items, attachments }: Seed): Promise<void> {
    for (const thread of threads) await this.store.saveThread(this.#context, thread);
    for (const item of items) await this.store.saveItem(this.#context, item.thread_id, item);
    for (const attachment of attachments) await this.store.saveAttachment(this.#context, attachment);
    this.#isRecording = true;
  }

  /** What a script is about to hand to the server: the reference names the write of an item by its event. */
  emitting(event: ThreadStreamEvent): void {
    this.#emitted = event;
  }

  /** All items, the oldest first, in wire form. */
  async items(): Promise<ThreadItem[]> {
    const threads = await this.#memory.loadThreads(this.#context, { limit: 1_000, order: 'asc' });
    const pages = (threads?.data ?? []).map(({ id }) =>
      this.#memory.loadItems(this.#context, id, { limit: 1_000, order: 'asc' }),
    );
    return (await Promise.all(pages)).flatMap((page) => page?.data ?? []).map(toWireItem);
  }

  #makeStore(): Store<GoldenContext> {
    const memory = this.#memory;
    return {
      ...memory,
      // One call of ours for what the reference does in steps.
      createThread: async (context, thread, item, attachments) => {
        this.#note('save_thread', thread.id);
        for (const { id } of attachments) this.#note('save_attachment', id);
        this.#note('add_thread_item', item.type, item.id);
        await this.#insertThread(context, thread);
        for (const attachment of attachments) await memory.saveAttachment(context, attachment);
        await this.#insertItem(context, thread.id, item);
      },
      saveThread: (context, thread) => {
        this.#note('save_thread', thread.id);
        return this.#insertThread(context, thread);
      },
      deleteThread: (context, threadId) => {
        this.#note('delete_thread', threadId);
        return memory.deleteThread(context, threadId);
      },
      saveItem: async (context, threadId, item) => {
        const isKnown = (await memory.loadItem(context, threadId, item.id)) !== undefined;
        this.#note(this.#isSave(item, isKnown) ? 'save_item' : 'add_thread_item', item.type, item.id);
        return this.#insertItem(context, threadId, item);
      },
      deleteItem: (context, threadId, itemId) => {
        this.#note('delete_thread_item', itemId);
        return memory.deleteItem(context, threadId, itemId);
      },
      saveAttachment: (context, attachment) => {
        this.#note('save_attachment', attachment.id);
        return memory.saveAttachment(context, attachment);
      },
      deleteAttachment: (context, attachmentId) => {
        this.#note('delete_attachment', attachmentId);
        return memory.deleteAttachment(context, attachmentId);
      },
    };
  }

  #note(...write: Json[]): void {
    if (this.#isRecording) this.writes.push(write);
  }

  /** Ours has one call for what the reference parts into adding an item and saving one that is there. */
  #isSave(item: ThreadItem, isKnown: boolean): boolean {
    const event = this.#emitted;
    if (event?.type === 'thread.item.replaced' && event.item.id === item.id) return true;
    if (event?.type === 'thread.item.done' && event.item.id === item.id) return false;
    return isKnown;
  }

  // A row stands where its first write put it, whatever the dates of later ones.
  async #insertThread(context: GoldenContext, thread: ThreadMetadata): Promise<boolean> {
    if (!(await this.#memory.loadThread(context, thread.id)))
      await this.#memory.saveThread(context, { ...thread, created_at: this.#nextDate() });
    return this.#memory.saveThread(context, thread);
  }

  async #insertItem(context: GoldenContext, threadId: string, item: ThreadItem): Promise<boolean> {
    if (!(await this.#memory.loadItem(context, threadId, item.id)))
      await this.#memory.saveItem(context, threadId, { ...item, created_at: this.#nextDate() });
    return this.#memory.saveItem(context, threadId, item);
  }

  #nextDate(): string {
    this.#seconds += 1;
    return new Date(this.#seconds * 1_000).toISOString();
  }
}
