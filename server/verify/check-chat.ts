import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { ErrorCode } from '../../protocol/error.ts';
import type { ThreadItem } from '../../protocol/item.ts';
import type { ChatKitRequest } from '../../protocol/request.ts';
import type { SessionResponse } from '../../protocol/session.ts';
import { decodeSse } from '../../protocol/sse.ts';
import type { Thread } from '../../protocol/thread.ts';
import { call, errorCodeOf } from './call.ts';
import { Fault } from './finding.ts';

/** Milliseconds: what the server gives a model, and a little. */
const ANSWER_MS = 6 * 60_000;
/** Milliseconds. An answer that took this long and came in one piece was collected on the way. */
const NOTICEABLE_MS = 500;
const AT_ONCE_MS = 20;

export interface Target {
  /** Without a slash at the end. */
  url: string;
  siteToken: string;
  /** Of the page that is asked about: one that the site lets in. */
  origin: string;
}

/** The site asks its visitors to sign in first, so a stranger cannot try the chat. */
export class SignInRequired extends Error {
  override readonly name = 'SignInRequired';
}

const REFUSALS: Partial<Record<ErrorCode, [string, string]>> = {
  site_token_missing: [
    'the site token did not arrive',
    'Let the proxy pass the `Authorization` header on to the server.',
  ],
  token_invalid: [
    'the site token counts no more here',
    'It was revoked, its site is gone or suspended, or PUBLIC_URL or KEY_SECRET is another one than when it was made. Print a new tag: `npm run site -- token ID`.',
  ],
  token_expired: ['the site token has expired', 'Print a new tag: `npm run site -- token ID`.'],
  storage_unavailable: ['nothing can be stored', 'Look after DATABASE_URL.'],
};

/** A session as a page of the site opens it. Throws `SignInRequired` where strangers get none. */
export async function openSession({ url, siteToken, origin }: Target, visitorToken?: string): Promise<SessionResponse> {
  const response = await post(`${url}/v1/session`, siteToken, origin, {
    ...(visitorToken !== undefined && { visitor_token: visitorToken }),
  });
  if (response.headers.get('access-control-allow-origin') !== origin && response.status !== 403)
    throw new Fault(
      'the answer to POST /v1/session comes without access-control-allow-origin: no page could read it',
      'Let the proxy leave the headers of the server as they are.',
    );
  if (response.ok) return (await response.json()) as SessionResponse;
  const code = await errorCodeOf(response);
  if (code === 'user_token_required') throw new SignInRequired();
  if (code === 'origin_not_allowed')
    throw new Fault(
      `the site token does not let ${origin} in`,
      'Add the origin to the site (`npm run site -- set ID origins="…"`), then print a new tag: `npm run site -- token ID`.',
    );
  const [what, advice] = (code && REFUSALS[code]) ?? [
    `POST /v1/session answers ${response.status} ${code ?? ''}`.trim(),
    'Let the proxy pass /v1/ on to the server.',
  ];
  throw new Fault(what, advice);
}

/** One chat, from the question to what a later visit finds. Its visitor and its thread are gone afterwards. */
export interface Chat {
  /** Asks about a page that only says a code; tells how long the answer took. */
  answer: () => Promise<string>;
  /** Comes back as the same visitor, then as another one. */
  remember: () => Promise<string>;
  end: () => Promise<void>;
}

