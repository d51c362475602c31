import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SessionResponse } from '../../protocol/session.ts';
import { createApp } from '../../server/app.ts';
import { createAuth } from '../../server/auth/auth.ts';
import { createOperatorCheck } from '../../server/auth/operator-token.ts';
import type { KeyInfo } from '../../server/auth/rotate-keys.ts';
import { createUserTokens } from '../../server/auth/user-token.ts';
import { openSites } from '../../server/open-sites.ts';
import { OpenTurns } from '../../server/open-turns.ts';
import { PagewiseServer } from '../../server/pagewise-server.ts';
import type { SiteDetails } from '../../server/routes/operator.ts';
import { type Database, openDatabase } from '../../server/store/database.ts';
import { createFeedbackStore } from '../../server/store/feedback-store.ts';
import { createThreadStore } from '../../server/store/thread-store.ts';
import { createVisitorStore } from '../../server/store/visitor-store.ts';
import { makeSite, NO_KEYS, ORIGIN } from '../server/auth/make-auth.ts';

// Two servers on one database, 50 requests a second for four minutes of their clock, while an operator of the first
// one changes the signing key, ends the old one, ends a tag, and ends the sessions of a site.

const RATE = 50;
const AT_ONCE = 10;
const OPERATOR_TOKEN = 'the-token-of-the-operator-of-this-run';

const clock = { now: Date.parse('2026-11-24T10:00:00Z') };
const now = () => clock.now;
let db: Database;
let here: Server;
let elsewhere: Server;

type Server = Awaited<ReturnType<typeof startServer>>;

async function startServer() {
  const publicUrl = 'https://chat.example.net';
  const keySecret = 'a secret of the tests, long enough';
  const { sites, tokens, siteTokens, secrets, keptTokens, operator } = await openSites({
    db,
    keySecret,
    publicUrl,
    dictation: false,
    outboundAllow: [],
    now,
  });
  const turns = new OpenTurns();
  const app = createApp({
    auth: createAuth({
      sites,
      visitors: createVisitorStore(db),
      tokens,
      siteTokens,
      userTokens: createUserTokens({ secrets, jwks: NO_KEYS, now }),
      keptTokens,
      turns,
      now,
    }),
    chatkit: new PagewiseServer({
      store: createThreadStore(db),
      respond: async function* () {},
      feedback: createFeedbackStore(db),
      now: () => new Date(clock.now),
      reportError: () => {},
    }),
    operator: { routes: operator, check: createOperatorCheck(OPERATOR_TOKEN) },
    turns,
    scripts: new Map(),
    checkStorage: () => db.checkWritable(),
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
  return {
    sites,
    async post(path: string, token: string, body: object) {
      const headers = { authorization: `Bearer ${token}`, origin: ORIGIN };
      return app.request(path, { method: 'POST', headers, body: JSON.stringify(body) });
    },
    async operate(method: string, path: string): Promise<unknown> {
      const headers = { authorization: `Bearer ${OPERATOR_TOKEN}` };
      const response = await app.request(`/v1/operator${path}`, { method, headers });
      expect(response.ok).toBe(true);
      return response.json().catch(() => undefined);
    },
  };
}

beforeAll(async () => {
  db = await openDatabase({ url: ':memory:' });
  here = await startServer();
  elsewhere = await startServer();
  for (const id of ['docs', 'shop']) {
    await here.sites.ensure(makeSite({ id }));
    await here.operate('POST', `/sites/${id}/tags`);
  }
});
afterAll(() => db.close());

/** What asks, and the last second since `begin` in which each server let it in. */
interface Load {
  name: string;
  ask: (server: Server) => Promise<Response>;
  refused: number;
  lastGood: { here: number; elsewhere: number };
}

/** A tag that opens sessions on both servers, and the sessions of the last second used on both. */
function pages(name: string, tag: string): Load {
  let session: string | undefined;
  let visitor: string | undefined;
  let count = 0;
  return newLoad(name, async (server) => {
    count += 1;
    if (session !== undefined && count % 2 === 0) return listThreads(server, session);
    const response = await server.post('/v1/session', tag, visitor === undefined ? {} : { visitor_token: visitor });
    if (response.ok) {
      const opened = (await response.clone().json()) as SessionResponse;
      session = opened.session_token;
      visitor = opened.visitor_token;
    }
    return response;
  });
}

/** A tag that opens sessions which nobody uses. */
function tagAlone(name: string, tag: string): Load {
  return newLoad(name, (server) => server.post('/v1/session', tag, {}));
}

/** One session, used on both servers for as long as it is good. */
async function oldSession(name: string, tag: string): Promise<Load> {
  const { session_token } = (await (await here.post('/v1/session', tag, {})).json()) as SessionResponse;
  return newLoad(name, (server) => listThreads(server, session_token));
}

function newLoad(name: string, ask: Load['ask']): Load {
  return { name, ask, refused: 0, lastGood: { here: -1, elsewhere: -1 } };
}

function listThreads(server: Server, session: string): Promise<Response> {
  return server.post('/chatkit', session, { type: 'threads.list', params: {} });
}

/** `RATE` requests a second, in turn of each load and on each server, for as many seconds. */
async function run(seconds: number, loads: Load[]): Promise<void> {
  const begin = clock.now;
  let next = 0;
  for (const load of loads) {
    load.refused = 0;
    load.lastGood = { here: -1, elsewhere: -1 };
  }
  while (clock.now - begin < seconds * 1000) {
    const second = (clock.now - begin) / 1000;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        const load = loads[Math.floor(next / 2) % loads.length];
        const place = next % 2 === 0 ? 'here' : 'elsewhere';
        next += 1;
        const response = await load?.ask(place === 'here' ? here : elsewhere);
        if (!load || !response) throw new Error('nothing to ask');
        if (response.ok) load.lastGood[place] = second;
        else load.refused += 1;
        if (!response.ok) expect([load.name, response.status]).toEqual([load.name, 401]);
      }),
    );
    clock.now += (AT_ONCE / RATE) * 1000;
  }
}

