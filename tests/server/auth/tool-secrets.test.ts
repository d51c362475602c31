import { afterEach, expect, test } from 'vitest';
import { createToolSecrets } from '../../../server/auth/tool-secrets.ts';
import { type Database, openDatabase } from '../../../server/store/database.ts';
import { createToolSecretStore } from '../../../server/store/tool-secret-store.ts';

let db: Database;
afterEach(() => db.close());

async function open() {
  db = await openDatabase({ url: ':memory:' });
  const store = createToolSecretStore(db);
  return { store, secrets: createToolSecrets({ store, keySecret: 'a secret of the tests', now: Date.now }) };
}

test('a credential is read by its own site and server alone, and not from the database', async () => {
  const { secrets } = await open();
  await secrets.set('docs', 'orders', 'Bearer canary-of-orders');

  expect(await secrets.load('docs', 'orders')).toBe('Bearer canary-of-orders');
  expect(await secrets.load('docs', 'invoices')).toBeUndefined();
  expect(await secrets.load('shop', 'orders')).toBeUndefined();
  const [rows] = await db.read([{ sql: 'SELECT * FROM mcp_secrets', args: [] }]);
  expect(rows?.rows).toHaveLength(1);
  expect(JSON.stringify(rows)).not.toContain('canary');
});

test('P8 a row that was moved to another site or server opens nothing', async () => {
  const { secrets, store } = await open();
  await secrets.set('docs', 'orders', 'Bearer canary');
  const wrapped = (await store.loadToolSecret('docs', 'orders')) ?? '';
  await store.saveToolSecret('shop', 'orders', wrapped, 0);
  await store.saveToolSecret('docs', 'invoices', wrapped, 0);

  await expect(secrets.load('shop', 'orders')).rejects.toThrow('KEY_SECRET does not open the credentials of tools');
  await expect(secrets.load('docs', 'invoices')).rejects.toThrow('KEY_SECRET does not open');
});

test('a new one takes the place of the old one, and none is left after it was removed', async () => {
  const { secrets } = await open();
  await secrets.set('docs', 'orders', 'one');
  await secrets.set('docs', 'orders', 'two');
  expect(await secrets.load('docs', 'orders')).toBe('two');
  expect(await secrets.remove('docs', 'orders')).toBe(true);
  expect(await secrets.load('docs', 'orders')).toBeUndefined();
  expect(await secrets.remove('docs', 'orders')).toBe(false);
});

test.each(['', ' a', 'a ', 'a\r\nx-evil: 1', 'a\0', 'é', 'a'.repeat(4097)])('%j is none', async (value) => {
  const { secrets } = await open();
  await expect(secrets.set('docs', 'orders', value)).rejects.toThrow('must be one line');
});
