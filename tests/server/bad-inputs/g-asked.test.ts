import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeSite, ORIGIN } from '../auth/make-auth.ts';
import { makeApp } from '../make-app.ts';

// What a browser may ask about the assistant itself.

const CANARY = 'the-words-of-the-owner-4711';
let stack: Awaited<ReturnType<typeof makeApp>>;
beforeAll(async () => {
  stack = await makeApp(async function* () {});
  const site = makeSite();
  const tools = { name: 'orders', url: 'https://orders.example.com/mcp', auth: { mode: 'none' as const } };
  await stack.sites.ensure({
    ...site,
    settings: { ...site.settings, instructions: CANARY, model: CANARY, mcpServers: [tools] },
  });
});
afterAll(() => stack.close());

test.each([
  '/instructions',
  '/v1/instructions',
  '/v1/agent',
  '/v1/site',
  '/v1/sites/docs',
  '/v1/mcp',
  '/v1/tools',
  '/chatkit/instructions',
  '/config.json',
  '/.env',
])('G38 %s is not there', async (path) => {
  const token = await stack.session();
  const response = await stack.app.request(path, { headers: { origin: ORIGIN, authorization: `Bearer ${token}` } });
  expect(response.status).toBe(404);
  expect(await response.text()).not.toContain(CANARY);
});

test.each(['/v1/operator/sites', '/v1/operator/sites/docs', '/v1/operator/checks'])(
  'G38 %s is the operator’s alone',
  async (path) => {
    const token = await stack.session();
    const response = await stack.app.request(path, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(401);
    expect(await response.text()).not.toContain(CANARY);
  },
);

test('G38 a session tells a page neither instructions nor model nor tools', async () => {
  const response = await stack.app.request('/v1/session', {
    method: 'POST',
    headers: { origin: ORIGIN, authorization: `Bearer ${stack.siteToken}` },
    body: '{}',
  });
  expect(response.status).toBe(200);
  const said = await response.text();
  expect(said).not.toContain(CANARY);
  expect(said).not.toContain('orders');
});