const tagOf = async (site: string): Promise<string> => {
  const { tags } = (await here.operate('GET', `/sites/${site}`)) as SiteDetails;
  return /data-site-token="([^"]+)"/.exec(tags[0]?.scriptTag ?? '')?.[1] ?? '';
};
const refusals = (loads: Load[]) => loads.map(({ name, refused }) => [name, refused]);
const keys = async () => ((await here.operate('GET', '/keys')) as { keys: KeyInfo[] }).keys;

test('A31, A32 a key is changed and no request fails; what is revoked is out in a minute, and nothing else is', async () => {
  const [first] = await keys();
  const oldTag = await tagOf('docs');
  const docs = pages('docs, tag of the first key', oldTag);
  const session = await oldSession('docs, session of the first key', oldTag);
  const shop = pages('shop, tag of the first key', await tagOf('shop'));
  await run(5, [docs, session, shop]);

  // A new key: known to both for a minute before it signs, and the one before it counts on.
  const next = (await here.operate('POST', '/keys')) as KeyInfo;
  await run(70, [docs, session, shop]);
  expect((await keys()).map(({ kid, state }) => [kid, state])).toEqual([
    [next.kid, 'current'],
    [first?.kid, 'previous'],
  ]);
  expect([docs, session, shop].map(({ refused }) => refused)).toEqual([0, 0, 0]);

  // The old key ends. The tags that are shown now are of the new one.
  const newDocs = pages('docs, tag of the new key', await tagOf('docs'));
  const newShop = pages('shop, tag of the new key', await tagOf('shop'));
  await run(1, [newDocs, newShop]);
  await here.operate('DELETE', `/keys/${first?.kid}`);
  const tag = tagAlone('docs, tag of the first key', oldTag);
  await run(62, [tag, session, newDocs, newShop]);
  for (const old of [tag, session]) {
    expect(old.lastGood.here, old.name).toBe(-1);
    expect(old.lastGood.elsewhere, old.name).toBeLessThanOrEqual(60);
    expect(old.refused, old.name).toBeGreaterThan(100);
  }
  expect(refusals([newDocs, newShop])).toEqual([
    [newDocs.name, 0],
    [newShop.name, 0],
  ]);

  // One tag ends: no new session, and what began lives on.
  const docsTag = await tagOf('docs');
  const begun = await oldSession('docs, session of the tag', docsTag);
  await here.operate('DELETE', '/sites/docs/tags');
  const endedTag = tagAlone('docs, the tag', docsTag);
  await run(62, [endedTag, begun, newShop]);
  expect(endedTag.lastGood.here).toBe(-1);
  expect(endedTag.lastGood.elsewhere).toBeLessThanOrEqual(60);
  expect(refusals([begun, newShop])).toEqual([
    [begun.name, 0],
    [newShop.name, 0],
  ]);

  // Its sessions end.
  await here.operate('DELETE', '/sites/docs/sessions');
  await run(62, [begun, newShop]);
  expect(begun.lastGood.here).toBe(-1);
  expect(begun.lastGood.elsewhere).toBeLessThanOrEqual(60);
  expect(refusals([newShop])).toEqual([[newShop.name, 0]]);
}, 240_000);
