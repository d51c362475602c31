import { expect, test } from 'vitest';
import { look } from '../../../server/verify/finding.ts';
import { type InsideDeps, listInsideChecks } from '../../../server/verify/inside-checks.ts';
import { makeSite } from '../auth/make-auth.ts';

const URL = 'http://localhost:8787';
const SIGNS = { kid: 'k1', state: 'current', createdAt: 0, signsFrom: 0 } as const;

const deps = (changes: Partial<InsideDeps> = {}): InsideDeps => ({
  publicUrl: URL,
  checkStorage: async () => {},
  listKeys: async () => [SIGNS],
  listSites: async () => [makeSite()],
  countSecrets: async () => 1,
  countIssuerKeys: async () => 1,
  reachToolServer: async () => 200,
  askModel: async () => {},
  model: 'a model',
  ...changes,
});

const siteWith = (id: string, settings: object) => ({
  ...makeSite(),
  id,
  settings: { ...makeSite().settings, ...settings },
});

async function lookAt(name: string, changes: Partial<InsideDeps>, url = URL) {
  const check = (await listInsideChecks(deps(changes))).find((known) => known.name === name);
  return look(name, () => check?.run(url) ?? Promise.reject(new Error(`there is no ${name}`)));
}

test('a model that one site has set is looked at once, besides that of the server; a suspended site is left out', async () => {
  const sites = [
    siteWith('a', { model: 'small' }),
    siteWith('b', { model: 'small' }),
    siteWith('c', { model: 'big', suspended: true }),
  ];
  const names = (await listInsideChecks(deps({ listSites: async () => sites }))).map(({ name }) => name);
  expect(names).toEqual(['configuration', 'database', 'signing keys', 'model', 'model small']);
});

test.each([
  {
    fault: 'an address without TLS that is not this machine',
    name: 'configuration',
    changes: { publicUrl: 'http://chat.example.com' },
    url: 'http://chat.example.com',
    says: /pages on https load no script/,
  },
  {
    fault: 'a database that cannot be written',
    name: 'database',
    changes: { checkStorage: () => Promise.reject(new Error('/var/lib/secret: disk full')) },
    says: /nothing can be stored/,
  },
  { fault: 'no key that signs', name: 'signing keys', changes: { listKeys: async () => [] }, says: /keys rotate/ },
  {
    fault: 'a model that its endpoint does not know',
    name: 'model',
    changes: { askModel: () => Promise.reject(Object.assign(new Error('sk-canary'), { status: 404 })) },
    says: /does not know it.*MODEL/,
  },
  {
    fault: 'an endpoint that cannot be reached',
    name: 'model',
    changes: { askModel: () => Promise.reject(new TypeError('fetch failed')) },
    says: /cannot be reached.*OPENAI_BASE_URL/,
  },
])('$fault is a fault with advice', async ({ name, changes, url, says }) => {
  const { ok, text, advice } = await lookAt(name, changes, url);
  expect(ok).toBe(false);
  expect(`${text} ${advice}`).toMatch(says);
  expect(text).not.toMatch(/canary|secret/);
});
