import { setImmediate } from 'node:timers/promises';
import type { ThreadStreamEvent } from '../protocol/event.ts';
import type { ChatKitRequest } from '../protocol/request.ts';
import type { ThreadMetadata } from '../protocol/thread.ts';
import { ChatKitServer } from '../server/chatkit/chatkit-server.ts';
import type { Store } from '../server/chatkit/store.ts';
import { Turn } from '../server/chatkit/turn.ts';
import type { Context } from '../server/context.ts';
import { BENCH_CONTEXT } from './bench-context.ts';

const input = { content: [{ type: 'input_text' as const, text: 'Hi' }], attachments: [], inference_options: {} };

/** The SDK with a responder that is told what to say. */
export class BenchServer extends ChatKitServer<Context> {
  readonly #say: (threadId: string) => AsyncIterable<ThreadStreamEvent>;

  constructor(store: Store<Context>, say: (threadId: string) => AsyncIterable<ThreadStreamEvent> = sayDeltas(0)) {
    super({
      store,
      now: () => new Date(),
      reportError: (error) => {
        throw error;
      },
    });
    this.#say = say;
  }

  protected override respond({ id }: ThreadMetadata): AsyncIterable<ThreadStreamEvent> {
    return this.#say(id);
  }

  async json(request: ChatKitRequest): Promise<unknown> {
    const result = await this.process(request, BENCH_CONTEXT);
    if (result instanceof Turn) throw new Error('streamed');
    return result.json;
  }

  /** One new thread with its answer, read to the end; resolves to how many bytes came. */
  async ask(): Promise<number> {
    const turn = await this.process({ type: 'threads.create', params: { input } }, BENCH_CONTEXT);
    if (!(turn instanceof Turn)) throw new Error('not streamed');
    let bytes = 0;
    for await (const chunk of turn.read()) bytes += chunk.length;
    return bytes;
  }
}

/** An answer of so many deltas. Each comes in a task of its own, as from a network: readers run in between. */
export function sayDeltas(count: number) {
  return async function* say(threadId: string): AsyncGenerator<ThreadStreamEvent> {
    const id = `msg_${crypto.randomUUID()}`;
    const item = {
      type: 'assistant_message' as const,
      id,
      thread_id: threadId,
      created_at: '2026-01-01T00:00:00.000Z',
    };
    yield { type: 'thread.item.added', item: { ...item, content: [] } };
    for (let n = 0; n < count; n++) {
      await setImmediate();
      yield {
        type: 'thread.item.updated',
        item_id: id,
        update: { type: 'assistant_message.content_part.text_delta', content_index: 0, delta: `word${n} ` },
      };
    }
    yield {
      type: 'thread.item.done',
      item: { ...item, content: [{ type: 'output_text', text: 'Done.', annotations: [] }] },
    };
  };
}

/** Keeps nothing: what is left is the cost of the SDK itself. */
export const IDLE_STORE: Store<Context> = {
  loadThread: async () => undefined,
  createThread: async () => undefined,
  saveThread: async () => true,
  loadThreads: async () => ({ data: [], has_more: false }),
  deleteThread: async () => [],
  loadItems: async () => ({ data: [], has_more: false }),
  loadItem: async () => undefined,
  saveItem: async () => true,
  deleteItem: async () => undefined,
  loadAttachment: async () => undefined,
  saveAttachment: async () => true,
  deleteAttachment: async () => undefined,
};
