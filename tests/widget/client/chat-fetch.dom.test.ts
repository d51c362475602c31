import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ChatFetchOptions, createChatFetch } from '../../../widget/client/chat-fetch.ts';
import { NotSignedInError } from '../../../widget/client/not-signed-in-error.ts';

const CHAT = 'https://chat.example/chatkit';

let sent: (RequestInit & { headers: Record<string, string> })[];
let answer: () => Response;

beforeEach(() => {
  [sent, answer] = [[], () => Response.json({})];
  vi.stubGlobal('fetch', async (_url: string, init: RequestInit & { headers: Record<string, string> }) => {
    sent.push(init);
    return answer();
  });
  document.title = 'Prices';
  document.body.innerHTML = '<article><h1>Prices</h1><p>The lamp costs 30 francs.</p></article>';
});
afterEach(() => vi.unstubAllGlobals());

const input = { content: [{ type: 'input_text', text: 'How much?' }], attachments: [], inference_options: {} };
const CREATE = { type: 'threads.create', params: { input } };

const post = (options: ChatFetchOptions, body: unknown = CREATE) =>
  createChatFetch(options)(CHAT, {
    method: 'POST',
    headers: { 'Accept-Language': 'de' },
    body: typeof body === 'string' || body instanceof FormData ? body : JSON.stringify(body),
  });
const bodyOf = (index = 0) => JSON.parse(sent[index]?.body as string) as Record<string, unknown>;

