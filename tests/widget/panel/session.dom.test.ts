import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSession } from '../../../widget/panel/session.ts';
import { openSiteMemory } from '../../../widget/panel/site-memory.ts';

const SITE_TOKEN = `e30.${btoa('{"sub":"site_1"}')}.c2ln`;
const VISITOR_KEY = 'pagewise:site_1:visitor';
const SITE = { id: 'site_1', name: 'Docs', prompts: [], theme: 'auto', page_context: 'page' };

let requests: { url: string; init: RequestInit }[];
let respond: (count: number) => Response;
let clock = 0;
let changes = 0;

beforeEach(() => {
  localStorage.clear();
  [requests, changes] = [[], 0];
  clock = 1_000_000;
  respond = (count) =>
    Response.json({ session_token: `session-${count}`, expires_in: 900, visitor_token: 'visitor-1234', site: SITE });
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    requests.push({ url, init });
    return respond(requests.length);
  });
});
afterEach(() => vi.unstubAllGlobals());

const onVisitor = (): void => void (changes += 1);

function session(siteToken = SITE_TOKEN, userToken?: string) {
  const memory = openSiteMemory(siteToken);
  return {
    memory,
    ...createSession({
      server: 'https://chat.example/',
      siteToken,
      userToken,
      memory,
      onVisitor,
      now: () => clock,
    }),
  };
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
  'F11 a corrupt visitor token (%#) is not sent',
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

test('F10 where storage throws the visitor lives in memory', async () => {
  vi.stubGlobal('localStorage', {
    get getItem(): never {
      throw new DOMException('blocked', 'SecurityError');
    },
  });
  const { token, renew } = session();
  await renew(await token());
  expect(requests[1]?.init.body).toBe('{"visitor_token":"visitor-1234"}');
});

test('F11 a full storage keeps nothing of the visitor of before', async () => {
  const stored = new Map([[VISITOR_KEY, 'visitor-of-before']]);
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    removeItem: (key: string) => stored.delete(key),
    setItem() {
      throw new DOMException('full', 'QuotaExceededError');
    },
  });
  const { token, memory } = session();
  await token();
  expect([stored.get(VISITOR_KEY), memory.visitorToken.get()]).toEqual([undefined, 'visitor-1234']);
});

