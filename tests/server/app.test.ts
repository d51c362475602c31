import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ThreadStreamEvent } from '../../protocol/event.ts';
import { decodeSse } from '../../protocol/sse.ts';
import { ApiError } from '../../server/errors.ts';
import type { PagewiseServerDeps } from '../../server/pagewise-server.ts';
import { ORIGIN } from './auth/make-auth.ts';
import { addMessage, answer, CREATE } from './chatkit/scripted-server.ts';
import { makeApp } from './make-app.ts';

const sayYes: PagewiseServerDeps['respond'] = async function* ({ id }, item) {
  const created_at = new Date().toISOString();
  yield { type: 'thread.item.done', item: { ...answer(id, `answer_to_${item?.id}`, 'Yes.'), created_at } };
};
let respond: PagewiseServerDeps['respond'];
let stack: Awaited<ReturnType<typeof makeApp>>;
let ask: Awaited<ReturnType<typeof stack.visitor>>;

beforeAll(async () => {
  stack = await makeApp((...args) => respond(...args));
});
beforeEach(async () => {
  respond = sayYes;
  stack.logged.length = 0;
  ask = await stack.visitor();
});
afterAll(() => stack.close());

async function eventsOf(response: Response): Promise<ThreadStreamEvent[]> {
  if (!response.body) throw new Error('no body');
  return Array.fromAsync(decodeSse(response.body));
}

async function threadOf(response: Response): Promise<string> {
  const created = (await eventsOf(response)).find(({ type }) => type === 'thread.created');
  if (created?.type !== 'thread.created') throw new Error('no thread was made');
  return created.thread.id;
}

async function expectError(response: Response, status: number, code: string): Promise<void> {
  expect(await response.json()).toEqual({ error: { code, message: expect.any(String) as string } });
  expect(response.status).toBe(status);
}

const threads = async (asking = ask) =>
  (await asking({ type: 'threads.list', params: {} })).json() as Promise<{ data: unknown[] }>;

