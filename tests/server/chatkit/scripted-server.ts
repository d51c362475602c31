import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import type { AssistantMessageItem, ThreadItem, UserMessageItem, WidgetItem } from '../../../protocol/item.ts';
import { decodeSse } from '../../../protocol/sse.ts';
import type { ThreadMetadata } from '../../../protocol/thread.ts';
import type { AttachmentStore } from '../../../server/chatkit/attachment-store.ts';
import type { Action, Recording } from '../../../server/chatkit/chatkit-handlers.ts';
import { ChatKitServer } from '../../../server/chatkit/chatkit-server.ts';
import type { ParsedRequest } from '../../../server/chatkit/parse-request.ts';
import { parseRequest } from '../../../server/chatkit/parse-request.ts';
import { Turn } from '../../../server/chatkit/turn.ts';
import type { Context } from '../../../server/context.ts';
import { makeContext } from '../../contract/store.ts';
import { createMemoryStore } from '../../fakes/memory-store.ts';

export const NOW = '2026-11-24T10:00:00.000Z';

type Respond = (
  thread: ThreadMetadata,
  item: UserMessageItem | undefined,
  context: Context,
) => AsyncIterable<ThreadStreamEvent>;

interface Handlers {
  action?: (...args: [ThreadMetadata, Action, WidgetItem | undefined, Context]) => AsyncIterable<ThreadStreamEvent>;
  syncAction?: (
    ...args: [ThreadMetadata, Action, WidgetItem | undefined, Context]
  ) => Promise<{ updated_item?: ThreadItem }>;
  transcribe?: (recording: Recording) => Promise<{ text: string }>;
  attachmentStore?: AttachmentStore<Context>;
}

/** A server whose answers a test writes, over a store in memory that notes its writes. */
export function makeServer(respond: Respond, handlers: Handlers = {}) {
  const context = makeContext();
  const writes: string[] = [];
  const reported: unknown[] = [];
  const memory = createMemoryStore<Context>();
  const store: typeof memory = {
    ...memory,
    createThread(context, thread, item, attachments) {
      const saved = attachments.map(({ id }) => `attachment ${id}`);
      writes.push(`thread ${thread.title ?? '-'}`, ...saved, `item ${item.type}`);
      return memory.createThread(context, thread, item, attachments);
    },
    saveThread(context, thread) {
      writes.push(`thread ${thread.title ?? '-'}`);
      return memory.saveThread(context, thread);
    },
    saveItem(context, threadId, item) {
      writes.push(`item ${item.type}`);
      return memory.saveItem(context, threadId, item);
    },
    saveAttachment(context, attachment) {
      writes.push(`attachment ${attachment.id}`);
      return memory.saveAttachment(context, attachment);
    },
    deleteItem(context, threadId, itemId) {
      writes.push(`delete ${itemId}`);
      return memory.deleteItem(context, threadId, itemId);
    },
  };
  class ScriptedServer extends ChatKitServer<Context> {
    protected override respond = respond;
    protected override action(...args: Parameters<NonNullable<Handlers['action']>>) {
      return handlers.action ? handlers.action(...args) : super.action(...args);
    }
    protected override syncAction(...args: Parameters<NonNullable<Handlers['syncAction']>>) {
      return handlers.syncAction ? handlers.syncAction(...args) : super.syncAction(...args);
    }
    protected override transcribe(recording: Recording, context: Context) {
      return handlers.transcribe ? handlers.transcribe(recording) : super.transcribe(recording, context);
    }
  }
  const server = new ScriptedServer({
    store,
    ...(handlers.attachmentStore && { attachmentStore: handlers.attachmentStore }),
    now: () => new Date(NOW),
    reportError: (error) => reported.push(error),
  });
  return {
    context,
    store,
    writes,
    reported,
    async json(request: unknown): Promise<unknown> {
      const result = await server.process(parseRequest(request), context);
      if (result instanceof Turn) throw new Error('this request is streamed');
      return result.json;
    },
    async turn(request: unknown, asking: Context = context): Promise<Turn> {
      const result = await server.process(parseRequest(request) satisfies ParsedRequest, asking);
      if (!(result instanceof Turn)) throw new Error('this request is not streamed');
      return result;
    },
    async events(request: unknown): Promise<ThreadStreamEvent[]> {
      const turn = await this.turn(request);
      const events = await readAll(turn);
      await turn.finished;
      return events;
    },
    async seed(threadId: string, ...items: Parameters<typeof memory.saveItem>[2][]): Promise<void> {
      await memory.saveThread(context, {
        id: threadId,
        created_at: NOW,
        status: { type: 'active' },
        metadata: { a: 1 },
      });
      for (const item of items) await memory.saveItem(context, threadId, item);
    },
    async items(threadId: string) {
      return (await memory.loadItems(context, threadId, { limit: 100, order: 'asc' }))?.data;
    },
  };
}

export async function readAll(turn: Turn): Promise<ThreadStreamEvent[]> {
  const events: ThreadStreamEvent[] = [];
  for await (const event of decodeSse(turn.read())) events.push(event);
  return events;
}

const input = { content: [{ type: 'input_text', text: 'Hi' }], attachments: [], inference_options: {} };
export const CREATE = { type: 'threads.create', params: { input } };
export const addMessage = (threadId: string) => ({
  type: 'threads.add_user_message',
  params: { thread_id: threadId, input },
});

export function answer(threadId: string, id: string, text: string): AssistantMessageItem {
  return {
    type: 'assistant_message',
    id,
    thread_id: threadId,
    created_at: NOW,
    content: [{ type: 'output_text', text, annotations: [] }],
  };
}

export const delta = (id: string, text: string): ThreadStreamEvent => ({
  type: 'thread.item.updated',
  item_id: id,
  update: { type: 'assistant_message.content_part.text_delta', content_index: 0, delta: text },
});
