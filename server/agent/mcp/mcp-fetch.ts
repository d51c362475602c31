import type { FetchLike } from '@modelcontextprotocol/client';
import type { GuardedFetch } from '../../net/guarded-fetch.ts';
import { McpError } from './mcp-error.ts';

export interface McpFetchOptions {
  guardedFetch: GuardedFetch;
  /** The one address that is called. */
  url: string;
  /** For each request anew. */
  loadHeaders: () => Promise<Record<string, string>>;
  /** After a 401: whether another try can have another credential. */
  renew: () => boolean;
  timeoutMs: number;
  /** Of each answer. */
  maxBytes: number;
  /** The answer broke off: the client by itself waits on for the rest. */
  onBroken: (error: unknown) => void;
}

/**
 * The `fetch` of a connection to one server: guarded, capped, with the credential on every request, and to that server
 * alone. It opens no stream to listen on, because nobody waits for what a server says unasked.
 */
export function createMcpFetch(options: McpFetchOptions): FetchLike {
  const { guardedFetch, url, loadHeaders, renew, timeoutMs, maxBytes, onBroken } = options;
  return async (address, { method = 'GET', headers, body, signal } = {}) => {
    if (new URL(address).href !== new URL(url).href) throw new McpError('refused', 'Another address was asked for.');
    // Whoever gave up knows why.
    const tell = (error: unknown): void => {
      if (!signal?.aborted) onBroken(error);
    };
    if (method === 'GET') return new Response(null, { status: 405 });
    const send = async () =>
      guardedFetch(url, {
        method,
        headers: { ...Object.fromEntries(new Headers(headers)), ...(await loadHeaders()) },
        ...(typeof body === 'string' && { body }),
        ...(signal && { signal }),
        timeoutMs,
        maxBytes,
      });
    try {
      let answer = await send();
      if (answer.status === 401 && renew()) {
        await answer.body?.cancel();
        answer = await send();
      }
      return new Response(answer.body && telling(answer.body, tell), answer);
    } catch (error) {
      tell(error);
      throw error;
    }
  };
}

function telling(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onBroken: (error: unknown) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          onBroken(error);
          controller.error(error);
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