test('the token is asked for at every request and goes as Bearer', async () => {
  const tokens = ['first', 'second'];
  const chatFetch = createChatFetch({ token: async () => tokens.shift() });
  for (const _ of [0, 1]) await chatFetch(CHAT, { method: 'POST', body: '{"type":"threads.list","params":{}}' });
  expect(sent.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
  expect(sent[0]).toMatchObject({ redirect: 'error' });
});

test.each([
  ['an object', { 'X-Team': 'blue' }],
  ['a function', async () => ({ 'X-Team': 'blue' })],
])('headers from %s stand beside those of the element', async (_, headers) => {
  await post({ headers });
  expect(sent[0]?.headers).toEqual({ 'Accept-Language': 'de', 'X-Team': 'blue' });
});

test('page, user and metadata go along at both places, and what was there stays', async () => {
  const own = { type: 'threads.create', params: { input: { ...input, metadata: { draft: 1 } } }, metadata: { own: 2 } };
  await post({ userInfo: { plan: 'pro' }, metadata: async () => ({ tenant: 't1' }) }, own);
  const { metadata, params } = bodyOf() as {
    metadata: Record<string, unknown>;
    params: { input: { metadata: object } };
  };
  expect(metadata).toMatchObject({
    own: 2,
    tenant: 't1',
    userInfo: { plan: 'pro' },
    pageContext: { title: 'Prices', headings: ['Prices'], text: expect.stringContaining('30 francs') as string },
  });
  expect(params.input).toEqual({ ...input, metadata: { draft: 1, ...metadata } });
});

test.each(['threads.list', 'threads.get_by_id', 'items.feedback', 'attachments.create'])(
  '%s is left as it is',
  async (type) => {
    const userInfo = vi.fn(() => ({ plan: 'pro' }));
    await post({ userInfo }, { type, params: { thread_id: 'thr_1' } });
    expect(bodyOf()).toEqual({ type, params: { thread_id: 'thr_1' } });
    expect(userInfo).not.toHaveBeenCalled();
  },
);

test.each(['threads.retry_after_item', 'threads.add_client_tool_output', 'threads.custom_action'])(
  '%s has no message, and carries the page on top alone',
  async (type) => {
    await post({}, { type, params: { thread_id: 'thr_1' } });
    expect(bodyOf()).toMatchObject({ params: { thread_id: 'thr_1' }, metadata: { pageContext: { title: 'Prices' } } });
    expect(bodyOf().params).toEqual({ thread_id: 'thr_1' });
  },
);

test.each([
  ['off', undefined],
  ['basic', { title: 'Prices' }],
  [() => undefined, undefined],
  [(question?: string) => ({ asked: question }), { asked: 'How much?' }],
] as const)('of the page goes what %s says', async (pageContext, expected) => {
  await post({ pageContext });
  const { metadata } = bodyOf() as { metadata: { pageContext?: { text?: string } } };
  if (expected) expect(metadata.pageContext).toMatchObject(expected);
  else expect(metadata).toEqual({});
  expect(metadata.pageContext?.text).toBeUndefined();
});

test.each([undefined, null, {}, { input: null }, { input: 'Hello' }, { input: { content: 'Hello' } }, []])(
  'a message of another form, %j, stays as it is beside its metadata',
  async (params) => {
    await post({ pageContext: (question) => ({ question }) }, { type: 'threads.create', params });
    const expected = params === undefined ? {} : { params };
    expect(bodyOf()).toEqual({ type: 'threads.create', ...expected, metadata: { pageContext: {} } });
  },
);

test.each(['null', '[]', '"text"', '{"type":7}', '{', ''])('a body of %s is no request, and passes', async (body) => {
  await post({}, body);
  expect(sent[0]?.body).toBe(body);
});

test('keys that change objects stay what they are: words in a body', async () => {
  await post({ pageContext: 'off' }, '{"type":"threads.create","__proto__":{"x":1},"metadata":{"__proto__":{"x":2}}}');
  expect(({} as { x?: number }).x).toBeUndefined();
  expect(sent[0]?.body).toBe('{"type":"threads.create","__proto__":{"x":1},"metadata":{"__proto__":{"x":2}}}');
});

test('twice the text of a long page fits no body: the copy does without it', async () => {
  const text = 'ü'.repeat(20_000);
  await post({ pageContext: () => ({ title: 'Long', text }) });
  const { metadata, params } = bodyOf() as { metadata: object; params: { input: { metadata: object } } };
  expect(metadata).toEqual({ pageContext: { title: 'Long', text } });
  expect(params.input.metadata).toEqual({ pageContext: { title: 'Long', partial: true } });
  expect(new TextEncoder().encode(sent[0]?.body as string).length).toBeLessThan(64 * 1024);
});

test('uploads and other bodies pass as they are, with the token', async () => {
  const form = new FormData();
  await post({ token: () => 'user' }, form);
  await post({ token: () => 'user' }, 'no json');
  expect(sent.map(({ body }) => body)).toEqual([form, 'no json']);
  expect(sent.map(({ headers }) => headers.authorization)).toEqual(['Bearer user', 'Bearer user']);
});

test.each([undefined, null, ''])('a token of %j is nobody signed in: nothing is sent', async (token) => {
  const told: NotSignedInError[] = [];
  const refused: unknown = await post({ token: () => token, onNotSignedIn: (error) => told.push(error) }).catch(
    (e: unknown) => e,
  );
  expect(refused).toBeInstanceOf(NotSignedInError);
  expect(refused).toMatchObject({ name: 'NotSignedInError', code: 'user_token_required', status: 401 });
  expect(told).toEqual([refused]);
  expect(sent).toEqual([]);
});

test.each([
  [
    {
      error: {
        code: 'user_token_required',
        message: 'sign in',
        sign_in: { site: 'Shop', url: 'https://shop.example/login' },
      },
    },
    { code: 'user_token_required', message: 'sign in', signInUrl: 'https://shop.example/login' },
  ],
  [{ error: { code: 'token_expired', message: 'over' } }, { code: 'token_expired', message: 'over' }],
  [{ detail: 'Not authenticated' }, { code: 'user_token_required' }],
  [null, { code: 'user_token_required' }],
])('a 401 of %j says that nobody is signed in', async (body, expected) => {
  answer = () => Response.json(body, { status: 401 });
  const refused: unknown = await post({}).catch((e: unknown) => e);
  expect(refused).toBeInstanceOf(NotSignedInError);
  expect(refused).toMatchObject(expected);
});

test.each(['origin_mismatch', 'site_token_missing', 'token_lifetime_too_long'])(
  'a 401 %s is no matter of the user, and stays an answer',
  async (code) => {
    answer = () => Response.json({ error: { code, message: '' } }, { status: 401 });
    const response = await post({});
    expect(await response.json()).toEqual({ error: { code, message: '' } });
  },
);

test('an option that fails fails the request, and nothing is sent without it', async () => {
  await expect(post({ headers: () => Promise.reject(new Error('no session')) })).rejects.toThrow('no session');
  expect(sent).toEqual([]);
});