describe('a conversation', () => {
  test('is streamed as it is made, and kept', async () => {
    const response = await ask(CREATE);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toEqual({
      'access-control-allow-origin': ORIGIN,
      'cache-control': 'no-store, no-transform',
      'content-type': 'text/event-stream; charset=utf-8',
      vary: 'Origin',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    const id = await threadOf(response);
    const again = await ask(addMessage(id));
    expect((await eventsOf(again)).map(({ type }) => type)).toEqual([
      'thread.item.done',
      'stream_options',
      'thread.item.done',
    ]);
    const thread = await (await ask({ type: 'threads.get_by_id', params: { thread_id: id } })).json();
    expect(thread).toMatchObject({ id, metadata: {}, items: { has_more: false } });
    expect((thread as { items: { data: { type: string }[] } }).items.data.map(({ type }) => type)).toEqual([
      'user_message',
      'assistant_message',
      'user_message',
      'assistant_message',
    ]);
  });

  test('is nothing to another visitor, byte for byte as one that is not there', async () => {
    const id = await threadOf(await ask(CREATE));
    const stranger = await stack.visitor();
    const get = (thread_id: string) => stranger({ type: 'threads.get_by_id', params: { thread_id } });
    const [foreign, missing] = [await get(id), await get('thr_00000000000000000000000000000000')];
    expect(foreign.status).toBe(404);
    expect(await foreign.text()).toBe(await missing.text());
    expect(await threads(stranger)).toEqual({ data: [], has_more: false });
  });

  test('gets the page context of this very request', async () => {
    let seen: unknown;
    respond = (thread, item, context) => {
      seen = context.metadata;
      return sayYes(thread, item, context);
    };
    await eventsOf(await ask({ ...CREATE, metadata: { pageContext: { url: 'https://docs.example.com/a' } } }));
    expect(seen).toEqual({ pageContext: { url: 'https://docs.example.com/a' } });
  });

  test('that its reader leaves keeps what was said', async () => {
    const reached = Promise.withResolvers<void>();
    respond = async function* ({ id }) {
      yield { type: 'thread.item.added', item: answer(id, 'msg_cut', 'Half an answer') };
      reached.resolve();
      await new Promise(() => {});
    };
    const response = await ask(CREATE);
    await reached.promise;
    await response.body?.cancel();
    const { data } = (await threads()) as { data: { id: string }[] };
    const items = { type: 'items.list', params: { thread_id: data[0]?.id } };
    await vi.waitFor(async () => expect(await (await ask(items)).text()).toContain('Half an answer'));
  });

  test('whose answer fails says so without the cause, which is logged', async () => {
    respond = () => {
      throw new Error('db password=1');
    };
    const events = await eventsOf(await ask(CREATE));
    expect(events.at(-1)).toEqual({ type: 'error', code: 'stream.error', allow_retry: true });
    expect(stack.logged).toEqual([{ fields: { err: new Error('db password=1') }, message: 'an answer failed' }]);
  });
});

const long = (chars: number) => ({
  ...CREATE,
  params: { input: { ...CREATE.params.input, content: [{ type: 'input_text', text: 'x'.repeat(chars) }] } },
});

const withAttachments = (...attachments: string[]) => ({
  ...CREATE,
  params: { input: { ...CREATE.params.input, attachments } },
});
const toolOutput = (kilobytes: number) => ({
  type: 'threads.add_client_tool_output',
  params: { thread_id: 'thr_nope', result: 'x'.repeat(kilobytes * 1024) },
});
const recording = (chars: number) => ({
  type: 'input.transcribe',
  params: { audio_base64: 'A'.repeat(chars), mime_type: 'audio/webm' },
});

const nested = (levels: number) => `{"type":"threads.list","params":{},"x":${'['.repeat(levels)}${']'.repeat(levels)}}`;

describe('a refusal', () => {
  test.each<[string, unknown, number, string]>([
    ['broken JSON', '{"type":', 400, 'invalid_json'],
    ['no body', '', 400, 'invalid_json'],
    ['bytes that are not UTF-8', new Blob([new Uint8Array([0x22, 0xff, 0x22])]), 400, 'invalid_json'],
    ['a shape that is wrong', { type: 'threads.list' }, 400, 'invalid_request'],
    ['33 levels', nested(32), 400, 'invalid_request'],
    ['100,000 brackets', nested(30_000), 400, 'invalid_request'],
    ['NUL', '{"type":"threads.get_by_id","params":{"thread_id":"a\\u0000"}}', 400, 'invalid_request'],
    ['half a surrogate pair', '{"type":"threads.get_by_id","params":{"thread_id":"\\ud83d"}}', 400, 'invalid_request'],
    ['an unknown type', { type: 'threads.explode', params: {} }, 400, 'unknown_request_type'],
    ['8,001 characters', long(8_001), 400, 'message_too_long'],
    ['an unknown thread', addMessage('thr_nope'), 404, 'not_found'],
    ['a recording', { type: 'input.transcribe', params: { audio_base64: '', mime_type: '' } }, 400, 'not_configured'],
    ['an unknown attachment', withAttachments('atc_nope'), 404, 'not_found'],
    ['six attachments', withAttachments('1', '2', '3', '4', '5', '6'), 400, 'invalid_request'],
    ['65 KB', JSON.stringify(long(65 * 1024)), 413, 'body_too_large'],
    ['a title of 1 MB', { type: 'threads.update', params: { title: 'x'.repeat(2 ** 20) } }, 413, 'body_too_large'],
    ['321 KB of tool output', toolOutput(321), 413, 'body_too_large'],
    ['tool output whose type comes late', `{"params":${'{"x":"y"},'.repeat(7_000)}`, 413, 'body_too_large'],
    ['14 MB of sound', recording(14 * 2 ** 20), 413, 'body_too_large'],
  ])('of %s has its code, can be read by the page, and stores nothing', async (_, body, status, code) => {
    const response = await ask(body);
    expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(response.headers.get('cache-control')).toBe('no-store');
    await expectError(response, status, code);
    expect(await threads()).toEqual({ data: [], has_more: false });
  });

  test('does not come for what is just small enough', async () => {
    expect((await ask(nested(31))).status).toBe(200);
    expect((await ask(long(8_000))).status).toBe(200);
    await expectError(await ask(toolOutput(256)), 404, 'not_found');
    await expectError(await ask(recording(13 * 2 ** 20)), 400, 'not_configured');
  });

  test('of a body without a length comes while it is read', async () => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(16 * 1024));
      },
    });
    const init = {
      method: 'POST',
      headers: { origin: ORIGIN, authorization: `Bearer ${stack.siteToken}` },
      body,
      duplex: 'half',
    };
    await expectError(await stack.app.request('/v1/session', init), 413, 'body_too_large');
    expect(sent).toBeLessThan(10);
  });

  test('of a missing, a wrong and a foreign token', async () => {
    await expectError(await stack.post('/chatkit', undefined, CREATE), 401, 'session_token_missing');
    await expectError(await stack.post('/v1/session', undefined, {}), 401, 'site_token_missing');
    await expectError(await stack.post('/chatkit', 'nonsense', CREATE), 401, 'token_invalid');
    await expectError(await stack.post('/chatkit', stack.siteToken, CREATE), 401, 'token_invalid');
  });

  test('of another origin does not let that origin read it', async () => {
    const response = await ask(CREATE, { origin: 'https://evil.example' });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(response.headers.get('vary')).toBe('Origin');
    expect(response.status).toBe(403);
  });

  test('of a session request that is no such', async () => {
    await expectError(await stack.post('/v1/session', stack.siteToken, { visitor_token: 1 }), 400, 'invalid_request');
  });
});

