import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Site } from '../../../server/context.ts';
import { ATTACHMENT_LIMITS } from '../../../server/files/attachment-limits.ts';
import { parseSite } from '../../../server/sites/parse-site.ts';
import { createSiteRegistry, type SiteRegistry } from '../../../server/sites/registry.ts';
import { type Database, openDatabase } from '../../../server/store/database.ts';
import { createSiteStore } from '../../../server/store/site-store.ts';

const site: Site = {
  id: 'docs',
  name: 'Docs',
  origins: ['https://docs.example.com', 'http://localhost:8788'],
  epoch: 3,
  settings: {
    greeting: 'Hello',
    prompts: [{ label: 'Start', prompt: 'How do I start?' }],
    theme: 'dark',
    accent: '#0a7cff',
    pageContext: 'basic',
    instructions: 'Be brief.',
    identity: { mode: 'none' },
    mcpServers: [],
  },
};

let db: Database;
let registry: SiteRegistry;
let now: number;

beforeEach(async () => {
  db = await openDatabase({ url: ':memory:' });
  now = 1_000_000;
  registry = createSiteRegistry({
    store: createSiteStore(db),
    attachments: ATTACHMENT_LIMITS,
    dictation: true,
    now: () => now,
  });
});
afterEach(() => db.close());

test('a site comes back as it was saved, and saving again updates it', async () => {
  await registry.ensure(site);
  expect(await registry.find('docs')).toEqual(site);
  const changed = { ...site, name: 'New', epoch: 4, origins: ['https://new.example.com'] };
  await registry.ensure(changed);
  expect(await registry.find('docs')).toEqual(changed);
  expect(await registry.hasOrigin('https://docs.example.com')).toBe(false);
  expect(await registry.hasOrigin('https://new.example.com')).toBe(true);
});

test('an unknown site is nobody, whatever its id', async () => {
  for (const id of ['missing', '__proto__', 'constructor', '']) expect(await registry.find(id)).toBeUndefined();
});

test('what another server changed is seen within a minute (A31)', async () => {
  await registry.ensure(site);
  await registry.find('docs');
  expect(await registry.hasOrigin('https://late.example.com')).toBe(false);
  const other = createSiteRegistry({
    store: createSiteStore(db),
    attachments: ATTACHMENT_LIMITS,
    dictation: true,
    now: () => now,
  });
  await other.ensure({ ...site, epoch: 4, origins: ['https://late.example.com'] });

  now += 39_999;
  expect((await registry.find('docs'))?.epoch).toBe(3);
  now += 1;
  expect((await registry.find('docs'))?.epoch).toBe(4);
  expect(await registry.hasOrigin('https://late.example.com')).toBe(true);
});

test('a suspended site lets nobody in, and is still there', async () => {
  const suspended = { ...site, settings: { ...site.settings, suspended: true } };
  await registry.ensure(suspended);
  expect(await registry.find('docs')).toBeUndefined();
  expect(await registry.load('docs')).toEqual(suspended);
  expect(await registry.list()).toEqual([suspended]);
});

test('a removed site is gone with all that its visitors own, and no other is', async () => {
  await registry.ensure(site);
  await registry.ensure({ ...site, id: 'shop' });
  const tables = ['threads', 'items', 'feedback', 'attachments', 'visitors', 'site_tokens', 'site_secrets'];
  for (const id of ['docs', 'shop'])
    await db.write([
      {
        sql: `INSERT INTO visitors (token_hash, id, site_id, origin, seen_at) VALUES (?, ?, ?, 'https://a', 0)`,
        args: [`hash ${id}`, `v_${id}`, id],
      },
      { sql: `INSERT INTO threads VALUES (NULL, ?, ?, 'v_a', 0, '{}')`, args: [`thr_${id}`, id] },
      {
        sql: `INSERT INTO items (id, site_id, owner, thread_id, created_at, body) VALUES (?, ?, 'v_a', 'thr_a', 0, '{}')`,
        args: [`msg_${id}`, id],
      },
      { sql: `INSERT INTO feedback VALUES (?, 'v_a', 'thr_a', 'msg_a', 'msg_a', 'positive')`, args: [id] },
      { sql: `INSERT INTO attachments VALUES (?, ?, 'v_a', NULL, 0, '{}')`, args: [`atc_${id}`, id] },
      { sql: `INSERT INTO site_tokens VALUES (?, 'a', 0, 9, '[]')`, args: [id] },
      { sql: `INSERT INTO site_secrets VALUES (NULL, ?, 'a', 'x', 0)`, args: [id] },
    ]);
  expect(await registry.remove('docs')).toBe(true);
  expect(await registry.remove('docs')).toBe(false);
  expect(await registry.find('docs')).toBeUndefined();
  expect((await registry.list()).map(({ id }) => id)).toEqual(['shop']);
  for (const table of [...tables, 'site_origins']) {
    const [found] = await db.read([{ sql: `SELECT DISTINCT site_id FROM ${table}`, args: [] }]);
    expect([table, found?.rows]).toEqual([table, [{ site_id: 'shop' }]]);
  }
});

