import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { ATTACHMENT_LIMITS } from '../../../server/files/attachment-limits.ts';
import { countRows, makeAuth, makeSite, ORIGIN, SECOND_ORIGIN } from './make-auth.ts';

const { auth, site, sites, db, clock, siteBearer, recordForged, forgeSite, forgeSession } = await makeAuth();
const start = clock.now;
afterEach(async () => {
  clock.now = start;
  await sites.ensure(site);
});

const DAY_MS = 24 * 60 * 60 * 1000;
const refused = (code: string) => ({ name: 'ApiError', code });
const open = (visitorToken?: unknown, origin = ORIGIN) =>
  auth.createSession({ bearer: siteBearer, origin, body: { visitor_token: visitorToken as string } });
const ownerOf = async (session: { session_token: string }, origin = ORIGIN) =>
  (await auth.authenticate({ bearer: `Bearer ${session.session_token}`, origin })).owner;

test('a site token opens a session, and the session speaks for one owner', async () => {
  const session = await open();
  expect(session).toEqual({
    session_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    expires_in: 900,
    visitor_token: expect.stringMatching(/^[\w-]{43}$/),
    site: {
      id: 'docs',
      name: 'Docs',
      prompts: [],
      theme: 'auto',
      page_context: 'page',
      attachments: ATTACHMENT_LIMITS,
      dictation: false,
    },
  });
  const found = await auth.authenticate({ bearer: `bearer ${session.session_token}`, origin: ORIGIN });
  expect(found).toEqual({
    site,
    owner: expect.stringMatching(/^v_[\w-]{22}$/),
    visitorId: found.owner,
  });
});

describe('A1, A36: no session token in the header', () => {
  test.each([undefined, '', 'Bearer ', 'Bearer undefined', 'Basic dTpw', 'Token x'])('%s', async (bearer) => {
    await expect(auth.authenticate({ bearer, origin: ORIGIN })).rejects.toMatchObject(refused('session_token_missing'));
  });
});

describe('sessions that are not ours', () => {
  test.each<[string, () => string | Promise<string>]>([
    ['A4 a site token', () => siteBearer],
    ['A4 typ of a site, audience of a session', () => forgeSession({}, { typ: 'site+jwt' })],
    ['A5 audience of a site', () => forgeSession({ aud: 'https://chat.example.net/session' })],
    ['alive for longer than 15 minutes', () => forgeSession({ exp: Math.floor(start / 1000) + 901 })],
    ['A17 sub "__proto__"', () => forgeSession({ sub: '__proto__' })],
    ['A17 sub of another kind', () => forgeSession({ sub: 'u_aaaaaaaaaaaaaaaaaaaaaa' })],
    ['A17 site as an object', () => forgeSession({ site: {} })],
    ['A17 site "__proto__"', () => forgeSession({ site: '__proto__' })],
    ['A17 org as a list', () => forgeSession({ org: [ORIGIN] })],
    ['A17 ep as text', () => forgeSession({ ep: '0' })],
  ])('%s', async (_, make) => {
    await expect(auth.authenticate({ bearer: await make(), origin: ORIGIN })).rejects.toMatchObject(
      refused('token_invalid'),
    );
  });

  test('the forging hand of these tests makes sessions that are good', async () => {
    const found = await auth.authenticate({ bearer: await forgeSession(), origin: ORIGIN });
    expect(found.owner).toBe('v_aaaaaaaaaaaaaaaaaaaaaa');
  });

  test('A8 a session lives for 15 minutes: expired by 29 s is good, by 31 s is not', async () => {
    const session = await open();
    clock.now = start + (900 + 29) * 1000;
    expect(await ownerOf(session)).toMatch(/^v_/);
    clock.now = start + (900 + 31) * 1000;
    await expect(ownerOf(session)).rejects.toMatchObject(refused('token_expired'));
  });

  test('A31 a raised epoch ends the sessions of the site', async () => {
    const session = await open();
    await sites.endSessions(site.id);
    await expect(ownerOf(session)).rejects.toMatchObject(refused('token_expired'));
    // Whoever saves what they read before does not bring them back.
    await sites.ensure(site);
    await expect(ownerOf(session)).rejects.toMatchObject(refused('token_expired'));
    expect(await ownerOf(await open(session.visitor_token))).toMatch(/^v_/);
  });
});

