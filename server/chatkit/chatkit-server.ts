import type { ErrorCode } from '../../protocol/error.ts';
import type { ThreadStreamEvent } from '../../protocol/event.ts';
import type { AssistantMessageItem, Attachment, ThreadItem, UserMessageItem } from '../../protocol/item.ts';
import type { ChatKitRequest, ListParams, UserMessageInput } from '../../protocol/request.ts';
import type { Page, ThreadMetadata } from '../../protocol/thread.ts';
import type { AttachmentStore } from './attachment-store.ts';
import { ChatKitError } from './errors.ts';
import { createId } from './ids.ts';
import { persist } from './persist.ts';
import type { PageRequest, Store, StoredAttachment } from './store.ts';
import { Turn } from './turn.ts';
import { toWireThread, withoutHidden } from './wire-thread.ts';

/** The answer to a request that is not streamed: the body of the response. */
export interface JsonResult {
  json: unknown;
}

export interface ChatKitServerDeps<Context> {
  store: Store<Context>;
  /** Without one the server takes no attachments. */
  attachmentStore?: AttachmentStore<Context>;
  now: () => Date;
  /** Gets the cause of every `error` event; what reaches the client never says it. */
  reportError: (error: unknown) => void;
}

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;
/** For the model, when the thread goes on: without it a cut answer reads like a finished one. */
const STOPPED_NOTE = 'The visitor stopped the answer above before it was complete.';

/**
 * A ChatKit server without its transport: a parsed request in; one JSON body, or a `Turn`, out. Lookups that can fail
 * and the visitor's own message come before the turn, so their failures are errors of the request, not of a stream.
 * Throws `ChatKitError` and what the store throws.
 */
export abstract class ChatKitServer<Context extends { signal: AbortSignal }> {
  protected readonly store: Store<Context>;
  readonly #attachmentStore: AttachmentStore<Context> | undefined;
  readonly #now: () => Date;
  readonly #reportError: (error: unknown) => void;

  constructor(deps: ChatKitServerDeps<Context>) {
    this.store = deps.store;
    this.#attachmentStore = deps.attachmentStore;
    this.#now = deps.now;
    this.#reportError = deps.reportError;
  }

  /** The events of an answer. `thread` is live: what is set on it is saved and announced after the next event. */
  protected abstract respond(
    thread: ThreadMetadata,
    item: UserMessageItem | undefined,
    context: Context,
  ): AsyncIterable<ThreadStreamEvent>;