test('what another tab forgets is forgotten here', async () => {
  const { token, memory } = session();
  await token();
  memory.threadId.set('thr_12345678');
  localStorage.clear();
  expect([memory.visitorToken.get(), memory.threadId.get()]).toEqual([undefined, undefined]);
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

const bodies = () => requests.map(({ init }) => init.body && JSON.parse(init.body as string));

/** A server that gives every request a visitor of its own. */
const anotherEachTime = (count: number): Response =>
  Response.json({
    session_token: `session-${count}`,
    expires_in: 900,
    visitor_token: `visitor-${count}000`,
    site: SITE,
  });

describe('a user', () => {
  test('is shown to the server once; the session goes on without the token', async () => {
    const { token, renew } = session(SITE_TOKEN, 'ann');
    await renew(await token());
    expect(bodies()).toEqual([{ user_token: 'ann' }, { visitor_token: 'visitor-1234' }]);
    expect(JSON.stringify(localStorage)).not.toContain('ann');
  });

  test('who was refused is shown again, never left out', async () => {
    respond = () => Response.json({ error: { code: 'token_invalid', message: '' } }, { status: 401 });
    const { token } = session(SITE_TOKEN, 'ann');
    await expect(token()).rejects.toMatchObject({ code: 'token_invalid' });
    await expect(token()).rejects.toMatchObject({ code: 'token_invalid' });
    expect(bodies()).toEqual([{ user_token: 'ann' }, { user_token: 'ann' }]);
  });

  test('who signs in takes the open thread along; who only has another visitor token does not', async () => {
    respond = anotherEachTime;
    const { token, memory, identify, renew } = session();
    await token();
    memory.threadId.set('thr_12345678');
    identify('ann');
    const held = await token();
    expect([memory.visitorToken.get(), memory.threadId.get(), changes]).toEqual(['visitor-2000', 'thr_12345678', 2]);
    await renew(held);
    expect([memory.threadId.get(), changes]).toEqual([undefined, 3]);
  });

  test('identified while a session starts: the answer for the one before is thrown away', async () => {
    const { token, identify, memory } = session();
    respond = anotherEachTime;
    const pending = token();
    identify('ann');
    expect([await pending, await token()]).toEqual(['session-2', 'session-2']);
    expect(bodies()).toEqual([{}, { user_token: 'ann' }]);
    expect(memory.visitorToken.get()).toBe('visitor-2000');
  });

  test('refused while another is identified: the refusal is thrown away too', async () => {
    const { token, identify } = session(SITE_TOKEN, 'forged');
    respond = (count) =>
      count === 1
        ? Response.json({ error: { code: 'token_invalid', message: '' } }, { status: 401 })
        : anotherEachTime(count);
    const pending = token();
    identify('ann');
    expect(await pending).toBe('session-2');
  });

  test('who has to sign in is told where', async () => {
    const sign_in = { site: 'Docs', url: 'https://docs.example/login' };
    respond = () => Response.json({ error: { code: 'user_token_required', message: '', sign_in } }, { status: 401 });
    await expect(session().token()).rejects.toMatchObject({ signIn: { ...sign_in, lapsed: false } });
    localStorage.setItem(VISITOR_KEY, 'visitor-1234');
    await expect(session().token()).rejects.toMatchObject({ signIn: { ...sign_in, lapsed: true } });
  });

  test('whose token ran out is not taken for a site whose token did', async () => {
    respond = () => Response.json({ error: { code: 'token_expired', message: '' } }, { status: 401 });
    await expect(session(SITE_TOKEN, 'old').token()).rejects.toMatchObject({ code: 'sign_in_expired' });
    await expect(session().token()).rejects.toMatchObject({ code: 'token_expired' });
  });
});

describe('logging out', () => {
  test('forgets at once and ends the visitor at the server, even if the page goes away', async () => {
    const { token, logout, memory } = session(SITE_TOKEN, 'ann');
    await token();
    memory.threadId.set('thr_12345678');
    const done = logout();
    expect([memory.visitorToken.get(), memory.threadId.get()]).toEqual([undefined, undefined]);
    respond = () => new Response(null, { status: 204 });
    await done;
    expect(requests[1]).toMatchObject({
      url: 'https://chat.example/v1/session',
      init: { method: 'DELETE', keepalive: true, headers: { authorization: 'Bearer session-1' } },
    });
    respond = anotherEachTime;
    await token();
    expect(bodies()[2]).toEqual({});
  });

  test('of a visitor of an earlier page takes a session of theirs first, and shows no user', async () => {
    localStorage.setItem(VISITOR_KEY, 'visitor-1234');
    const { logout } = session(SITE_TOKEN, 'ann');
    await logout();
    expect(requests.map(({ init }) => [init.method, init.body])).toEqual([
      ['POST', '{"visitor_token":"visitor-1234"}'],
      ['DELETE', undefined],
    ]);
  });

  test('of nobody asks nothing', async () => {
    await session().logout();
    expect(requests).toEqual([]);
  });

  test.each([
    ['is over already', 401, 'token_invalid', undefined],
    ['cannot be told to the server', 503, 'storage_unavailable', 'storage_unavailable'],
  ])('that %s', async (_name, status, code, rejection) => {
    const { token, logout, memory } = session();
    await token();
    respond = () => Response.json({ error: { code, message: '' } }, { status });
    const outcome = await logout().catch((error: { code: string }) => error.code);
    expect([outcome, memory.visitorToken.get()]).toEqual([rejection, undefined]);
  });

  test('of a lapsed sign-in has nothing left to end', async () => {
    localStorage.setItem(VISITOR_KEY, 'visitor-1234');
    respond = () => Response.json({ error: { code: 'user_token_required', message: '' } }, { status: 401 });
    await session().logout();
    expect(localStorage.getItem(VISITOR_KEY)).toBeNull();
  });
});

test('A34 another tab that signs in or out is followed, one that says the same is not', async () => {
  const { token, followOtherTabs } = session();
  followOtherTabs();
  await token();
  followOtherTabs();
  expect(changes).toBe(1);
  localStorage.setItem(VISITOR_KEY, 'visitor-of-the-other-tab');
  followOtherTabs();
  expect(changes).toBe(2);
  await token();
  expect(bodies()[1]).toEqual({ visitor_token: 'visitor-of-the-other-tab' });
});
