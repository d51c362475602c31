import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import type { ChatKitRequest, JsonRequest, StreamingRequest } from '../../../protocol/request.ts';
import { decodeSse } from '../../../protocol/sse.ts';
import { readEvent } from './read-event.ts';
import { RequestFailure, readFailure } from './request-failure.ts';
import { send } from './send.ts';

/** Where requests go. Read again for every request, so that new options count from the next one on. */
export interface Endpoint {
  url: string;
  fetch: typeof fetch | undefined;
  locale: string;
  /** Takes a file and answers its attachment; undefined where the server names an address for each file. */
  uploadUrl: string | undefined;
}

export interface ApiClient {
  /** One JSON answer. Reads are tried again after a lost connection, 429, 502, 503 and 504; nothing else is. */
  json: (request: JsonRequest, signal: AbortSignal) => Promise<unknown>;
  /** The events of one turn, as they come. Sent once: a second POST would ask the question twice. */
  stream: (request: StreamingRequest, signal: AbortSignal) => AsyncGenerator<ThreadStreamEvent>;
  /** Where requests go now. */
  endpoint: () => Endpoint;
}

const READS = new Set<ChatKitRequest['type']>(['threads.get_by_id', 'threads.list', 'items.list']);
const PASSING = new Set([0, 429, 502, 503, 504]);
const ATTEMPTS = 3;
/** Milliseconds before the second attempt; doubled for each further one. */
const FIRST_WAIT = 400;
/** Milliseconds of events in one go: a body that came at once would hold the page until its last one. */
const SLICE = 8;
/** A server may ask for more patience than a visitor has: then the failure is shown with its Retry. */
const LONGEST_WAIT = 10_000;

/** A client of the one ChatKit endpoint. Failures are `RequestFailure`; an abort rejects as `fetch` does. */
export function createApiClient(endpoint: () => Endpoint): ApiClient {
  async function post(request: ChatKitRequest, accept: string, signal: AbortSignal): Promise<Response> {
    const { url, fetch: given, locale } = endpoint();
    return send(given ?? fetch, url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: accept, 'Accept-Language': locale },
      body: JSON.stringify(request),
      signal,
    });
  }

  return {
    endpoint,

    async json(request, signal) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const response = await post(request, 'application/json', signal);
          return parseJson(await response.text(), response.status);
        } catch (error) {
          signal.throwIfAborted();
          const failure = error instanceof RequestFailure ? error : new RequestFailure(0);
          const wait = failure.retryAfter ?? FIRST_WAIT * 2 ** (attempt - 1);
          const again = READS.has(request.type) && PASSING.has(failure.status) && attempt < ATTEMPTS;
          if (!again || wait > LONGEST_WAIT) throw failure;
          await pause(wait, signal);
        }
      }
    },

    async *stream(request, signal) {
      const response = await post(request, 'text/event-stream', signal);
      if (!response.body) throw new RequestFailure(0);
      // An error in JSON, or the page of a proxy: it has no events, and would look like a stream that was cut.
      if (/json|html/.test(response.headers.get('content-type') ?? '')) throw await readFailure(response);
      let since = performance.now();
      try {
        for await (const event of decodeSse(readChunks(response.body, signal))) {
          const known = readEvent(event);
          if (known) yield known;
          if (performance.now() - since < SLICE) continue;
          await nextTask();
          since = performance.now();
        }
      } catch (error) {
        signal.throwIfAborted();
        throw error instanceof RequestFailure ? error : new RequestFailure(0, { detail: String(error) });
      }
    },
  };
}

/** The body's chunks by a plain reader: Safari has no async iteration of streams before 26.4. */
async function* readChunks(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  // A host's own fetch may ignore the signal: then the read has to end here, or Stop would wait for the server.
  const cancel = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', cancel);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) return;
      yield value;
    }
  } finally {
    signal.removeEventListener('abort', cancel);
    cancel();
  }
}

/** What is no JSON is no answer of a ChatKit server, and asking again would not make it one. */
function parseJson(body: string, status: number): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new RequestFailure(status);
  }
}

/** Lets the page do what waits; by a message, because timers wait a second in a hidden tab. */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', stop, { once: true });
  });
}
