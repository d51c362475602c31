import type { ErrorBody, ErrorCode } from '../../protocol/error.ts';
import type { PageContext } from '../../protocol/page-context.ts';
import type { PageTool } from '../../protocol/page-tools.ts';
import { addMetadata, parseRequest } from '../client/chat-request.ts';
import type { Session } from './session.ts';

export interface ChatFetchOptions {
  session: Pick<Session, 'token' | 'renew'>;
  /** The page as it is now, or `undefined` if nothing of it may be told. `question`: the visitor's words in this request. */
  readPage: (question: string | undefined) => Promise<PageContext | undefined>;
  /** What the host page added with `setContext`. */
  readContext: () => Record<string, unknown> | undefined;
  /** A thread that the element asked for is gone, or was never this visitor's. */
  onThreadMissing: (threadId: string) => void;
}

/** Refusals that a new session can mend. */
const MENDABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'token_expired',
  'token_invalid',
  'session_token_missing',
  'origin_mismatch',
  'user_token_required',
]);

/** The `fetch` of the chat element: adds the session token and, where an answer is asked for, what the page says now. */
export function createChatFetch({ session, readPage, readContext, onThreadMissing }: ChatFetchOptions): typeof fetch {
  return async (input, init) => {
    const request = parseRequest(init?.body);
    const body = request ? JSON.stringify(await addMetadata(request, readMetadata)) : init?.body;
    const send = (token: string): Promise<Response> => {
      const headers = new Headers(init?.headers);
      headers.set('authorization', `Bearer ${token}`);
      return fetch(input, {
        ...init,
        ...(body === undefined ? {} : { body }),
        // A plain object: host pages wrap `fetch` and spread the headers.
        headers: Object.fromEntries(headers),
        credentials: 'omit',
        redirect: 'error',
        referrerPolicy: 'strict-origin',
      });
    };
    const token = await session.token();
    let response = await send(token);
    // A refused token was refused before anything was stored, so the same request may go out once more.
    if (response.status === 401 && (await isMendable(response))) response = await send(await session.renew(token));
    if (response.status === 404 && request?.type === 'threads.get_by_id') onThreadMissing(request.params.thread_id);
    return response;
  };

  async function readMetadata(question: string | undefined): Promise<Record<string, unknown>> {
    const pageContext = await readPage(question);
    const context = readContext();
    return {
      ...(pageContext && { pageContext, clientTools: toolsFor(pageContext) }),
      ...(context && { context }),
    };
  }
}

/** Of a page that was sent whole there is no more to read, and where no text may be sent nothing is shown. */
function toolsFor({ text, partial }: PageContext): PageTool[] {
  if (text === undefined) return [];
  return partial ? ['show_passage', 'read_page'] : ['show_passage'];
}

async function isMendable(response: Response): Promise<boolean> {
  const answer = (await response
    .clone()
    .json()
    .catch(() => ({}))) as Partial<ErrorBody> | null;
  return answer?.error !== undefined && MENDABLE.has(answer.error.code);
}
