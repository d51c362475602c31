import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeAuth, makeSite, ORIGIN, SECOND_ORIGIN } from './make-auth.ts';

const DAY_SECONDS = 24 * 60 * 60;

let world: Awaited<ReturnType<typeof makeAuth>>;
beforeEach(async () => {
  world = await makeAuth();
  await world.siteTokens.revoke('docs');
});
afterEach(() => world.db.close());

const open = (token: string, from = world.auth) =>
  from.createSession({ bearer: `Bearer ${token}`, origin: ORIGIN, body: {} });

test('a token is listed as it was issued, and can be shown again', async () => {
  const { siteTokens, site, clock } = world;
  const first = await siteTokens.issue(site);
  expect(first).toEqual({
    id: expect.stringMatching(/^[\w-]{22}$/),
    issuedAt: clock.now / 1000,
    expiresAt: clock.now / 1000 + 400 * DAY_SECONDS,
    origins: [ORIGIN, SECOND_ORIGIN],
    token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
  });
  clock.now += 1_000;
  const second = await siteTokens.issue(site);
  expect(await siteTokens.list('docs')).toEqual([second, first]);
  expect(await siteTokens.list('shop')).toEqual([]);
});

test('the present token is the newest that is good for all origins, else a new one', async () => {
  const { siteTokens, site, clock } = world;
  const narrow = await siteTokens.issue(makeSite({ origins: [ORIGIN] }));
  const wide = await siteTokens.current(site);
  expect(wide.id).not.toBe(narrow.id);
  expect(await siteTokens.current(site)).toEqual(wide);
  expect((await siteTokens.current(makeSite({ origins: [SECOND_ORIGIN] }))).id).toBe(wide.id);
  clock.now += 400 * DAY_SECONDS * 1000;
  expect((await siteTokens.current(site)).id).not.toBe(wide.id);
  expect(await siteTokens.list('docs')).toHaveLength(1);
});

test('A31 a revoked token opens no session here, and within a minute none elsewhere; the others do', async () => {
  const { siteTokens, site, clock } = world;
  const elsewhere = await world.anotherServer();
  const [one, other] = [await siteTokens.issue(site), await siteTokens.issue(site)];
  await open(one.token, elsewhere);
  expect(await siteTokens.revoke('shop', one.id)).toBe(0);
  expect(await siteTokens.revoke('docs', one.id)).toBe(1);
  await expect(open(one.token)).rejects.toMatchObject({ code: 'token_invalid' });
  clock.now += 59_999;
  await open(one.token, elsewhere);
  clock.now += 1;
  await expect(open(one.token, elsewhere)).rejects.toMatchObject({ code: 'token_invalid' });
  await open(other.token);
  await open(other.token, elsewhere);
});

test('all tokens of a site end at once, and no other site’s', async () => {
  const { siteTokens, site, sites } = world;
  const shop = makeSite({ id: 'shop' });
  await sites.ensure(shop);
  const kept = await siteTokens.issue(shop);
  const tokens = [await siteTokens.issue(site), await siteTokens.issue(site)];
  expect(await siteTokens.revoke('docs')).toBe(2);
  for (const { token } of tokens) await expect(open(token)).rejects.toMatchObject({ code: 'token_invalid' });
  await open(kept.token);
});

test('a token of a removed site is worth nothing when the site comes back', async () => {
  const { siteTokens, site, sites } = world;
  const { token } = await siteTokens.issue(site);
  await sites.remove('docs');
  await sites.ensure(site);
  await expect(open(token, await world.anotherServer())).rejects.toMatchObject({ code: 'token_invalid' });
});

test('what would not fit into a token, or be the hundred and first, is refused', async () => {
  const { siteTokens, site } = world;
  const origins = Array.from({ length: 100 }, (_, n) => `https://${'x'.repeat(60)}.${'y'.repeat(20)}${n}.example.com`);
  await expect(siteTokens.issue(makeSite({ origins }))).rejects.toMatchObject({
    code: 'invalid_request',
    message: 'site: origins are too many or too long for one token',
  });
  expect(await siteTokens.list('docs')).toEqual([]);
  const short = Array.from({ length: 100 }, (_, n) => `https://docs-of-${n}.example.com`);
  await open((await siteTokens.issue(makeSite({ origins: short }))).token).catch((error: unknown) =>
    expect(error).toMatchObject({ code: 'origin_not_allowed' }),
  );
  for (let n = 1; n < 100; n++) await siteTokens.issue(site);
  await expect(siteTokens.issue(site)).rejects.toMatchObject({
    message: 'site: 100 tokens are in use; revoke some of them first',
  });
});
