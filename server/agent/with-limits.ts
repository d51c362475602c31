import { setTimeout as sleep } from 'node:timers/promises';
import { type Model, ModelBehaviorError, type ModelRequest, type StreamEvent } from '@openai/agents';
import { APIError } from 'openai';
import { retryWait } from './retry-wait.ts';

/** A model that sends nothing for this long has stalled. */
const IDLE_MS = 30_000;
/** No answer takes longer, retries included. */
const TOTAL_MS = 300_000;

/**
 * The model, bounded: 30 s without an event or 5 min in all abort the request with a `TimeoutError`; a connection that
 * breaks, or a stream that ends without a `response_done`, is a `NetworkError`. A failure before the first output is
 * retried at most twice where that can help (connection, 429, 5xx); after it never, because the visitor has read the
 * beginning. Errors with an HTTP status, and faults of ours, are thrown as they are.
 */
export function withLimits(model: Model): Model {
  return {
    getResponse: (request) =>
      model.getResponse({ ...request, signal: anySignal(request, AbortSignal.timeout(IDLE_MS)) }),
    getStreamedResponse: (request) => stream(model, request),
  };
}

async function* stream(model: Model, request: ModelRequest): AsyncGenerator<StreamEvent> {
  const total = AbortSignal.timeout(TOTAL_MS);
  for (let attempt = 0; ; attempt += 1) {
    let shown = false;
    try {
      for await (const event of attemptStream(model, request, total)) {
        shown = true;
        yield event;
      }
      return;
    } catch (error) {
      const wait = retryWait(error, attempt);
      if (shown || wait === undefined || request.signal?.aborted || total.aborted) throw error;
      await sleep(wait, undefined, { signal: anySignal(request, total) });
    }
  }
}

/** One attempt. What comes before the first output is held back, so that an attempt that fails leaves no trace. */
async function* attemptStream(model: Model, request: ModelRequest, total: AbortSignal): AsyncGenerator<StreamEvent> {
  const idle = new AbortController();
  const stalled = () => idle.abort(new DOMException('the model sent nothing for too long', 'TimeoutError'));
  let timer = setTimeout(stalled, IDLE_MS);
  let held: StreamEvent[] | undefined = [];
  let isComplete = false;
  try {
    for await (const event of model.getStreamedResponse({
      ...request,
      signal: anySignal(request, total, idle.signal),
    })) {
      clearTimeout(timer);
      timer = setTimeout(stalled, IDLE_MS);
      if (held && isOutput(event)) {
        yield* held;
        held = undefined;
      }
      if (held) held.push(event);
      else yield event;
      isComplete ||= event.type === 'response_done';
    }
  } catch (error) {
    throw toFailure(error, request.signal, idle.signal, total);
  } finally {
    clearTimeout(timer);
  }
  // An abort can end the client's stream without a throw, and so does an endpoint that closes early.
  if (!isComplete) throw toFailure(undefined, request.signal, idle.signal, total);
}

/** The connection to the model broke, or ended before the answer did. */
class NetworkError extends Error {
  override readonly name = 'NetworkError';
}

/** The client reports every abort alike: the signals say whose it was. Without a status a failure is of the connection. */
function toFailure(error: unknown, visitor: AbortSignal | undefined, idle: AbortSignal, total: AbortSignal): unknown {
  const aborted = [visitor, idle, total].find((signal) => signal?.aborted);
  if (aborted) return aborted.reason;
  const isBroken = error === undefined || (isFromEndpoint(error) && typeof error.status !== 'number');
  return isBroken ? new NetworkError('the stream of the model broke off', { cause: error }) : error;
}

/** What the client and the SDK throw when an endpoint breaks off or talks nonsense. Anything else is a fault of ours. */
function isFromEndpoint(error: unknown): error is Error & { status?: unknown } {
  // `fetch` throws this one for a body that was cut; its cause is the socket's.
  if (error instanceof TypeError) return error.cause !== undefined;
  return error instanceof APIError || error instanceof ModelBehaviorError || error instanceof SyntaxError;
}

function anySignal(request: ModelRequest, ...signals: AbortSignal[]): AbortSignal {
  return AbortSignal.any(request.signal ? [request.signal, ...signals] : signals);
}

/** What a reader may be shown something of: then it is too late to begin again. */
function isOutput(event: StreamEvent): boolean {
  if (event.type !== 'model') return event.type === 'output_text_delta' || event.type === 'response_done';
  const raw = event.event as { type?: unknown; choices?: { delta?: object | null }[] };
  return raw.type === 'response.output_item.added' || (raw.choices?.some(({ delta }) => saysSomething(delta)) ?? false);
}

/** The first chunk of a chat completion has a role and empty fields. */
function saysSomething(delta: object | null | undefined): boolean {
  return Object.entries(delta ?? {}).some(([field, value]) => field !== 'role' && value !== null && value !== '');
}