test('every table that knows a site is emptied of a removed one', async () => {
  const [found] = await db.read([
    {
      sql: `SELECT m.name FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c
        WHERE m.type = 'table' AND c.name = 'site_id' AND m.name <> 'removed_attachments'`,
      args: [],
    },
  ]);
  const deleted: string[] = [];
  const store = createSiteStore({
    ...db,
    write: (statements) => {
      deleted.push(...statements.map(({ sql }) => sql));
      return db.write(statements);
    },
  });
  await store.deleteSite('docs');
  for (const row of found?.rows ?? [])
    expect(deleted).toContain(`DELETE FROM ${String(row['name'])} WHERE site_id = ?`);
});

test('a failure of the store is not remembered', async () => {
  const store = createSiteStore(db);
  let failures = 1;
  const flaky = createSiteRegistry({
    store: { ...store, loadSite: (id) => (failures-- > 0 ? Promise.reject(new Error('away')) : store.loadSite(id)) },
    attachments: ATTACHMENT_LIMITS,
    dictation: true,
    now: () => now,
  });
  await registry.ensure(site);
  await expect(flaky.find('docs')).rejects.toThrow('away');
  expect(await flaky.find('docs')).toEqual(site);
});

test('the panel is shown what it needs and no instructions', async () => {
  expect(registry.siteView(site)).toEqual({
    id: 'docs',
    name: 'Docs',
    greeting: 'Hello',
    prompts: [{ label: 'Start', prompt: 'How do I start?' }],
    theme: 'dark',
    accent: '#0a7cff',
    page_context: 'basic',
    attachments: {
      max_size: 10_485_760,
      max_count: 5,
      accept: {
        'image/png': ['.png'],
        'image/jpeg': ['.jpg', '.jpeg'],
        'image/gif': ['.gif'],
        'image/webp': ['.webp'],
        'application/pdf': ['.pdf'],
        'text/plain': ['.txt'],
        'text/markdown': ['.md', '.markdown'],
        'text/csv': ['.csv'],
        'application/json': ['.json'],
      },
    },
    dictation: true,
  });
});

const BAD_IDENTITIES: [string, object][] = [
  ['mode', { mode: 'oauth' }],
  ['issuer', { mode: 'secret' }],
  ['issuer', { mode: 'secret', issuer: 'a\nb' }],
  ['issuer', { mode: 'secret', issuer: 'x'.repeat(256) }],
  ['jwksUrl', { mode: 'jwks', issuer: 'https://id.example' }],
  ['jwksUrl', { mode: 'jwks', issuer: 'https://id.example', jwksUrl: 'file:///etc/passwd' }],
  ['jwksUrl', { mode: 'jwks', issuer: 'https://id.example', jwksUrl: 'https://user:pw@id.example/jwks' }],
  ['signInUrl', { mode: 'secret', issuer: 'a', signInUrl: 'javascript:alert(1)' }],
  ['signInHours', { mode: 'secret', issuer: 'a', signInHours: 25 }],
  ['signInHours', { mode: 'secret', issuer: 'a', signInHours: 0 }],
  ['claims.0', { mode: 'secret', issuer: 'a', claims: ['__proto__'] }],
  ['claims.0', { mode: 'secret', issuer: 'a', claims: ['constructor'] }],
  ['claims', { mode: 'secret', issuer: 'a', claims: Array.from({ length: 21 }, (_, n) => `c${n}`) }],
  ['requireSignIn', { mode: 'secret', issuer: 'a', requireSignIn: 'yes' }],
];

