import { SignJWT } from 'jose';
import { expect, test } from 'vitest';
import type { McpAuth } from '../../../server/context.ts';
import { makeAuth, makeSite, ORIGIN } from './make-auth.ts';

const SECRET = 'the secret that the site shares with this server';
const ISSUER = 'https://login.example.com';

/** A site whose users are proven by a secret, and whose tools are called as `auth` says. */
async function open(auth: McpAuth | undefined) {
  const site = makeSite();
  const identity = {
    mode: 'secret' as const,
    issuer: ISSUER,
    requireSignIn: false,
    directUserToken: true,
    claims: [],
    signInHours: 24,
  };
  const mcpServers = auth ? [{ name: 'orders', url: 'https://orders.example.com/mcp', auth }] : [];
  const world = await makeAuth({ ...site, settings: { ...site.settings, identity, mcpServers } });
  await world.secrets.add(site.id, SECRET);
  const tokenOf = (sub: string, seconds = 300) => {
    const iat = Math.floor(world.clock.now / 1000);
    return new SignJWT({ iss: ISSUER, aud: 'docs', sub, iat, exp: iat + seconds, jti: 'a' })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from(SECRET));
  };
  const open = (body: { user_token?: string; visitor_token?: string }) =>
    world.auth.createSession({ bearer: world.siteBearer, origin: ORIGIN, body });
  const grantOf = ({ session_token }: { session_token: string }) =>
    world.auth.authenticate({ bearer: `Bearer ${session_token}`, origin: ORIGIN });
  const rows = async () => {
    const sql = 'SELECT user_token, user_token_expires_at FROM visitors WHERE user_token IS NOT NULL';
    const [found] = await world.db.read([{ sql, args: [] }]);
    return found?.rows ?? [];
  };
  return { ...world, tokenOf, open, grantOf, rows };
}

const BEARER: McpAuth = { mode: 'user_header', audience: 'docs' };

test('where a tool is called with it, a user’s token is kept with the visitor, wrapped, and read anew each time', async () => {
  const { tokenOf, open: start, grantOf, rows } = await open(BEARER);
  const first = await tokenOf('ada');
  const session = await start({ user_token: first });
  const grant = await grantOf(session);
  expect(await grant.userToken?.()).toBe(first);
  expect(JSON.stringify(grant)).not.toContain(first);
  expect(await rows()).toHaveLength(1);
  expect(JSON.stringify(await rows())).not.toContain(first.split('.')[1]);

  const second = await tokenOf('ada', 600);
  await start({ user_token: second, visitor_token: session.visitor_token });
  expect(await grant.userToken?.()).toBe(second);
});

test.each([
  ['no tools', undefined],
  ['tools that need no user', { mode: 'none' }],
  ['tools that need the id alone', { mode: 'meta', meta: { user: 'user_id' } }],
] as [string, McpAuth | undefined][])('a site with %s keeps none', async (_, auth) => {
  const { tokenOf, open: start, grantOf, rows } = await open(auth);
  const token = await tokenOf('ada');
  expect((await grantOf(await start({ user_token: token }))).userToken).toBeUndefined();
  expect((await grantOf({ session_token: token })).userToken).toBeUndefined();
  expect(await rows()).toEqual([]);
});

test('it is gone with its end, and the sweep takes it from the database', async () => {
  const { tokenOf, open: start, grantOf, rows, clock, visitors } = await open(BEARER);
  const grant = await grantOf(await start({ user_token: await tokenOf('ada') }));
  clock.now += 299_000;
  await visitors.dropTokens(clock.now);
  expect(await grant.userToken?.()).toBeDefined();
  clock.now += 1_000;
  expect(await grant.userToken?.()).toBeUndefined();
  await visitors.dropTokens(clock.now);
  expect(await rows()).toEqual([]);
});

test('it is gone after a logout, and after another user has signed in', async () => {
  const { auth, tokenOf, open: start, grantOf, rows } = await open(BEARER);
  const session = await start({ user_token: await tokenOf('ada') });
  const grant = await grantOf(session);
  const ben = await start({ user_token: await tokenOf('ben'), visitor_token: session.visitor_token });
  expect(await grant.userToken?.()).toBeUndefined();
  await auth.endSession({ bearer: `Bearer ${ben.session_token}`, origin: ORIGIN });
  expect(await rows()).toEqual([]);
});

test('a user token that is the Bearer itself is the one', async () => {
  const { tokenOf, grantOf, rows } = await open(BEARER);
  const token = await tokenOf('ada');
  expect(await (await grantOf({ session_token: token })).userToken?.()).toBe(token);
  expect(await rows()).toEqual([]);
});

test('G6 a visitor who is nobody has none', async () => {
  const { open: start, grantOf } = await open(BEARER);
  expect((await grantOf(await start({}))).userToken).toBeUndefined();
});

test('P8 a token that was moved to another visitor opens nothing', async () => {
  const { tokenOf, open: start, grantOf, db } = await open(BEARER);
  await start({ user_token: await tokenOf('ada') });
  const ben = await grantOf(await start({ user_token: await tokenOf('ben') }));
  const sql = `UPDATE visitors SET user_token =
    (SELECT user_token FROM visitors AS other WHERE other.site_id = 'docs' AND other.id <> visitors.id AND other.user_token IS NOT NULL)
    WHERE site_id = 'docs' AND id = ?`;
  await db.write([{ sql, args: [ben.visitorId ?? ''] }]);
  await expect(ben.userToken?.()).rejects.toThrow('KEY_SECRET does not open the user tokens');
});
