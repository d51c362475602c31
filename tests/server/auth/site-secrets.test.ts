import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSiteSecrets, type SiteSecrets } from '../../../server/auth/site-secrets.ts';
import { type Database, openDatabase } from '../../../server/store/database.ts';
import { createSecretStore } from '../../../server/store/secret-store.ts';

let db: Database;
let now: number;
let secrets: SiteSecrets;
const open = (keySecret = 'a secret of the tests, long enough') =>
  createSiteSecrets({ store: createSecretStore(db), keySecret, now: () => now });

beforeEach(async () => {
  db = await openDatabase({ url: ':memory:' });
  now = 1_000_000;
  secrets = open();
});
afterEach(() => db.close());

const secretOf = (letter: string) => letter.repeat(32);
const texts = async (siteId: string, from = secrets) =>
  (await from.loadSecrets(siteId)).map((bytes) => new TextDecoder().decode(bytes));

test('two are active, the newest first, and a third ends the oldest', async () => {
  expect(await texts('docs')).toEqual([]);
  await secrets.add('docs', secretOf('a'));
  now += 1_000;
  await secrets.add('docs', secretOf('b'));
  await secrets.add('shop', secretOf('s'));
  expect(await texts('docs')).toEqual([secretOf('b'), secretOf('a')]);
  const { id } = await secrets.add('docs', secretOf('c'));
  expect(await texts('docs')).toEqual([secretOf('c'), secretOf('b')]);
  expect(await texts('shop')).toEqual([secretOf('s')]);
  expect(await secrets.list('docs')).toEqual([
    { id, createdAt: 1_001_000 },
    { id: expect.stringMatching(/^sec_[\w-]{22}$/), createdAt: 1_001_000 },
  ]);
});

test('one that was removed ends at once here, and within 30 seconds elsewhere', async () => {
  const { id } = await secrets.add('docs', secretOf('a'));
  const elsewhere = open();
  expect(await texts('docs', elsewhere)).toEqual([secretOf('a')]);
  expect(await secrets.remove('shop', id)).toBe(false);
  expect(await secrets.remove('docs', id)).toBe(true);
  expect(await texts('docs')).toEqual([]);
  now += 30_000;
  expect(await texts('docs', elsewhere)).toEqual([]);
});

test.each([31, 1_025])('B3 a secret of %i bytes is refused', async (length) => {
  await expect(secrets.add('docs', 'x'.repeat(length))).rejects.toMatchObject({
    code: 'invalid_request',
    message: 'site: identity.secret must be 32 to 1024 bytes long',
  });
  expect(await secrets.list('docs')).toEqual([]);
});

test('the database does not hold it, and another KEY_SECRET or another site does not open it (P8)', async () => {
  await secrets.add('docs', secretOf('a'));
  const [found] = await db.read([{ sql: 'SELECT * FROM site_secrets', args: [] }]);
  const kept = JSON.stringify(found?.rows);
  for (const form of ['utf8', 'base64', 'base64url', 'hex'] as const)
    expect(kept).not.toContain(Buffer.from(secretOf('a')).toString(form).slice(0, 40));
  await expect(open('another secret that is long enough').loadSecrets('docs')).rejects.toThrow(
    'KEY_SECRET does not open the site secrets in the database',
  );
  await db.write([{ sql: `UPDATE site_secrets SET site_id = 'shop'`, args: [] }]);
  await expect(open().loadSecrets('shop')).rejects.toThrow('KEY_SECRET does not open the site secrets');
});