describe('origins of a session', () => {
  test('A29 used from another origin of the site', async () => {
    await expect(ownerOf(await open(), SECOND_ORIGIN)).rejects.toMatchObject(refused('origin_mismatch'));
  });

  test.each([['https://evil.example'], ['null'], [undefined]])('A18, A19, A28 used from %s', async (origin) => {
    const bearer = `Bearer ${(await open()).session_token}`;
    await expect(auth.authenticate({ bearer, origin })).rejects.toMatchObject(refused('origin_not_allowed'));
  });

  test('an origin that the site gave up is out', async () => {
    const session = await open();
    await sites.ensure(makeSite({ origins: [SECOND_ORIGIN] }));
    await expect(ownerOf(session)).rejects.toMatchObject(refused('origin_not_allowed'));
  });
});

describe('visitors', () => {
  test('A34 a known token is the same visitor, in two tabs at once too, and stays the same token', async () => {
    const first = await open();
    const [a, b] = await Promise.all([open(first.visitor_token), open(first.visitor_token)]);
    expect([a.visitor_token, b.visitor_token]).toEqual([first.visitor_token, first.visitor_token]);
    expect(a.session_token).not.toBe(b.session_token);
    expect(new Set([await ownerOf(first), await ownerOf(a), await ownerOf(b)]).size).toBe(1);
  });

  test.each([
    ['A33 unknown', 'A'.repeat(43)],
    ['empty', ''],
    ['not of its shape', `${'A'.repeat(42)}\0`],
    ['an object', {}],
    ['10 KB', 'A'.repeat(10_000)],
    ['SQL', "' OR '1'='1"],
  ])('%s: a new visitor with a token of their own', async (_, token) => {
    const known = await open();
    const session = await open(token);
    expect(session.visitor_token).toMatch(/^[\w-]{43}$/);
    expect(session.visitor_token).not.toBe(token);
    expect(await ownerOf(session)).not.toBe(await ownerOf(known));
  });

  test('A35 a token from another origin or of another site is unknown', async () => {
    const known = await open();
    const elsewhere = await open(known.visitor_token, SECOND_ORIGIN);
    expect(elsewhere.visitor_token).not.toBe(known.visitor_token);
    expect(await ownerOf(elsewhere, SECOND_ORIGIN)).not.toBe(await ownerOf(known));

    await sites.ensure(makeSite({ id: 'other' }));
    await recordForged('other');
    const bearer = await forgeSite({ sub: 'other' });
    const body = { visitor_token: known.visitor_token };
    const other = await auth.createSession({ bearer, origin: ORIGIN, body });
    expect(other.visitor_token).not.toBe(known.visitor_token);
    expect(await ownerOf(other)).not.toBe(await ownerOf(known));
    expect(await ownerOf(await open(known.visitor_token))).toBe(await ownerOf(known));
  });

  test('a visitor is forgotten after 90 idle days, and each session begins them again', async () => {
    const first = await open();
    const owner = await ownerOf(first);
    clock.now = start + 89 * DAY_MS;
    expect(await ownerOf(await open(first.visitor_token))).toBe(owner);
    clock.now = start + 178 * DAY_MS;
    expect(await ownerOf(await open(first.visitor_token))).toBe(owner);
    clock.now = start + (178 + 90) * DAY_MS;
    const late = await open(first.visitor_token);
    expect(late.visitor_token).not.toBe(first.visitor_token);
    expect(await ownerOf(late)).not.toBe(owner);
  });

  test('the token itself is nowhere in the database, only its SHA-256', async () => {
    const before = await countRows(db, 'visitors');
    const { visitor_token: token } = await open();
    expect(await countRows(db, 'visitors')).toBe(before + 1);
    const [found] = await db.read([{ sql: 'SELECT * FROM visitors', args: [] }]);
    const rows = JSON.stringify(found?.rows);
    expect(rows).not.toContain(token);
    expect(rows).toContain(createHash('sha256').update(token).digest('base64url'));
  });
});
