import type { ThreadStreamEvent } from '../../protocol/event.ts';
import type { ThreadItem, UserMessageItem, WidgetItem } from '../../protocol/item.ts';
import type { ActionParams, ChatKitRequest, ListParams, UserMessageInput } from '../../protocol/request.ts';
import type { Page, ThreadMetadata } from '../../protocol/thread.ts';
import { answerStructuredInput } from './answer-structured-input.ts';
import type { AttachmentStore } from './attachment-store.ts';
import { ChatKitHandlers, type ChatKitServerDeps } from './chatkit-handlers.ts';
import { completeToolCall } from './complete-tool-call.ts';
import { deleteAfter } from './delete-after.ts';
import { refuse } from './errors.ts';
import { isHidden } from './hidden-items.ts';
import { createId } from './ids.ts';
import { loadAttachments } from './message-attachments.ts';
import { persist } from './persist.ts';
import type { PageRequest } from './store.ts';
import { ThreadTurns } from './thread-turns.ts';
import { Turn } from './turn.ts';
import { toWireAttachment, toWireItem } from './wire-item.ts';
import { toWirePage, toWireThread } from './wire-thread.ts';

/** The answer to a request that is not streamed: the body of the response. */
export interface JsonResult {
  json: unknown;
}

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;
/**
 * A ChatKit server without its transport: a parsed request in; one JSON body, or a `Turn`, out. Lookups that can fail
 * and what the visitor sent come before the turn, so their failures are errors of the request, not of a stream.
 * One turn at a time runs on a thread; JSON requests run beside it. Throws `ChatKitError` and what the store throws.
 */
export abstract class ChatKitServer<Context extends { signal: AbortSignal }> extends ChatKitHandlers<Context> {
  readonly #attachmentStore: AttachmentStore<Context> | undefined;
  readonly #reportError: (error: unknown) => void;
  readonly #turns = new ThreadTurns();

  constructor(deps: ChatKitServerDeps<Context>) {
    super(deps);
    this.#attachmentStore = deps.attachmentStore;
    this.#reportError = deps.reportError;
  }

