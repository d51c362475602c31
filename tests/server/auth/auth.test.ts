import { expect, test } from 'vitest';
import { makeAuth, ORIGIN } from './make-auth.ts';

test('a site token opens a session, and the session speaks for one owner', async () => {
  const { auth, site } = await makeAuth();
  const bearer = `Bearer ${await auth.issueSiteToken(site)}`;
  const session = await auth.createSession({ bearer, origin: ORIGIN, body: {} });
  expect(session).toMatchObject({ expires_in: 900, site: { id: 'docs', name: 'Docs', page_context: 'page' } });
  expect(session.visitor_token).toMatch(/^[\w-]{43}$/);
  const caller = { bearer: `Bearer ${session.session_token}`, origin: ORIGIN };
  const found = await auth.authenticate(caller);
  expect(found.site).toEqual(site);
  expect(found.owner).toMatch(/^v_[\w-]{22}$/);
});