  protected async addFeedback(
    _threadId: string,
    _itemIds: string[],
    _kind: 'positive' | 'negative',
    _context: Context,
  ): Promise<void> {}

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
      ...this.#itemBase(thread, 'sdk_hidden_context'),
      type: 'sdk_hidden_context',
      content: STOPPED_NOTE,
    });
  }

  async process(request: ChatKitRequest, context: Context): Promise<JsonResult | Turn> {
    switch (request.type) {
      case 'threads.create':
        return await this.#createThread(request.params.input, context);
      case 'threads.add_user_message': {
        const thread = await this.#loadThread(request.params.thread_id, context);
        const item = this.#makeUserMessage(thread, request.params.input);
        if (!(await this.store.saveItem(context, thread.id, item))) refuseUnknownThread();
        return this.#startTurn(thread, item, [{ type: 'thread.item.done', item }], context);
      }
      case 'threads.retry_after_item': {
        const thread = await this.#loadThread(request.params.thread_id, context);
        const item = await this.#deleteAfter(thread, request.params.item_id, context);
        return this.#startTurn(thread, item, [], context);
      }
      case 'threads.get_by_id': {
        const thread = await this.#loadThread(request.params.thread_id, context);
        const items = await this.store.loadItems(context, thread.id, { limit: DEFAULT_LIMIT, order: 'asc' });
        return { json: toWireThread(thread, items ?? refuseUnknownThread()) };
      }
      case 'threads.list': {
        const page = await this.store.loadThreads(context, toPageRequest(request.params));
        const threads = page ?? refuseUnknownCursor();
        return { json: { ...threads, data: threads.data.map((thread) => toWireThread(thread)) } };
      }
      case 'items.list':
        return { json: withoutHidden(await this.#listItems(request.params, context)) };
      case 'items.feedback': {
        const { thread_id, item_ids, kind } = request.params;
        await this.addFeedback(thread_id, item_ids, kind, context);
        return { json: {} };
      }
      case 'threads.update': {
        const thread = { ...(await this.#loadThread(request.params.thread_id, context)), title: request.params.title };
        if (!(await this.store.saveThread(context, thread))) refuseUnknownThread();
        return { json: toWireThread(thread) };
      }
      case 'threads.delete':
        await this.store.deleteThread(context, request.params.thread_id);
        return { json: {} };
      case 'attachments.create': {
        const attachment = await this.#attachments().createAttachment(context, request.params);
        if (!(await this.store.saveAttachment(context, attachment)))
          throw new Error('the attachment store made an id that is taken');
        return { json: toWireAttachment(attachment) };
      }
      case 'attachments.delete':
        await this.#attachments().deleteAttachment(context, request.params.attachment_id);
        await this.store.deleteAttachment(context, request.params.attachment_id);
        return { json: {} };
      case 'threads.add_client_tool_output':
      case 'threads.add_structured_input':
      case 'threads.custom_action':
      case 'threads.sync_custom_action':
      case 'input.transcribe':
        throw new ChatKitError('not_implemented', `this server does not answer ${request.type}`);
    }
  }

  #attachments(): AttachmentStore<Context> {
    return this.#attachmentStore ?? refuse('not_configured', 'this server takes no attachments');
  }

  async #createThread(input: UserMessageInput, context: Context): Promise<Turn> {
    const thread: ThreadMetadata = {
      id: createId('thread'),
      created_at: this.#now().toISOString(),
      status: { type: 'active' },
      metadata: {},
    };
    const item = this.#makeUserMessage(thread, input);
    await this.store.createThread(context, thread, item);
    const opening: ThreadStreamEvent[] = [
      { type: 'thread.created', thread: toWireThread(thread) },
      { type: 'thread.item.done', item },
    ];
    return this.#startTurn(thread, item, opening, context);
  }

  #makeUserMessage(thread: ThreadMetadata, input: UserMessageInput): UserMessageItem {
    if (input.attachments.length > 0) throw new ChatKitError('not_implemented', 'this server takes no attachments');
    return {
      ...this.#itemBase(thread, 'message'),
      type: 'user_message',
      content: input.content,
      attachments: [],
      ...(input.quoted_text != null && { quoted_text: input.quoted_text }),
      inference_options: input.inference_options,
    };
  }

  /** Deletes what follows the user's message, newest first, and gives that message back. */
  async #deleteAfter(thread: ThreadMetadata, itemId: string, context: Context): Promise<UserMessageItem> {
    const later: ThreadItem[] = [];
    let cursor: string | undefined;
    for (;;) {
      const page: PageRequest = { limit: DEFAULT_LIMIT, order: 'desc', ...(cursor !== undefined && { after: cursor }) };
      const { data, has_more, after } = (await this.store.loadItems(context, thread.id, page)) ?? refuseUnknownThread();
      const index = data.findIndex((item) => item.id === itemId);
      const item = data[index];
      later.push(...(item ? data.slice(0, index) : data));
      if (item && item.type !== 'user_message')
        throw new ChatKitError('invalid_request', 'only the answer to a user message can be tried again');
      if (item) {
        for (const { id } of later) await this.store.deleteItem(context, thread.id, id);
        return item;
      }
      if (!has_more || after === undefined) throw new ChatKitError('not_found', 'there is no such item');
      cursor = after;
    }
  }

  #startTurn(thread: ThreadMetadata, item: UserMessageItem, opening: ThreadStreamEvent[], asked: Context): Turn {
    const events = (signal: AbortSignal) => this.#run(thread, item, opening, { ...asked, signal });
    const turn = new Turn(events, this.#reportError);
    if (asked.signal.aborted) turn.cancel();
    asked.signal.addEventListener('abort', () => turn.cancel(), { once: true });
    return turn;
  }

  async *#run(
    thread: ThreadMetadata,
    item: UserMessageItem,
    opening: ThreadStreamEvent[],
    context: Context,
  ): AsyncGenerator<ThreadStreamEvent> {
    yield* opening;
    yield { type: 'stream_options', stream_options: this.getStreamOptions(thread, context) };
    yield* persist(this.respond(thread, item, context), {
      store: this.store,
      context,
      thread,
      signal: context.signal,
      onCancelled: (pending) => this.handleStreamCancelled(thread, pending, context),
      reportError: this.#reportError,
    });
  }

  async #loadThread(threadId: string, context: Context): Promise<ThreadMetadata> {
    return (await this.store.loadThread(context, threadId)) ?? refuseUnknownThread();
  }

  async #listItems(params: ListParams & { thread_id: string }, context: Context): Promise<Page<ThreadItem>> {
    const page = await this.store.loadItems(context, params.thread_id, toPageRequest(params));
    if (page) return page;
    await this.#loadThread(params.thread_id, context);
    return refuseUnknownCursor();
  }

  #itemBase(thread: ThreadMetadata, kind: 'message' | 'sdk_hidden_context') {
    return { id: createId(kind), thread_id: thread.id, created_at: this.#now().toISOString() };
  }
}

function toPageRequest({ limit, order = 'desc', after }: ListParams): PageRequest {
  // OpenAI's element asks for 9,999.
  const clamped = Math.min(Math.max(limit || DEFAULT_LIMIT, 1), MAX_LIMIT);
  return { limit: clamped, order, ...(after != null && { after }) };
}

function hasText(item: AssistantMessageItem): boolean {
  return item.content.some(({ text }) => text.trim() !== '');
}

/** Its metadata is the server's own. */
function toWireAttachment(attachment: StoredAttachment): Attachment {
  const wire = { ...attachment };
  delete wire.metadata;
  return wire;
}

function refuse(code: ErrorCode, message: string): never {
  throw new ChatKitError(code, message);
}

function refuseUnknownThread(): never {
  throw new ChatKitError('not_found', 'there is no such thread');
}

function refuseUnknownCursor(): never {
  throw new ChatKitError('invalid_request', 'params.after: is not an id of this list');
}