  async process(request: ChatKitRequest, context: Context): Promise<JsonResult | Turn> {
    switch (request.type) {
      case 'threads.create':
        return await this.#createThread(request.params.input, context);
      case 'threads.add_user_message':
        return await this.#startOn(request.params.thread_id, context, async (thread) => {
          const { item, attachments } = await this.#makeUserMessage(thread, request.params.input, context);
          for (const attachment of attachments) await this.store.saveAttachment(context, attachment);
          if (!(await this.store.saveItem(context, thread.id, item))) refuseUnknownThread();
          return this.#respondTo(thread, item, context, [{ type: 'thread.item.done', item }]);
        });
      case 'threads.retry_after_item':
        return await this.#startOn(request.params.thread_id, context, async (thread) => {
          const item = await deleteAfter(this.store, context, thread.id, request.params.item_id);
          // As the reference: a stream without an event.
          if (!item) return new Turn([], silence, this.#reportError);
          return this.#respondTo(thread, item, context);
        });
      case 'threads.add_client_tool_output':
        return await this.#startOn(request.params.thread_id, context, async (thread) => {
          await completeToolCall(this.store, context, thread.id, request.params.result);
          return this.#respondTo(thread, undefined, context);
        });
      case 'threads.add_structured_input':
        return await this.#startOn(request.params.thread_id, context, async (thread) => {
          const item = await this.#loadItem(thread, request.params.item_id, context);
          if (item.type !== 'structured_input') refuse('invalid_request', 'params.item_id: is no structured input');
          if (item.status !== 'pending') refuse('not_pending', 'this input was answered before');
          const answered = answerStructuredInput(item, request.params.input);
          return this.#runTurn(thread, context, (context) => this.#replaceThenRespond(thread, answered, context));
        });
      case 'threads.custom_action':
        return await this.#startOn(request.params.thread_id, context, async (thread) => {
          const sender = await this.#loadSender(request.params, thread, context);
          // As the reference: a sender that is no widget is an event of the stream, not an error of the request.
          if (sender === 'no_widget') return new Turn([REFUSED_ACTION], silence, this.#reportError);
          const { action } = request.params;
          return this.#runTurn(thread, context, (context) => this.action(thread, action, sender, context));
        });
      case 'threads.sync_custom_action': {
        const thread = await this.#loadThread(request.params.thread_id, context);
        const sender = await this.#loadSender(request.params, thread, context);
        if (sender === 'no_widget') return refuse('invalid_request', 'params.item_id: is no widget');
        const { updated_item: item } = await this.syncAction(thread, request.params.action, sender, context);
        return { json: item && !isHidden(item) ? { updated_item: toWireItem(item) } : {} };
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
        return { json: toWirePage(await this.#listItems(request.params, context)) };
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
        await this.#deleteThread(request.params.thread_id, context);
        return { json: {} };
      case 'attachments.create':
        return { json: await this.#createAttachment(request.params, context) };
      case 'attachments.delete':
        await this.#attachments().deleteAttachment(context, request.params.attachment_id);
        await this.store.deleteAttachment(context, request.params.attachment_id);
        return { json: {} };
      case 'input.transcribe': {
        const { audio_base64, mime_type: mimeType } = request.params;
        const [mediaType = ''] = mimeType.split(';', 1);
        const audio = Buffer.from(audio_base64, 'base64');
        return { json: await this.transcribe({ audio, mimeType, mediaType }, context) };
      }
    }
  }

  #createThread(input: UserMessageInput, context: Context): Promise<Turn> {
    const thread: ThreadMetadata = {
      id: createId('thread'),
      created_at: this.now().toISOString(),
      status: { type: 'active' },
      metadata: {},
    };
    return this.#turns.start(thread.id, async () => {
      const { item, attachments } = await this.#makeUserMessage(thread, input, context);
      await this.store.createThread(context, thread, item, attachments);
      const created: ThreadStreamEvent = { type: 'thread.created', thread: toWireThread(thread) };
      return this.#respondTo(thread, item, context, [created, { type: 'thread.item.done', item }]);
    });
  }

  async #startOn(
    threadId: string,
    context: Context,
    open: (thread: ThreadMetadata) => Turn | Promise<Turn>,
  ): Promise<Turn> {
    // Before the turn of another owner's thread could be waited for.
    await this.#loadThread(threadId, context);
    return this.#turns.start(threadId, async () => open(await this.#loadThread(threadId, context)));
  }

  async #deleteThread(threadId: string, context: Context): Promise<void> {
    // What a turn still writes would be lost halfway, and only an owner may end it.
    if (await this.store.loadThread(context, threadId)) await this.#turns.end(threadId);
    const attachmentIds = await this.store.deleteThread(context, threadId);
    for (const id of attachmentIds) await this.#attachmentStore?.deleteAttachment(context, id);
  }

  async #makeUserMessage(
    thread: ThreadMetadata,
    { content, attachments: ids, quoted_text, inference_options }: UserMessageInput,
    context: Context,
  ) {
    const attachments = await loadAttachments(this.store, context, thread.id, ids);
    const item: UserMessageItem = {
      id: createId('message'),
      thread_id: thread.id,
      created_at: this.now().toISOString(),
      type: 'user_message',
      content,
      attachments: attachments.map(toWireAttachment),
      ...(quoted_text != null && { quoted_text }),
      inference_options,
    };
    return { item, attachments };
  }

  async #loadSender(
    { item_id }: ActionParams,
    thread: ThreadMetadata,
    context: Context,
  ): Promise<WidgetItem | undefined | 'no_widget'> {
    if (item_id == null) return undefined;
    const item = await this.#loadItem(thread, item_id, context);
    return item.type === 'widget' ? item : 'no_widget';
  }

  async *#replaceThenRespond(
    thread: ThreadMetadata,
    item: ThreadItem,
    context: Context,
  ): AsyncGenerator<ThreadStreamEvent> {
    yield { type: 'thread.item.replaced', item };
    yield* this.respond(thread, undefined, context);
  }

  #respondTo(
    thread: ThreadMetadata,
    item: UserMessageItem | undefined,
    context: Context,
    opening: ThreadStreamEvent[] = [],
  ): Turn {
    return this.#runTurn(thread, context, (context) => this.respond(thread, item, context), opening);
  }

  #runTurn(
    thread: ThreadMetadata,
    asked: Context,
    answer: (context: Context) => AsyncIterable<ThreadStreamEvent>,
    opening: ThreadStreamEvent[] = [],
  ): Turn {
    const options: ThreadStreamEvent = {
      type: 'stream_options',
      stream_options: this.getStreamOptions(thread, asked),
    };
    const turn = new Turn(
      [...opening, options],
      (signal) => this.#persist(thread, { ...asked, signal }, answer),
      this.#reportError,
    );
    if (asked.signal.aborted) turn.cancel();
    asked.signal.addEventListener('abort', () => turn.cancel(), { once: true });
    return turn;
  }

  #persist(
    thread: ThreadMetadata,
    context: Context,
    answer: (context: Context) => AsyncIterable<ThreadStreamEvent>,
  ): AsyncIterable<ThreadStreamEvent> {
    return persist(() => answer(context), {
      store: this.store,
      context,
      thread,
      signal: context.signal,
      onCancelled: (pending) => this.handleStreamCancelled(thread, pending, context),
      reportError: this.#reportError,
    });
  }

  async #createAttachment(params: { name: string; size: number; mime_type: string }, context: Context) {
    const attachment = await this.#attachments().createAttachment(context, params);
    if (!(await this.store.saveAttachment(context, attachment)))
      throw new Error('the attachment store made an id that is taken');
    return toWireAttachment(attachment);
  }

  #attachments(): AttachmentStore<Context> {
    return this.#attachmentStore ?? refuse('not_configured', 'this server takes no attachments');
  }

  async #loadThread(threadId: string, context: Context): Promise<ThreadMetadata> {
    return (await this.store.loadThread(context, threadId)) ?? refuseUnknownThread();
  }

  async #loadItem(thread: ThreadMetadata, itemId: string, context: Context): Promise<ThreadItem> {
    return (await this.store.loadItem(context, thread.id, itemId)) ?? refuse('not_found', 'there is no such item');
  }

  async #listItems(params: ListParams & { thread_id: string }, context: Context): Promise<Page<ThreadItem>> {
    const page = await this.store.loadItems(context, params.thread_id, toPageRequest(params));
    if (page) return page;
    await this.#loadThread(params.thread_id, context);
    return refuseUnknownCursor();
  }
}

const REFUSED_ACTION: ThreadStreamEvent = { type: 'error', code: 'stream.error', allow_retry: false };

async function* silence(): AsyncGenerator<ThreadStreamEvent> {}

function toPageRequest({ limit, order = 'desc', after }: ListParams): PageRequest {
  // OpenAI's element asks for 9,999.
  const clamped = Math.min(Math.max(limit || DEFAULT_LIMIT, 1), MAX_LIMIT);
  return { limit: clamped, order, ...(after != null && { after }) };
}

function refuseUnknownThread(): never {
  return refuse('not_found', 'there is no such thread');
}

function refuseUnknownCursor(): never {
  return refuse('invalid_request', 'params.after: is not an id of this list');
}
