import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { PageContext } from '../../../protocol/page-context.ts';
import { createChatFetch } from '../../../widget/panel/chat-fetch.ts';

const URL = 'https://chat.example/chatkit';
const PAGE = { url: 'https://docs.example/', title: 'Docs', text: 'Words.' } as PageContext;

let sent: RequestInit[];
let responses: Response[];
let missing: string[];
let questions: (string | undefined)[];
let page: PageContext | undefined;

beforeEach(() => {
  [sent, responses, missing, questions, page] = [[], [], [], [], PAGE];
  vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
    sent.push(init);
    return responses.shift() ?? Response.json({});
  });
});
afterEach(() => vi.unstubAllGlobals());

const chatFetch = createChatFetch({
  session: {
    token: async () => 'first',
    renew: async (refused) => `after-${refused}`,
  },
  async readPage(question) {
    questions.push(question);
    return page;
  },
  readContext: () => (page ? { plan: 'pro' } : undefined),
  onThreadMissing: (threadId) => missing.push(threadId),
});

const post = (body: unknown) =>
  chatFetch(URL, { method: 'POST', headers: { 'Accept-Language': 'de' }, body: JSON.stringify(body) });
const bodyOf = (index: number): unknown => JSON.parse(sent[index]?.body as string);
const input = { content: [{ type: 'input_text', text: 'How much?' }], attachments: [], inference_options: {} };

test.each([
  'threads.create',
  'threads.add_user_message',
  'threads.retry_after_item',
  'threads.add_client_tool_output',
  'threads.add_structured_input',
  'threads.custom_action',
])('%s carries the page as metadata', async (type) => {
  const params = { input, thread_id: 'thr_1' };
  await post({ type, params, metadata: { own: 1 } });
  const metadata = { own: 1, pageContext: PAGE, clientTools: ['show_passage'], context: { plan: 'pro' } };
  expect(bodyOf(0)).toEqual({ type, params, metadata });
});

test.each(['threads.list', 'threads.get_by_id', 'items.feedback', 'threads.sync_custom_action'])(
  '%s carries nothing of the page',
  async (type) => {
    await post({ type, params: { thread_id: 'thr_1' } });
    expect(bodyOf(0)).toEqual({ type, params: { thread_id: 'thr_1' } });
    expect(questions).toEqual([]);
  },
);

test('the page is read with the question of this message and what it quotes, at every send', async () => {
  await post({ type: 'threads.create', params: { input } });
  await post({ type: 'threads.add_user_message', params: { thread_id: 'thr_1', input } });
  await post({ type: 'threads.add_client_tool_output', params: { thread_id: 'thr_1', result: {} } });
  const quoting = { ...input, quoted_text: '€39 a month' };
  await post({ type: 'threads.create', params: { input: quoting } });
  expect(questions).toEqual(['How much?', 'How much?', undefined, 'How much? €39 a month']);
});

test.each([
  ['a page that was sent whole can be shown', PAGE, ['show_passage']],
  ['one of which there is more can be read on', { ...PAGE, partial: true as const }, ['show_passage', 'read_page']],
  ['one whose text may not be told, neither', { ...PAGE, text: undefined } as unknown as PageContext, []],
])('%s', async (_, given, clientTools) => {
  page = given;
  await post({ type: 'threads.create', params: { input } });
  expect(bodyOf(0)).toHaveProperty('metadata.clientTools', clientTools);
});

test('a page that was taken off is not sent', async () => {
  page = undefined;
  await post({ type: 'threads.create', params: { input } });
  expect(bodyOf(0)).toHaveProperty('metadata', {});
});

test('headers of the element stay, the session token is added, cookies are not', async () => {
  await post({ type: 'threads.list', params: {} });
  const headers = new Headers(sent[0]?.headers);
  expect(headers.get('accept-language')).toBe('de');
  expect(headers.get('authorization')).toBe('Bearer first');
  expect(sent[0]).toMatchObject({ credentials: 'omit', redirect: 'error' });
});

test.each(['token_expired', 'token_invalid', 'origin_mismatch', 'user_token_required'])(
  'a 401 %s is mended once, silently',
  async (code) => {
    responses = [Response.json({ error: { code, message: '' } }, { status: 401 })];
    const response = await post({ type: 'threads.create', params: { input } });
    expect(response.status).toBe(200);
    expect(sent.map(({ headers }) => (headers as Record<string, string>).authorization)).toEqual([
      'Bearer first',
      'Bearer after-first',
    ]);
    expect(sent[1]?.body).toBe(sent[0]?.body);
  },
);

test('a second 401 is the answer', async () => {
  responses = [0, 1].map(() => Response.json({ error: { code: 'token_expired', message: '' } }, { status: 401 }));
  expect((await post({ type: 'threads.list', params: {} })).status).toBe(401);
  expect(sent).toHaveLength(2);
});

test('other errors are not repeated and can still be read', async () => {
  responses = [Response.json({ error: { code: 'storage_unavailable', message: 'full' } }, { status: 503 })];
  const response = await post({ type: 'threads.create', params: { input } });
  expect(await response.json()).toEqual({ error: { code: 'storage_unavailable', message: 'full' } });
  expect(sent).toHaveLength(1);
});

test('a thread that is gone is reported', async () => {
  responses = [Response.json({ error: { code: 'not_found', message: '' } }, { status: 404 })];
  await post({ type: 'threads.get_by_id', params: { thread_id: 'thr_1' } });
  expect(missing).toEqual(['thr_1']);
});

test('a body that is no JSON passes as it is', async () => {
  const form = new FormData();
  await chatFetch(URL, { method: 'POST', body: form });
  expect(sent[0]?.body).toBe(form);
});
