import type { ThreadStreamEvent } from '../../protocol/event.ts';
import type { SessionResponse } from '../../protocol/session.ts';
import { decodeSse } from '../../protocol/sse.ts';
import type { Stack } from './stack.ts';

/** A visitor of the demo site without a browser: what its pages say over HTTP. */
export interface SiteClient {
  visitorToken: string;
  sessionToken: string;
  /** Posts one ChatKit request. */
  post(request: { type: string; params: object }): Promise<Response>;
  get(path: string): Promise<Response>;
  /** Asks in a new thread; the events come as they are read. */
  ask(text: string, attachments?: string[]): Promise<AsyncIterable<ThreadStreamEvent>>;
}

/** Opens a session with the tag of the demo site's front page, as the visitor of `visitorToken` if one is given. */
export async function openSession({ chatUrl, demoUrl }: Stack, visitorToken?: string): Promise<SiteClient> {
  const html = await (await fetch(`${demoUrl}/`)).text();
  const siteToken = /data-site-token="([^"]+)"/.exec(html)?.[1] ?? '';
  const send = (path: string, token: string, body: object): Promise<Response> =>
    fetch(`${chatUrl}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, origin: demoUrl, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const response = await send(
    '/v1/session',
    siteToken,
    visitorToken === undefined ? {} : { visitor_token: visitorToken },
  );
  const { session_token, visitor_token } = (await response.json()) as SessionResponse;
  const post: SiteClient['post'] = (request) => send('/chatkit', session_token, request);
  return {
    visitorToken: visitor_token,
    sessionToken: session_token,
    post,
    get: (path) =>
      fetch(`${chatUrl}${path}`, { headers: { authorization: `Bearer ${session_token}`, origin: demoUrl } }),
    async ask(text, attachments = []) {
      const input = { content: [{ type: 'input_text', text }], attachments, inference_options: {} };
      const { body } = await post({ type: 'threads.create', params: { input } });
      if (!body) throw new Error('an answer without a body');
      return decodeSse(body);
    },
  };
}
