import { SignJWT } from 'jose';
import { vi } from 'vitest';
import type { ThreadItem } from '../../protocol/item.ts';
import type { SiteIdentity } from '../../server/context.ts';
import { createThreadStore } from '../../server/store/thread-store.ts';
import { makeAnswer, makeContext, makeMessage, makeThread, T1 } from '../contract/make.ts';
import { makeSite, ORIGIN } from './auth/make-auth.ts';
import { PNG } from './files/sample-files.ts';
import { makeApp } from './make-app.ts';
import { askAs, type Watched, watchDatabase } from './store/watched-database.ts';

// A server with two sites on one origin, people who ask, and somebody whose things they must not reach. Both sites prove
// their users by one issuer, under which two of them may have the same name.

const ISSUER = 'https://id.example.com';
const SHARED_SECRET = 'a secret that both sites share, long enough';
const IDENTITY: SiteIdentity = {
  mode: 'secret',
  issuer: ISSUER,
  requireSignIn: false,
  directUserToken: true,
  claims: [],
  signInHours: 24,
};

/** What one person has, by name: a row asks with these or with ids like them that nobody has. */
export interface Ids {
  thread: string;
  message: string;
  answer: string;
  widget: string;
  question: string;
  callThread: string;
  sent: string;
  waiting: string;
  uploadToken: string;
  previewKey: string;
  visitorToken: string;
}

export interface Person {
  site: string;
  owner: string;
  siteToken: string;
  session: string;
  visitorToken: string;
  userToken?: string;
}

export interface Call {
  path: string;
  method: string;
  body?: string | Buffer;
  /** Instead of the session of who asks; `null`: none. */
  bearer?: string | null;
  headers?: Record<string, string>;
  /** Not from a browser. */
  origin?: null;
}

/** A word that only the owner's things hold. */
export const CANARY = 'canary-of-the-owner';

export const MISSING: Ids = {
  thread: `thr_${'0'.repeat(32)}`,
  message: `msg_${'0'.repeat(32)}`,
  answer: `msg_${'1'.repeat(32)}`,
  widget: `msg_${'2'.repeat(32)}`,
  question: `msg_${'3'.repeat(32)}`,
  callThread: `thr_${'1'.repeat(32)}`,
  sent: `atc_${'0'.repeat(32)}`,
  waiting: `atc_${'1'.repeat(32)}`,
  uploadToken: '0'.repeat(43),
  previewKey: '0'.repeat(43),
  visitorToken: '0'.repeat(43),
};

