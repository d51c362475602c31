import type { PageContextLevel } from '../../protocol/page-context.ts';
import type { ChatKitRequest, UserMessageInput } from '../../protocol/request.ts';
import { addMetadata, messageOf, parseRequest } from './chat-request.ts';
import { NotSignedInError, readNotSignedIn } from './not-signed-in-error.ts';
import { createPageReader } from './page-reader.ts';

type Given<Value> = Value | (() => Value | undefined | Promise<Value | undefined>);

export interface ChatFetchOptions {
  /** The user's token for `Authorization: Bearer`, asked for at every request. Nothing means: not signed in. */
  token?: () => string | null | undefined | Promise<string | null | undefined>;
  /** Further headers of every request. */
  headers?: Given<Record<string, string>>;
  /**
   * How much of the page goes along with a question: its text too (`page`, the default), what identifies it (`basic`),
   * or nothing (`off`). Or a function that says it in the host's own words.
   */
  pageContext?: PageContextLevel | ((question: string | undefined) => unknown);
  /** What the agent may know of the user. Nobody's proof of anything: who asks comes from the token alone. */
  userInfo?: Given<Record<string, unknown>>;
  /** Further metadata of every request that an agent answers. */
  metadata?: Given<Record<string, unknown>>;
  /** Called before the request rejects, for elements that keep the error to themselves. */
  onNotSignedIn?: (error: NotSignedInError) => void;
}

/** Bytes of a body that a Pagewise server takes. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * A `fetch` for `api.fetch` of a ChatKit element. It adds token and headers to every request, and to those that an
 * agent answers the page and what the host says, in `metadata` and, for servers that read it there, in the `metadata`
 * of the message's `input`. What the element sent stays.
 *
 * Rejects with `NotSignedInError` when `token` gives nothing, and when the server answers that nobody is signed in.
 */
export function createChatFetch(options: ChatFetchOptions = {}): typeof fetch {
  const { token, pageContext = 'page', onNotSignedIn } = options;
  const reader = createPageReader(() => (typeof pageContext === 'string' ? pageContext : 'off'));

  return async (input, init) => {
    const request = parseRequest(init?.body);
    const body = request ? writeBody(await addMetadata(request, readMetadata)) : init?.body;
    const response = await fetch(input, {
      ...init,
      ...(body === undefined ? {} : { body }),
      headers: await readHeaders(init?.headers),
      // Where a server sent us on to, the token would go as well.
      redirect: 'error',
    });
    const error = await readNotSignedIn(response);
    if (error) throw notSignedIn(error);
    return response;
  };

  async function readHeaders(given: HeadersInit | undefined): Promise<Record<string, string>> {
    const headers = new Headers(given);
    for (const [name, value] of Object.entries((await read(options.headers)) ?? {})) headers.set(name, value);
    if (token) {
      const value = await token();
      if (!value)
        throw notSignedIn(new NotSignedInError('user_token_required', 'there is no token: nobody is signed in'));
      headers.set('authorization', `Bearer ${value}`);
    }
    // A plain object: host pages wrap `fetch` and spread the headers.
    return Object.fromEntries(headers);
  }

  async function readMetadata(question: string | undefined): Promise<Record<string, unknown>> {
    const page = await (typeof pageContext === 'function' ? pageContext(question) : reader.read(question));
    const userInfo = await read(options.userInfo);
    return {
      ...(await read(options.metadata)),
      ...(userInfo && { userInfo }),
      ...(page !== undefined && page !== null && { pageContext: page }),
    };
  }

  function notSignedIn(error: NotSignedInError): NotSignedInError {
    onNotSignedIn?.(error);
    return error;
  }
}

async function read<Value extends object>(given: Given<Value> | undefined): Promise<Value | undefined> {
  return typeof given === 'function' ? given() : given;
}

function writeBody(request: ChatKitRequest): string {
  const input: (UserMessageInput & { metadata?: object }) | undefined = messageOf(request);
  if (!input) return JSON.stringify(request);
  const withCopy = (metadata: Record<string, unknown> | undefined): string =>
    JSON.stringify({
      ...request,
      params: { ...request.params, input: { ...input, metadata: { ...input.metadata, ...metadata } } },
    });
  const whole = withCopy(request.metadata);
  if (new TextEncoder().encode(whole).length <= MAX_BODY_BYTES) return whole;
  // Twice the text of a long page is more than fits: the copy then only says which page it is.
  return withCopy({ ...request.metadata, pageContext: withoutText(request.metadata?.pageContext) });
}

function withoutText(page: unknown): unknown {
  return typeof page === 'object' && page !== null ? { ...page, text: undefined, partial: true } : page;
}
