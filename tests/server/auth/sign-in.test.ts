import { type JWTPayload, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SiteIdentity } from '../../../server/context.ts';
import { createThreadStore } from '../../../server/store/thread-store.ts';
import { makeContext, makeThread } from '../../contract/make.ts';
import { countRows, makeAuth, makeSite, ORIGIN, SECOND_ORIGIN } from './make-auth.ts';

const SECRET = 'the secret that the site shares with this server';
const ISSUER = 'https://login.example.com';
const HOUR_MS = 60 * 60 * 1000;

const PROVEN: SiteIdentity = {
  mode: 'secret',
  issuer: ISSUER,
  requireSignIn: false,
  signInUrl: 'https://www.example.com/login',
  directUserToken: false,
  claims: ['plan', 'role'],
  signInHours: 2,
};
const withIdentity = (changes: Partial<SiteIdentity> = {}) => {
  const site = makeSite();
  return { ...site, settings: { ...site.settings, identity: { ...PROVEN, ...changes } as SiteIdentity } };
};

const world = await makeAuth(withIdentity());
const { auth, sites, secrets, clock, db, siteBearer, endedTurns } = world;
await secrets.add('docs', SECRET);
const start = clock.now;
const threads = createThreadStore(db);

beforeEach(() => {
  endedTurns.length = 0;
});
afterEach(async () => {
  clock.now = start;
  await sites.ensure(withIdentity());
});

const refused = (code: string) => ({ name: 'ApiError', code });

