import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';

/** What the upstream does with the next streaming request. */
export type Step =
  | { answer: string[] }
  /** `retryAfter` in seconds. */
  | { status: 401 | 429 | 500; retryAfter?: number }
  /** Says these deltas, then nothing more, with the connection open. */
  | { stallAfter: string[] }
  /** Says these deltas, then the connection breaks. */
  | { cutAfter: string[] };

/** A request as it arrived. Values of headers are not kept: one of them is the key. */
export interface Recorded {
  path: string;
  headerNames: string[];
  body: Record<string, unknown>;
}

export interface ResponsesUpstream {
  /** For `OPENAI_BASE_URL`. */
  baseUrl: string;
  requests: Recorded[];
  /** Steps to come; when there is none, every request is answered with `Hello.` */
  steps: Step[];
  /** Answer to requests that are not streamed: those for a title. */
  title: string;
  close(): Promise<void>;
}

/**
 * An endpoint that speaks the Responses API over real HTTP, event for event as on the wire. What it says is scripted;
 * what it was sent is recorded.
 */
export async function startResponsesUpstream(): Promise<ResponsesUpstream> {
  const upstream: Omit<ResponsesUpstream, 'baseUrl' | 'close'> = { requests: [], steps: [], title: 'A title' };
  let answers = 0;
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(await readText(request)) as Record<string, unknown>;
    upstream.requests.push({ path: request.url ?? '', headerNames: Object.keys(request.headers), body });
    answers += 1;
    // As long and as different as real ones: a store may rely on it.
    const id = answers.toString(16).padStart(32, '0');
    if (body.stream !== true) return sendJson(response, 200, completed(id, upstream.title));
    const step = upstream.steps.shift() ?? { answer: ['Hello', '.'] };
    if ('status' in step) {
      if (step.retryAfter !== undefined) response.setHeader('retry-after', step.retryAfter);
      return sendJson(response, step.status, { error: { message: `upstream says ${step.status}`, type: 'error' } });
    }
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const deltas = 'answer' in step ? step.answer : 'stallAfter' in step ? step.stallAfter : step.cutAfter;
    const events = eventsOf(id, deltas);
    for (const [index, event] of events.entries()) {
      const isEnd = 'answer' in step ? false : index >= events.length - 4;
      if (isEnd) break;
      response.write(`event: ${event.type}\ndata: ${JSON.stringify({ ...event, sequence_number: index })}\n\n`);
    }
    if ('answer' in step) response.end();
    // The bytes written before must leave first.
    else if ('cutAfter' in step) setImmediate(() => response.socket?.destroySoon());
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(upstream, {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** The last four events end the text, the part, the item and the response. */
function eventsOf(id: string, deltas: string[]): { type: string; [field: string]: unknown }[] {
  const text = deltas.join('');
  const item = { id: `msg_${id}`, type: 'message', role: 'assistant' };
  const at = { item_id: item.id, output_index: 0, content_index: 0 };
  const part = { type: 'output_text', text, annotations: [], logprobs: [] };
  return [
    { type: 'response.created', response: { ...completed(id, ''), status: 'in_progress', output: [] } },
    { type: 'response.in_progress', response: { ...completed(id, ''), status: 'in_progress', output: [] } },
    { type: 'response.output_item.added', output_index: 0, item: { ...item, status: 'in_progress', content: [] } },
    { type: 'response.content_part.added', ...at, part: { ...part, text: '' } },
    ...deltas.map((delta) => ({ type: 'response.output_text.delta', ...at, delta, logprobs: [] })),
    { type: 'response.output_text.done', ...at, text, logprobs: [] },
    { type: 'response.content_part.done', ...at, part },
    { type: 'response.output_item.done', output_index: 0, item: { ...item, status: 'completed', content: [part] } },
    { type: 'response.completed', response: completed(id, text) },
  ];
}

function completed(id: string, text: string): Record<string, unknown> {
  return {
    id: `resp_${id}`,
    object: 'response',
    created_at: 1_767_225_600,
    status: 'completed',
    model: 'fake',
    error: null,
    incomplete_details: null,
    output: [
      {
        id: `msg_${id}`,
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
      },
    ],
    usage: {
      input_tokens: 1,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 1,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 2,
    },
  };
}