export function openChat(target: Target, session: SessionResponse): Chat {
  const code = randomBytes(4).toString('hex');
  const sessions = [session];
  let threadId: string | undefined;
  const ask = (by: SessionResponse, request: ChatKitRequest, signal?: AbortSignal) =>
    post(`${target.url}/chatkit`, by.session_token, target.origin, request, signal);
  const readThread = async (by: SessionResponse, id: string): Promise<Thread | undefined> => {
    const response = await ask(by, { type: 'threads.get_by_id', params: { thread_id: id } });
    return response.ok ? ((await response.json()) as Thread) : undefined;
  };

  return {
    async answer() {
      const started = performance.now();
      const response = await ask(session, questionAbout(code, target.origin), AbortSignal.timeout(ANSWER_MS));
      if (!response.ok || !response.body)
        throw new Fault(
          `POST /chatkit answers ${response.status} ${(await errorCodeOf(response)) ?? ''}`.trim(),
          'Let the proxy pass /chatkit on to the server, with the `Authorization` and `Origin` headers.',
        );
      if (!response.headers.get('content-type')?.startsWith('text/event-stream'))
        throw new Fault(
          `the answer comes as ${response.headers.get('content-type')}`,
          'Let the proxy leave the headers of the server as they are.',
        );
      let first: number | undefined;
      let text = '';
      for await (const event of decodeSse(response.body)) {
        first ??= performance.now() - started;
        if (event.type === 'thread.created') threadId = event.thread.id;
        if (event.type === 'thread.item.done') text += textOf(event.item);
        if (event.type === 'error')
          throw new Fault(
            event.message ?? `the answer failed (${event.code})`,
            'The checks of the model below, and the log of the server, say more.',
          );
      }
      const whole = performance.now() - started;
      if (first === undefined || text.trim() === '')
        throw new Fault('no answer came', 'The log of the server says why.');
      if (first > NOTICEABLE_MS && whole - first < AT_ONCE_MS)
        throw new Fault(
          `the answer came in one piece after ${seconds(whole)}`,
          'A proxy collects the stream: turn its buffering and compression of /chatkit off (nginx: `proxy_buffering off`).',
        );
      if (session.site.page_context === 'page' && !text.includes(code))
        throw new Fault(
          'the answer does not say what the page says',
          'A model that reads better may help: set MODEL. The site’s `instructions` may forbid it, too.',
        );
      return `begun after ${seconds(first)}, whole after ${seconds(whole)}`;
    },

    async remember() {
      if (threadId === undefined) throw new Fault('no thread was made', 'Mend the answer first.');
      const again = await openSession(target, session.visitor_token);
      sessions[0] = again;
      const forgotten = new Fault(
        'a later visit does not find the chat again',
        'Do all servers behind this address have the same DATABASE_URL and KEY_SECRET? Is DATA_DIR kept across restarts?',
      );
      // The end of a turn is stored when its stream has ended: a moment for a database far away.
      const find = async () => (await readThread(again, threadId ?? ''))?.items.data.map(({ type }) => type) ?? [];
      let types = await find();
      for (let tries = 0; tries < 5 && !types.includes('assistant_message'); tries += 1) {
        await wait(200);
        types = await find();
      }
      if (!types.includes('user_message') || !types.includes('assistant_message')) throw forgotten;
      const stranger = await openSession(target);
      sessions.push(stranger);
      if (await readThread(stranger, threadId))
        throw new Fault(
          'another visitor can read the chat',
          'Something in between caches answers: they say `no-store`.',
        );
      return 'a later visit finds the question and the answer, another visitor does not';
    },

    async end() {
      const [own] = sessions;
      if (own && threadId !== undefined)
        await ask(own, { type: 'threads.delete', params: { thread_id: threadId } }).catch(() => undefined);
      for (const { session_token } of sessions)
        await call(`${target.url}/v1/session`, {
          method: 'DELETE',
          headers: { authorization: `Bearer ${session_token}`, origin: target.origin },
        }).catch(() => undefined);
    },
  };
}

function post(url: string, token: string, origin: string, body: object, signal?: AbortSignal): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, origin, 'content-type': 'application/json' };
  return call(url, { method: 'POST', headers, body: JSON.stringify(body), ...(signal && { signal }) });
}

function questionAbout(code: string, origin: string): ChatKitRequest {
  const text = `# Opening hours\n\nThe office opens at nine.\n\n# Verification code\n\nThe verification code of this page is ${code}.`;
  return {
    type: 'threads.create',
    params: {
      input: {
        content: [{ type: 'input_text', text: 'What is the verification code of this page?' }],
        attachments: [],
        inference_options: {},
      },
    },
    metadata: {
      pageContext: {
        url: `${origin}/pagewise-verify`,
        path: '/pagewise-verify',
        title: 'Verification',
        description: '',
        headings: ['Opening hours', 'Verification code'],
        lang: 'en',
        text,
        timestamp: new Date().toISOString(),
      },
    },
  };
}

function textOf(item: ThreadItem): string {
  return item.type === 'assistant_message' ? item.content.map(({ text }) => text).join('') : '';
}

function seconds(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