function userToken(claims: JWTPayload = {}, secret = SECRET): Promise<string> {
  const iat = Math.floor(clock.now / 1000);
  const good = { iss: ISSUER, aud: 'docs', sub: 'ada', name: 'Ada', plan: 'pro', email: 'ada@example.com', iat };
  return new SignJWT({ ...good, exp: iat + 300, ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(Buffer.from(secret));
}

type Body = Parameters<typeof auth.createSession>[0]['body'];
const open = (body: Body = {}, origin = ORIGIN) => auth.createSession({ bearer: siteBearer, origin, body });
const signIn = async (visitor_token?: string, claims: JWTPayload = {}) =>
  open({ user_token: await userToken(claims), ...(visitor_token !== undefined && { visitor_token }) });
const grantOf = ({ session_token }: { session_token: string }, origin = ORIGIN) =>
  auth.authenticate({ bearer: `Bearer ${session_token}`, origin });

const end = ({ session_token }: { session_token: string }) =>
  auth.endSession({ bearer: `Bearer ${session_token}`, origin: ORIGIN });
/** With a user token itself. */
const askDirectly = async (claims: JWTPayload = {}, origin?: string) =>
  auth.authenticate({ bearer: `Bearer ${await userToken(claims)}`, origin });

/** A thread of whoever has the session, and a question which sessions see it. */
async function makeThreadOf(session: { session_token: string }, id: string): Promise<void> {
  await threads.saveThread(makeContext('docs', (await grantOf(session)).owner), makeThread(id));
}
async function threadsOf(session: { session_token: string }): Promise<string[]> {
  const page = await threads.loadThreads(makeContext('docs', (await grantOf(session)).owner), {
    limit: 100,
    order: 'asc',
  });
  return (page?.data ?? []).map(({ id }) => id);
}
const claimsOf = ({ session_token }: { session_token: string }) =>
  JSON.parse(Buffer.from(session_token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

describe('a user token that is shown', () => {
  test('B1 makes a session of that user, with an id of its own; the one of nobody is over', async () => {
    const before = await open();
    const after = await signIn(before.visitor_token);
    const { owner, user, visitorId } = await grantOf(after);
    expect(owner).toMatch(/^u_[\w-]{22}$/);
    expect(user).toEqual({ id: 'ada', name: 'Ada', claims: { plan: 'pro' } });
    expect(visitorId).toMatch(/^v_[\w-]{22}$/);
    expect(claimsOf(after)).toMatchObject({ sub: visitorId, idv: 'verified', uid: owner });
    expect(claimsOf(before)).toMatchObject({ idv: 'anon' });
    expect(claimsOf(after)['sid']).not.toBe(claimsOf(before)['sid']);
    expect(after.visitor_token).not.toBe(before.visitor_token);
    await expect(grantOf(before)).rejects.toMatchObject(refused('token_expired'));
  });

  test('C1 takes the threads of this visitor along, and nobody else’s; its old token is unknown from then on', async () => {
    const [mine, other] = [await open(), await open()];
    for (const id of ['thr_c1_a', 'thr_c1_b', 'thr_c1_c']) await makeThreadOf(mine, id);
    await makeThreadOf(other, 'thr_c1_other');
    const user = { sub: 'c1' };
    const after = await signIn(mine.visitor_token, user);
    expect(await threadsOf(after)).toEqual(['thr_c1_a', 'thr_c1_b', 'thr_c1_c']);
    expect(await threadsOf(other)).toEqual(['thr_c1_other']);
    const late = await open({ visitor_token: mine.visitor_token });
    expect(late.visitor_token).not.toBe(mine.visitor_token);
    expect(await threadsOf(late)).toEqual([]);
    expect(endedTurns).toHaveLength(1);
  });

  test('C6 twenty times at once, and again, moves them once', async () => {
    const mine = await open();
    await makeThreadOf(mine, 'thr_c6');
    const user = { sub: 'c6' };
    const sessions = await Promise.all(Array.from({ length: 20 }, () => signIn(mine.visitor_token, user)));
    sessions.push(await signIn(mine.visitor_token, user));
    for (const session of sessions) expect(await threadsOf(session)).toEqual(['thr_c6']);
    const [found] = await db.read([{ sql: 'SELECT owner FROM threads WHERE id = ?', args: ['thr_c6'] }]);
    expect(found?.rows).toHaveLength(1);
  });

  test('again for the same user keeps the visitor, and knows the newest claims', async () => {
    const first = await signIn(undefined, { sub: 'same' });
    const rows = await countRows(db, 'visitors');
    const again = await signIn(first.visitor_token, { sub: 'same', plan: 'free' });
    expect(again.visitor_token).toBe(first.visitor_token);
    expect(await countRows(db, 'visitors')).toBe(rows);
    expect((await grantOf(first)).user?.claims).toEqual({ plan: 'free' });
  });

  test('C4 of another user takes nothing of the one before, and ends their session here alone', async () => {
    const elsewhere = await signIn(undefined, { sub: 'c4-a' });
    const here = await signIn(undefined, { sub: 'c4-a' });
    await makeThreadOf(here, 'thr_c4');
    const other = await signIn(here.visitor_token, { sub: 'c4-b' });
    expect(await threadsOf(other)).toEqual([]);
    await expect(grantOf(here)).rejects.toMatchObject(refused('token_expired'));
    expect(await threadsOf(elsewhere)).toEqual(['thr_c4']);
    expect(await threadsOf(await open({ visitor_token: here.visitor_token }))).toEqual([]);
  });

  test('C5 makes a visitor token that somebody planted unknown', async () => {
    const attacker = await open();
    const victim = await signIn(attacker.visitor_token, { sub: 'c5' });
    await makeThreadOf(victim, 'thr_c5');
    await expect(grantOf(attacker)).rejects.toMatchObject(refused('token_expired'));
    const again = await open({ visitor_token: attacker.visitor_token });
    expect(await threadsOf(again)).toEqual([]);
  });

  test('C2 is the only thing that says who somebody is: an address that is typed is nobody’s', async () => {
    const victim = await signIn(undefined, { sub: 'c2', email: 'victim@example.com' });
    await makeThreadOf(victim, 'thr_c2');
    const typed = { email: 'victim@example.com', user_id: 'c2', sub: 'c2', user: { email: 'victim@example.com' } };
    const session = await open(typed as Body);
    expect((await grantOf(session)).user).toBeUndefined();
    expect(await threadsOf(session)).toEqual([]);
    const other = await signIn(session.visitor_token, { sub: 'c2-other', email: 'victim@example.com' });
    expect(await threadsOf(other)).toEqual([]);
  });

  test('B25 of the same e-mail address and another sub is another user', async () => {
    const [one, two] = [await signIn(undefined, { sub: 'b25-1' }), await signIn(undefined, { sub: 'b25-2' })];
    expect((await grantOf(one)).owner).not.toBe((await grantOf(two)).owner);
  });

  test('is the same user on another origin of the site, and somebody else for another issuer', async () => {
    const one = await signIn(undefined, { sub: 'both' });
    const two = await open({ user_token: await userToken({ sub: 'both' }) }, SECOND_ORIGIN);
    expect((await grantOf(two, SECOND_ORIGIN)).owner).toBe((await grantOf(one)).owner);
    await sites.ensure(withIdentity({ issuer: 'https://other.example.com' }));
    const three = await signIn(undefined, { sub: 'both', iss: 'https://other.example.com' });
    expect((await grantOf(three)).owner).not.toBe((await grantOf(one)).owner);
  });

  test('that does not hold is refused and changes nothing: nobody becomes anonymous by it', async () => {
    const before = await open();
    await makeThreadOf(before, 'thr_bad');
    const rows = await countRows(db, 'visitors');
    const asking = open({ visitor_token: before.visitor_token, user_token: await userToken({}, `${SECRET}!`) });
    await expect(asking).rejects.toMatchObject(refused('token_invalid'));
    expect(await countRows(db, 'visitors')).toBe(rows);
    expect(await threadsOf(before)).toEqual(['thr_bad']);
  });
});

describe('a visitor who has signed in', () => {
  test('comes back without another user token for as long as the site says, then has to show one', async () => {
    const { visitor_token } = await signIn(undefined, { sub: 'back' });
    clock.now = start + 2 * HOUR_MS - 1;
    const again = await open({ visitor_token });
    expect((await grantOf(again)).user?.id).toBe('back');
    clock.now = start + 2 * HOUR_MS;
    await expect(open({ visitor_token })).rejects.toMatchObject({
      ...refused('user_token_required'),
      signIn: { site: 'Docs', url: 'https://www.example.com/login' },
    });
    expect((await signIn(visitor_token, { sub: 'back' })).visitor_token).toBe(visitor_token);
  });

  test('has to show one at once when the site has stopped proving its users', async () => {
    const { visitor_token } = await signIn(undefined, { sub: 'none' });
    await sites.ensure(makeSite());
    await expect(open({ visitor_token })).rejects.toMatchObject(refused('user_token_required'));
  });

  test('is as unknown as anybody’s on another origin', async () => {
    const { visitor_token } = await signIn(undefined, { sub: 'origin' });
    const elsewhere = await open({ visitor_token }, SECOND_ORIGIN);
    expect((await grantOf(elsewhere, SECOND_ORIGIN)).user).toBeUndefined();
  });
});

describe('a site that requires a sign-in', () => {
  const signInNeeded = {
    ...refused('user_token_required'),
    signIn: { site: 'Docs', url: 'https://www.example.com/login' },
  };

  test('opens no session for nobody, nor goes on with one', async () => {
    const before = await open();
    await sites.ensure(withIdentity({ requireSignIn: true }));
    await expect(open()).rejects.toMatchObject(signInNeeded);
    await expect(open({ visitor_token: before.visitor_token })).rejects.toMatchObject(signInNeeded);
    await expect(grantOf(before)).rejects.toMatchObject(signInNeeded);
    expect((await grantOf(await signIn(before.visitor_token, { sub: 'must' }))).user?.id).toBe('must');
  });
});

describe('the end of a session', () => {
  test('B28, A33 ends the visitor, its answers and its tokens at once', async () => {
    const session = await signIn(undefined, { sub: 'out' });
    const { visitorId } = await grantOf(session);
    const grant = await grantOf(session);
    expect(await auth.isLive(grant)).toBe(true);
    await end(session);
    expect(endedTurns).toEqual([visitorId]);
    expect(await auth.isLive(grant)).toBe(false);
    await expect(grantOf(session)).rejects.toMatchObject(refused('token_expired'));
    await expect(end(session)).rejects.toMatchObject(refused('token_expired'));
    const next = await open({ visitor_token: session.visitor_token });
    expect((await grantOf(next)).user).toBeUndefined();
    expect(next.visitor_token).not.toBe(session.visitor_token);
  });

  test('is seen by another server within 30 seconds', async () => {
    const session = await open();
    const other = await world.anotherServer();
    const ask = () => other.authenticate({ bearer: `Bearer ${session.session_token}`, origin: ORIGIN });
    const grant = await ask();
    await end(session);
    clock.now = start + 30_000;
    await expect(ask()).rejects.toMatchObject(refused('token_expired'));
    expect(await other.isLive(grant)).toBe(false);
  });

  test('C3 leaves the next user of this browser nothing of the last one', async () => {
    const first = await signIn(undefined, { sub: 'c3-a' });
    await makeThreadOf(first, 'thr_c3');
    await end(first);
    const second = await signIn(first.visitor_token, { sub: 'c3-b' });
    expect(await threadsOf(second)).toEqual([]);
    expect(await threadsOf(await signIn(undefined, { sub: 'c3-a' }))).toEqual(['thr_c3']);
  });
});

describe('B12 a user token as Bearer', () => {
  test('is refused', async () => {
    await expect(askDirectly({}, ORIGIN)).rejects.toMatchObject(refused('token_invalid'));
  });

  test('is taken where the site says so, without an Origin, for the same threads as after a sign-in', async () => {
    await sites.ensure(withIdentity({ directUserToken: true }));
    const session = await signIn(undefined, { sub: 'direct' });
    const grant = await askDirectly({ sub: 'direct' });
    expect(grant).toEqual({
      site: withIdentity({ directUserToken: true }),
      owner: (await grantOf(session)).owner,
      user: { id: 'direct', name: 'Ada', claims: { plan: 'pro' } },
    });
    expect(await auth.isLive(grant)).toBe(true);
    await expect(askDirectly({}, 'https://evil.example')).rejects.toMatchObject(refused('origin_not_allowed'));
    await expect(askDirectly({ aud: 'shop' })).rejects.toMatchObject(refused('token_invalid'));
    await expect(askDirectly({ iss: 'https://evil.example' })).rejects.toMatchObject(refused('token_invalid'));
    await expect(auth.endSession({ bearer: `Bearer ${await userToken()}`, origin: undefined })).rejects.toMatchObject(
      refused('token_invalid'),
    );
  });
});
