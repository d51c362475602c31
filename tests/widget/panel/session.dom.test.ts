import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSession } from '../../../widget/panel/session.ts';
import { openSiteMemory } from '../../../widget/panel/site-memory.ts';

const SITE_TOKEN = `e30.${btoa('{"sub":"site_1"}')}.c2ln`;
const VISITOR_KEY = 'pagewise:site_1:visitor';
const SITE = { id: 'site_1', name: 'Docs', prompts: [], theme: 'auto', page_context: 'page' };

let requests: { url: string; init: RequestInit }[];
let respond: (count: number) => Response;
let clock = 0;

beforeEach(() => {
  localStorage.clear();
  requests = [];
  clock = 1_000_000;
  respond = (count) =>
    Response.json({ session_token: `session-${count}`, expires_in: 900, visitor_token: 'visitor-1234', site: SITE });
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    requests.push({ url, init });
    return respond(requests.length);
  });
});
afterEach(() => vi.unstubAllGlobals());

function session(siteToken = SITE_TOKEN) {
  const memory = openSiteMemory(siteToken);
  return { memory, ...createSession({ server: 'https://chat.example/', siteToken, memory, now: () => clock }) };
}

test('a session is asked for with the site token, without cookies, and the visitor token is kept', async () => {
  expect(await session().token()).toBe('session-1');
  const { url, init } = requests[0] ?? { url: '', init: {} };
  expect(url).toBe('https://chat.example/v1/session');
  expect(init).toMatchObject({ method: 'POST', body: '{}', credentials: 'omit', redirect: 'error' });
  expect(init.headers).toEqual({ authorization: `Bearer ${SITE_TOKEN}`, 'content-type': 'application/json' });
  expect(localStorage.getItem(VISITOR_KEY)).toBe('visitor-1234');
  expect(JSON.stringify(localStorage)).not.toContain('session-1');
});

test('the visitor of this browser comes back', async () => {
  localStorage.setItem(VISITOR_KEY, 'visitor-1234');
  localStorage.setItem('pagewise:site_1:thread', 'thr_12345678');
  const { token, memory } = session();
  await token();
  expect(requests[0]?.init.body).toBe('{"visitor_token":"visitor-1234"}');
  expect(memory.threadId.get()).toBe('thr_12345678');
});

test.each(['', 'short', '{"edited":true}', 'x'.repeat(10_000), 'with\nnewline-in-it'])(
  'a corrupt visitor token (%#) is not sent',
  async (value) => {
    localStorage.setItem(VISITOR_KEY, value);
    await session().token();
    expect(requests[0]?.init.body).toBe('{}');
  },
);

test('another visitor does not get the thread of the last one', async () => {
  localStorage.setItem(VISITOR_KEY, 'visitor-of-before');
  localStorage.setItem('pagewise:site_1:thread', 'thr_12345678');
  const { token, memory } = session();
  await token();
  expect(memory.threadId.get()).toBeUndefined();
});

test('however many ask at once, one session is made', async () => {
  const { token, site } = session();
  await Promise.all([token(), token(), site(), token()]);
  expect(requests).toHaveLength(1);
});

test('it is renewed shortly before its end', async () => {
  const { token } = session();
  await token();
  clock += 869_000;
  expect(await token()).toBe('session-1');
  clock += 2_000;
  expect(await token()).toBe('session-2');
});

test('a refused token is renewed once, however many were refused', async () => {
  const { token, renew } = session();
  const refused = await token();
  expect(await Promise.all([renew(refused), renew(refused)])).toEqual(['session-2', 'session-2']);
  expect(await renew(refused)).toBe('session-2');
  expect(requests).toHaveLength(2);
});

test('without a site token nothing is sent', async () => {
  await expect(session('').token()).rejects.toMatchObject({ code: 'site_token_missing' });
  expect(requests).toEqual([]);
});

test('a refusal has its code, a broken line another, and the next call tries again', async () => {
  respond = () => Response.json({ error: { code: 'origin_not_allowed', message: 'no' } }, { status: 403 });
  const { token } = session();
  await expect(token()).rejects.toMatchObject({ code: 'origin_not_allowed' });
  respond = () => {
    throw new TypeError('Failed to fetch');
  };
  await expect(token()).rejects.toMatchObject({ code: 'unreachable' });
  respond = () => new Response('<html>', { status: 502 });
  await expect(token()).rejects.toMatchObject({ code: 'internal' });
  respond = () => new Response('null', { status: 200 });
  await expect(token()).rejects.toMatchObject({ code: 'internal' });
  expect(requests).toHaveLength(4);
});

test('where storage throws the visitor lives in memory', async () => {
  vi.stubGlobal('localStorage', {
    get getItem(): never {
      throw new DOMException('blocked', 'SecurityError');
    },
  });
  const { token, renew } = session();
  await renew(await token());
  expect(requests[1]?.init.body).toBe('{"visitor_token":"visitor-1234"}');
});

test('a forgotten visitor is a new one next time', async () => {
  const current = session();
  await current.token();
  current.forgetVisitor();
  expect(localStorage.getItem(VISITOR_KEY)).toBeNull();
  await current.token();
  expect(requests[1]?.init.body).toBe('{}');
});

test('an answer for a visitor who was forgotten meanwhile is thrown away', async () => {
  const current = session();
  const pending = current.token();
  current.forgetVisitor();
  expect(await pending).toBe('session-2');
  expect(requests.map(({ init }) => init.body)).toEqual(['{}', '{}']);
});
