import { RequestFailure, readFailure } from './request-failure.ts';

/** One HTTP exchange with an answer of 2xx. Failures are `RequestFailure`; an abort rejects as `fetch` does. */
export async function send(
  using: typeof fetch,
  url: string,
  init: RequestInit & { signal: AbortSignal },
): Promise<Response> {
  let response: Response;
  try {
    // A bare call: a host's function, or `window.fetch` itself, must not see an object of ours as `this`.
    response = await unlessAborted(using(new URL(url, document.baseURI).href, init), init.signal);
  } catch (error) {
    init.signal.throwIfAborted();
    const detail = error instanceof Error ? error.message : undefined;
    // A host's own fetch that knows better why there is no answer, such as that nobody is signed in, says it by a status.
    const { status } = (error ?? {}) as { status?: unknown };
    throw new RequestFailure(typeof status === 'number' ? status : 0, { detail });
  }
  if (!response.ok) throw await readFailure(response);
  return response;
}

/** A host's own fetch may ignore the signal: whoever waited for it would wait for ever. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason as Error);
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