describe('settings', () => {
  test('a site needs a name and an origin; the rest has defaults, unknown settings are dropped', () => {
    expect(parseSite({ id: 'a', name: 'A', origins: [], epoch: 0, settings: { later: 1 } })).toEqual({
      id: 'a',
      name: 'A',
      origins: [],
      epoch: 0,
      settings: { prompts: [], theme: 'auto', pageContext: 'page', identity: { mode: 'none' }, mcpServers: [] },
    });
  });

  test('the proof of users has defaults too', () => {
    const written = { mode: 'secret', issuer: 'https://id.example' };
    expect(parseSite({ ...site, settings: { identity: written } }).settings.identity).toEqual({
      ...written,
      requireSignIn: false,
      directUserToken: false,
      claims: [],
      signInHours: 24,
    });
  });

  test.each([
    ['https://EXAMPLE.com:443', 'https://example.com'],
    ['https://example.com/', 'https://example.com'],
    ['http://localhost:8788', 'http://localhost:8788'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['https://*.Example.com', 'https://*.example.com'],
    ['https://*.example.com:443/', 'https://*.example.com'],
    ['https://*.example.com:8443', 'https://*.example.com:8443'],
    ['https://*.preview.example.co.uk', 'https://*.preview.example.co.uk'],
    ['https://*.shop.vercel.app', 'https://*.shop.vercel.app'],
    ['https://*.bücher.example', 'https://*.xn--bcher-kva.example'],
  ])('origin %s is %s (A21)', (written, normal) => {
    expect(parseSite({ ...site, origins: [written, normal] }).origins).toEqual([normal]);
  });

  test.each([
    '*',
    'https://*',
    'https://*.',
    'https://*.*',
    'https://*.com',
    'https://*.com.',
    'https://*.co.uk',
    'https://*.vercel.app',
    'https://*.github.io',
    'https://*.localhost',
    'https://*.127.0.0.1',
    'https://*.[::1]',
    'https://*example.com',
    'https://a*.example.com',
    'https://a.*.example.com',
    'https://*.*.example.com',
    'https://example.*',
    'https://%2A.example.com',
    'https://%2a.com',
    'https://＊.com',
    'https://*。com',
    'https://user@*.example.com',
    'https://*.example.com/path',
    'https://*.example.com:*',
    'http://*.example.com',
    '*.example.com',
    'https://*.user@example.com',
    'https://*./example.com',
    'https://*.\\example.com',
    'https://example.com/path',
    'https://example.com?x',
    'https://user@example.com',
    'example.com',
    'null',
    'file:///etc',
    'ftp://example.com',
    'javascript:alert(1)',
    '',
  ])('origin %j is refused (A23)', (origin) => {
    expect(() => parseSite({ ...site, origins: [origin] })).toThrow(/origins\.0 must be one origin/);
  });

  test.each([
    ['id', { ...site, id: '__proto__' }],
    ['id', { ...site, id: 'a\0' }],
    ['name', { ...site, name: ' ' }],
    ['epoch', { ...site, epoch: -1 }],
    ['settings.accent', { ...site, settings: { ...site.settings, accent: 'red; }' } }],
    ['settings.theme', { ...site, settings: { ...site.settings, theme: 'blue' } }],
    ['settings.prompts.0.label', { ...site, settings: { ...site.settings, prompts: [{ label: '', prompt: 'x' }] } }],
    ...BAD_IDENTITIES.map(([field, identity]): [string, object] => [
      `settings.identity.${field}`,
      { ...site, settings: { ...site.settings, identity } },
    ]),
    ['settings.pageContext', { ...site, settings: { ...site.settings, pageContext: 'all' } }],
  ])('a bad %s is refused by name', (field, bad) => {
    expect(() => parseSite(bad)).toThrow(`site: ${field} `);
  });
});
