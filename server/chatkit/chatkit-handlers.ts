import type { ThreadStreamEvent } from '../../protocol/event.ts';
import type { AssistantMessageItem, ThreadItem, UserMessageItem, WidgetItem } from '../../protocol/item.ts';
import type { ThreadMetadata } from '../../protocol/thread.ts';
import type { AttachmentStore } from './attachment-store.ts';
import { refuse, StreamError } from './errors.ts';
import { createId } from './ids.ts';
import type { Store } from './store.ts';

export interface ChatKitServerDeps<Context> {
  store: Store<Context>;
  /** Without one the server takes no attachments. */
  attachmentStore?: AttachmentStore<Context>;
  now: () => Date;
  /** Gets the cause of every `error` event; what reaches the client never says it. */
  reportError: (error: unknown) => void;
}

export interface Action {
  type: string;
  payload?: unknown;
}

export interface Recording {
  audio: Uint8Array;
  /** As the client said, for example `audio/webm;codecs=opus`. */
  mimeType: string;
  /** Its part before the first semicolon. */
  mediaType: string;
}

/** For the model, when the thread goes on: without it a cut answer reads like a finished one. */
const STOPPED_NOTE = 'The visitor stopped the answer above before it was complete.';

/**
 * What a ChatKit server of one's own says to a request: `respond` has to be written, the others have a default. Each
 * gets the context last, and scopes by it whatever it reads and writes.
 */
export abstract class ChatKitHandlers<Context> {
  protected readonly store: Store<Context>;
  protected readonly now: () => Date;

  constructor({ store, now }: ChatKitServerDeps<Context>) {
    this.store = store;
    this.now = now;
  }

  /**
   * The events of an answer. `thread` is live: what is set on it is saved and announced after the next event. `item`
   * is the message to answer; `undefined` after a client tool's output or structured answers, which the thread holds.
   */
  protected abstract respond(
    thread: ThreadMetadata,
    item: UserMessageItem | undefined,
    context: Context,
  ): AsyncIterable<ThreadStreamEvent>;

  /** The events that answer an action, streamed like those of `respond`. `sender`: the widget that it came from. */
  protected action(
    _thread: ThreadMetadata,
    { type }: Action,
    _sender: WidgetItem | undefined,
    _context: Context,
  ): AsyncIterable<ThreadStreamEvent> {
    throw new StreamError('stream.error', false, { cause: new Error(`nothing answers the action ${type}`) });
  }

  /** The answer to an action that does not stream. It is sent, not stored: store what is to last. */
  protected async syncAction(
    _thread: ThreadMetadata,
    _action: Action,
    _sender: WidgetItem | undefined,
    _context: Context,
  ): Promise<{ updated_item?: ThreadItem }> {
    return refuse('not_implemented', 'this server answers no actions');
  }

  protected async addFeedback(
    _threadId: string,
    _itemIds: string[],
    _kind: 'positive' | 'negative',
    _context: Context,
  ): Promise<void> {}

  /** The words of a recording. */
  protected async transcribe(_recording: Recording, _context: Context): Promise<{ text: string }> {
    return refuse('not_configured', 'this server takes no dictation');
  }

  protected getStreamOptions(_thread: ThreadMetadata, _context: Context): { allow_cancel: boolean } {
    return { allow_cancel: true };
  }

  /** Keeps what a reader saw of the unfinished assistant messages, and leaves a note for the model. */
  protected async handleStreamCancelled(
    thread: ThreadMetadata,
    pending: ThreadItem[],
    context: Context,
  ): Promise<void> {
    for (const item of pending)
      if (item.type === 'assistant_message' && hasText(item)) await this.store.saveItem(context, thread.id, item);
    await this.store.saveItem(context, thread.id, {
      id: createId('sdk_hidden_context'),
      thread_id: thread.id,
      created_at: this.now().toISOString(),
      type: 'sdk_hidden_context',
      content: STOPPED_NOTE,
    });
  }
}

function hasText(item: AssistantMessageItem): boolean {
  return item.content.some(({ text }) => text.trim() !== '');
}