const preflight = (path: string, origin: string) =>
  Promise.resolve(
    stack.app.request(path, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } }),
  );

describe('a preflight', () => {
  test.each([
    ['/chatkit', 'POST'],
    ['/v1/session', 'POST, DELETE'],
  ])('of %s lets a known origin send what a widget sends', async (path, methods) => {
    const response = await preflight(path, ORIGIN);
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': methods,
      'access-control-allow-headers': 'authorization, content-type, accept-language, chatkit-frame-instance-id',
      'access-control-max-age': '600',
      vary: 'Origin',
    });
    expect(response.headers.has('access-control-allow-credentials')).toBe(false);
  });

  test.each(['https://evil.example', 'null', `${ORIGIN}.evil.example`, ORIGIN.replace('https', 'http')])(
    'from %s gets nothing',
    async (origin) => {
      const response = await preflight('/chatkit', origin);
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      await expectError(response, 403, 'origin_not_allowed');
    },
  );
});

describe('the server itself', () => {
  test('says that it lives and is ready', async () => {
    expect(await (await stack.app.request('/healthz')).json()).toEqual({ status: 'ok' });
    expect(await (await stack.app.request('/readyz')).json()).toEqual({ status: 'ready' });
  });

  test('acknowledges nothing it cannot store, and recovers', async () => {
    stack.disk.failure = new ApiError('storage_unavailable', 'the disk is full');
    await expectError(await ask(CREATE), 503, 'storage_unavailable');
    await expectError(await stack.app.request('/readyz'), 503, 'storage_unavailable');
    expect((await stack.app.request('/healthz')).status).toBe(200);
    expect(await threads()).toEqual({ data: [], has_more: false });
    delete stack.disk.failure;
    expect((await ask(CREATE)).status).toBe(200);
    expect((await stack.app.request('/readyz')).status).toBe(200);
  });

  test('masks a fault of its own, and logs it', async () => {
    stack.disk.failure = new Error('/var/lib/secret.db: broken');
    const response = await ask(CREATE);
    delete stack.disk.failure;
    expect(await response.clone().text()).not.toContain('secret');
    await expectError(response, 500, 'internal');
    expect(stack.logged.map(({ fields }) => fields.err)).toEqual([new Error('/var/lib/secret.db: broken')]);
  });

  test('answers unknown paths and methods as JSON', async () => {
    await expectError(await stack.app.request('/nothing'), 404, 'not_found');
    const response = await stack.app.request('/chatkit');
    expect(response.headers.get('allow')).toBe('POST, OPTIONS');
    await expectError(response, 405, 'method_not_allowed');
  });
});

describe('ending', () => {
  test('waits for the open turn, starts no new one, and is not ready any more', async () => {
    const other = await makeApp((...args) => respond(...args));
    try {
      const gate = Promise.withResolvers<void>();
      respond = async function* ({ id }) {
        await gate.promise;
        yield { type: 'thread.item.done', item: answer(id, 'msg_last', 'Done.') };
      };
      const visitor = await other.visitor();
      const open = await visitor(CREATE);
      const drained = other.turns.drain(60_000);
      await expectError(await visitor(CREATE), 503, 'not_ready');
      await expectError(await other.app.request('/readyz'), 503, 'not_ready');
      gate.resolve();
      expect(await drained).toBe(0);
      expect((await eventsOf(open)).at(-1)).toMatchObject({ type: 'thread.item.done', item: { id: 'msg_last' } });
    } finally {
      await other.close();
    }
  });

  test('cuts what takes too long, and tells its reader', async () => {
    const other = await makeApp((...args) => respond(...args));
    try {
      respond = async function* () {
        yield { type: 'progress_update', text: '…' };
        await new Promise(() => {});
      };
      const open = await (await other.visitor())(CREATE);
      expect(await other.turns.drain(0)).toBe(1);
      expect((await eventsOf(open)).at(-1)).toEqual({ type: 'error', code: 'stream.error', allow_retry: true });
    } finally {
      await other.close();
    }
  });
});