export async function makeTenantWorld() {
  // Twenty minutes ago: whoever got a session then has none any more.
  const now = Date.now();
  vi.useFakeTimers({ toFake: ['Date'], now: now - 20 * 60_000 });
  let watched: Watched | undefined;
  const stack = await makeApp(
    async function* ({ id }) {
      const created_at = new Date().toISOString();
      yield { type: 'thread.item.done', item: makeAnswer(id, `msg_${crypto.randomUUID()}`, 'Yes.', created_at) };
    },
    undefined,
    (db) => {
      watched = watchDatabase(db);
      return watched.db;
    },
  );
  const { settings } = makeSite();
  const shop = makeSite({ id: 'shop', name: 'Shop', origins: [ORIGIN] });
  for (const site of [makeSite(), shop]) {
    await stack.sites.ensure({ ...site, settings: { ...settings, identity: IDENTITY } });
    await stack.secrets.add(site.id, SHARED_SECRET);
  }
  const siteTokens = { docs: stack.siteToken, shop: (await stack.siteTokens.issue(shop)).token };

  async function newPerson(site: keyof typeof siteTokens = 'docs', userToken?: string): Promise<Person> {
    const siteToken = siteTokens[site];
    const response = await stack.post('/v1/session', siteToken, { user_token: userToken });
    const { session_token, visitor_token } = (await response.json()) as {
      session_token: string;
      visitor_token: string;
    };
    return {
      site,
      owner: ownerOf(session_token),
      siteToken,
      session: session_token,
      visitorToken: visitor_token,
      ...(userToken !== undefined && { userToken }),
    };
  }

  /** A user of that name, with a session. */
  const newUser = async (site: keyof typeof siteTokens = 'docs', name: string = crypto.randomUUID()): Promise<Person> =>
    newPerson(site, await signUser(site, name));

  const late = await newPerson();
  const lateUserToken = await signUser('docs', 'somebody', 60);
  vi.setSystemTime(now);
  const ended = await newPerson();
  await stack.app.request('/v1/session', {
    method: 'DELETE',
    headers: { origin: ORIGIN, authorization: `Bearer ${ended.session}` },
  });

  /** As that person, or as nobody: then no statement may be made on what anybody owns. */
  function ask(
    { path, method, body, bearer, headers, origin }: Call,
    person?: Pick<Person, 'site' | 'owner' | 'session'>,
  ) {
    const token = bearer === undefined ? person?.session : bearer;
    const asker = person ?? { site: 'nobody', owner: 'nobody' };
    return askAs(asker, async () => {
      const response = await stack.app.request(path, {
        method,
        headers: {
          ...(origin !== null && { origin: ORIGIN }),
          ...(token != null && { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
      });
      const text = Buffer.from(await response.arrayBuffer()).toString('latin1');
      await stack.turns.settled();
      return { status: response.status, headers: Object.fromEntries(response.headers), text };
    });
  }

  /** Somebody on the docs site, a new visitor unless one is given, with one of everything. */
  async function newOwner(given?: Person): Promise<{ person: Person; ids: Ids }> {
    const person = given ?? (await newPerson());
    const ids = newIds(person);
    await askAs(person, () => seed(person, ids));
    const answer = async (call: Call) => JSON.parse((await ask(call, person)).text) as Record<string, unknown>;
    const image = await answer(sendForm(PNG, `${CANARY}.png`));
    const params = { name: `${CANARY}.txt`, size: 5, mime_type: 'text/plain' };
    const body = JSON.stringify({ type: 'attachments.create', params });
    const waiting = await answer({ path: '/chatkit', method: 'POST', body });
    const descriptor = waiting['upload_descriptor'] as { headers: { authorization: string } };
    return {
      person,
      ids: {
        ...ids,
        sent: String(image['id']),
        previewKey: String(image['preview_url']).split('/').at(-1) ?? '',
        waiting: String(waiting['id']),
        uploadToken: descriptor.headers.authorization.split(' ')[1] ?? '',
      },
    };
  }

  async function seed({ site, owner }: Person, ids: Ids): Promise<void> {
    const store = createThreadStore(stack.db);
    const context = makeContext(site, owner);
    const place = { thread_id: ids.thread, created_at: T1 };
    const items: ThreadItem[] = [
      makeMessage(ids.thread, ids.message, CANARY),
      { ...place, type: 'widget', id: ids.widget, widget: { type: 'Card', children: [] } },
      {
        ...place,
        type: 'structured_input',
        id: ids.question,
        status: 'pending',
        inputs: [{ type: 'text', id: 'q', question: CANARY }],
      } as unknown as ThreadItem,
      makeAnswer(ids.thread, ids.answer, CANARY, T1),
    ];
    await store.saveThread(context, { ...makeThread(ids.thread), title: CANARY });
    for (const item of items) await store.saveItem(context, ids.thread, item);
    await store.saveThread(context, makeThread(ids.callThread));
    await store.saveItem(context, ids.callThread, {
      thread_id: ids.callThread,
      created_at: T1,
      type: 'client_tool_call',
      id: `ctc_${'a'.repeat(32)}`,
      status: 'pending',
      call_id: 'call',
      name: CANARY,
      arguments: {},
    });
  }

  /** All that is kept of an owner, in the database and on disk. */
  async function everythingOf({ site, owner }: Person, ids: Ids): Promise<unknown> {
    const tables = ['threads', 'items', 'feedback', 'attachments', 'removed_attachments', 'approvals'];
    return askAs({ site, owner }, async () => {
      const rows = await stack.db.read(
        tables.map((table) => ({ sql: `SELECT * FROM ${table} WHERE site_id = ? AND owner = ?`, args: [site, owner] })),
      );
      const context = makeContext(site, owner);
      const files = [ids.sent, ids.waiting].map((id) => stack.files.read(context, id, 10_000));
      return { rows: rows.map((result) => result.rows), files: await Promise.all(files) };
    });
  }

  return {
    stack,
    late,
    lateUserToken,
    ended,
    newPerson,
    newUser,
    newOwner,
    ask,
    everythingOf,
    violations: () => watched?.violations ?? ['nobody watched'],
    async close() {
      vi.useRealTimers();
      await stack.close();
    },
  };
}

const made = (prefix: string) => `${prefix}_${crypto.randomUUID().replaceAll('-', '')}`;

function newIds({ visitorToken }: Person): Ids {
  return {
    thread: made('thr'),
    message: made('msg'),
    answer: made('msg'),
    widget: made('msg'),
    question: made('msg'),
    callThread: made('thr'),
    sent: '',
    waiting: '',
    uploadToken: '',
    previewKey: '',
    visitorToken,
  };
}

/** A file in one phase, as a browser's form sends it. */
export function sendForm(content: Buffer, name: string): Call {
  const head = [
    '--boundary',
    `content-disposition: form-data; name="file"; filename="${name}"`,
    'content-type: image/png',
    '\r\n',
  ];
  const body = Buffer.concat([Buffer.from(head.join('\r\n')), content, Buffer.from('\r\n--boundary--\r\n')]);
  return {
    path: '/v1/files',
    method: 'POST',
    body,
    headers: { 'content-type': 'multipart/form-data; boundary=boundary' },
  };
}

function signUser(site: string, name: string, seconds = 300): Promise<string> {
  return new SignJWT({ sub: name })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(ISSUER)
    .setAudience(site)
    .setIssuedAt(Math.floor(Date.now() / 1000))
    .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
    .sign(Buffer.from(SHARED_SECRET));
}

function ownerOf(session: string): string {
  const [, claims = ''] = session.split('.');
  const { sub, uid } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sub: string; uid?: string };
  return uid ?? sub;
}
