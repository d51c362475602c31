import type { ThreadStreamEvent } from '../../protocol/event.ts';
import type { AssistantMessageItem, ClientToolCallItem, ThreadItem, UserMessageItem } from '../../protocol/item.ts';
import type { ChatKitRequest, StreamingRequest } from '../../protocol/request.ts';
import { encodeSse } from '../../protocol/sse.ts';
import type { Thread } from '../../protocol/thread.ts';

const AT = '2026-11-20T09:00:00Z';

/** What a test's script has at hand to answer one turn with. */
export interface Reply {
  thread: Thread;
  /** An answer of one text, whole. */
  say: (text: string) => AssistantMessageItem;
  /** A call for the page, which ends the stream. */
  call: (name: string, args: Record<string, unknown>) => ClientToolCallItem;
  /** Ends when the test calls `release`, or the reader leaves. */
  held: Promise<void>;
}

export type Script = (request: StreamingRequest, reply: Reply) => AsyncIterable<ThreadStreamEvent>;

/**
 * A ChatKit server as a function from `Request` to `Response`: threads in memory, and answers that a test writes. It
 * keeps what a client sent, and counts the streams that nobody has read to their end.
 */
export function createChatKitEndpoint(threadIds = 'thr_') {
  const threads = new Map<string, Thread>();
  let count = 0;
  let hold = Promise.withResolvers<void>();
  const endpoint = {
    threads,
    requests: [] as { request: ChatKitRequest; headers: Headers }[],
    openStreams: 0,
    /** How a turn goes on after the question was stored. */
    script: answerPlainly as Script,
    /** Lets every turn go on that waits for `held`. */
    release: () => hold.resolve(),
    handle,
  };

  async function handle(given: Request): Promise<Response> {
    const request = (await given.json()) as ChatKitRequest;
    endpoint.requests.push({ request, headers: given.headers });
    switch (request.type) {
      case 'threads.list':
        return Response.json({ data: [...threads.values()].toReversed(), has_more: false });
      case 'threads.get_by_id': {
        const thread = threads.get(request.params.thread_id);
        return thread
          ? Response.json(thread)
          : Response.json({ error: { code: 'not_found', message: 'no such thread' } }, { status: 404 });
      }
      case 'threads.create':
      case 'threads.add_user_message':
      case 'threads.retry_after_item':
      case 'threads.add_client_tool_output':
      case 'threads.add_structured_input':
      case 'threads.custom_action':
        return stream(request);
      default:
        return Response.json({});
    }
  }

  function stream(request: StreamingRequest): Response {
    const thread = request.type === 'threads.create' ? addThread() : threads.get(request.params.thread_id);
    if (!thread) return Response.json({ error: { code: 'not_found', message: 'no such thread' } }, { status: 404 });
    const leave = Promise.withResolvers<void>();
    hold = leave;
    const events = turn(request, thread, leave.promise);
    endpoint.openStreams += 1;
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { value, done } = await events.next();
        if (value) return controller.enqueue(encodeSse(value));
        if (!done) return;
        endpoint.openStreams -= 1;
        controller.close();
      },
      async cancel() {
        endpoint.openStreams -= 1;
        leave.resolve();
        await events.return(undefined);
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  }

  async function* turn(
    request: StreamingRequest,
    thread: Thread,
    held: Promise<void>,
  ): AsyncGenerator<ThreadStreamEvent, undefined> {
    const base = () => ({ id: `item_${++count}`, thread_id: thread.id, created_at: AT });
    const reply: Reply = {
      thread,
      held,
      say: (text) => ({
        ...base(),
        type: 'assistant_message',
        content: [{ type: 'output_text', text, annotations: [] }],
      }),
      call: (name, args) => ({
        ...base(),
        type: 'client_tool_call',
        status: 'pending',
        call_id: `call_${count}`,
        name,
        arguments: args,
      }),
    };
    if (request.type === 'threads.create')
      yield { type: 'thread.created', thread: { ...thread, items: { data: [], has_more: false } } };
    if ('input' in request.params && 'content' in request.params.input) {
      const { content, inference_options, quoted_text } = request.params.input;
      const quote = quoted_text ? { quoted_text } : {};
      const item: UserMessageItem = {
        ...base(),
        type: 'user_message',
        content,
        inference_options,
        attachments: [],
        ...quote,
      };
      thread.items.data.push(item);
      yield { type: 'thread.item.done', item };
    }
    yield { type: 'stream_options', stream_options: { allow_cancel: true } };
    for await (const event of endpoint.script(request, reply)) {
      if (event.type === 'thread.item.done') store(thread, event.item);
      yield event;
    }
    return undefined;
  }

  function addThread(): Thread {
    const id = `${threadIds}${threads.size + 1}`;
    const thread: Thread = {
      id,
      created_at: AT,
      status: { type: 'active' },
      metadata: {},
      items: { data: [], has_more: false },
    };
    threads.set(id, thread);
    return thread;
  }

  return endpoint;
}

export type ChatKitEndpoint = ReturnType<typeof createChatKitEndpoint>;

function store(thread: Thread, item: ThreadItem): void {
  // A call that was answered is no longer pending for whoever reads the thread later.
  thread.items.data.push(item.type === 'client_tool_call' ? { ...item, status: 'completed', output: {} } : item);
}

/** An answer in three pieces. */
export async function* answerPlainly(_request: StreamingRequest, { say }: Reply): AsyncGenerator<ThreadStreamEvent> {
  const whole = say('It is forty-two.');
  const added: AssistantMessageItem = { ...whole, content: [] };
  yield { type: 'thread.item.added', item: added };
  yield {
    type: 'thread.item.updated',
    item_id: whole.id,
    update: {
      type: 'assistant_message.content_part.added',
      content_index: 0,
      content: { type: 'output_text', text: '', annotations: [] },
    },
  };
  for (const delta of ['It is ', 'forty', '-two.'])
    yield {
      type: 'thread.item.updated',
      item_id: whole.id,
      update: { type: 'assistant_message.content_part.text_delta', content_index: 0, delta },
    };
  yield { type: 'thread.item.done', item: whole };
}
