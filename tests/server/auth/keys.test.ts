import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadKeySecret } from '../../../server/auth/key-secret.ts';
import { type KeyStore, openKeyRing } from '../../../server/auth/keys.ts';
import { type Database, openDatabase } from '../../../server/store/database.ts';
import { createKeyStore } from '../../../server/store/key-store.ts';

const SECRET = 'a secret of the tests, long enough';

describe('the key ring', () => {
  let db: Database;
  let store: KeyStore;
  let loads: number;
  let now: number;

  beforeEach(async () => {
    db = await openDatabase({ url: ':memory:' });
    const real = createKeyStore(db);
    loads = 0;
    now = 1_000_000;
    store = {
      ...real,
      loadKeys: () => {
        loads++;
        return real.loadKeys();
      },
    };
  });
  afterEach(() => db.close());
  const openRing = (secret = SECRET) => openKeyRing(store, secret, () => now);

  test('the first start makes a key, the next one finds it', async () => {
    const first = await openRing();
    const second = await openRing();
    expect(second.signing.kid).toBe(first.signing.kid);
    expect(second.signing.privateKey.equals(first.signing.privateKey)).toBe(true);
    expect(first.signing.privateKey.asymmetricKeyType).toBe('ed25519');
  });

  test('the private key is not in the database, and another secret does not open it', async () => {
    const { signing } = await openRing();
    const [row] = await store.loadKeys();
    const raw = Buffer.from(String(signing.privateKey.export({ format: 'jwk' }).d), 'base64url');
    expect(Buffer.from(String(row?.wrappedPrivateKey), 'base64url').includes(raw)).toBe(false);
    await expect(openRing('another secret that is long enough')).rejects.toThrow(/KEY_SECRET does not open/);
  });

  test('a wrapped key that was moved to another id does not open (P8)', async () => {
    await openRing();
    await db.write([{ sql: `UPDATE keys SET kid = 'moved'`, args: [] }]);
    await expect(openRing()).rejects.toThrow(/KEY_SECRET does not open/);
  });

  test('A11 a thousand unknown ids ask the store at most once in 30 seconds', async () => {
    const ring = await openRing();
    loads = 0;
    now += 30_000;
    for (let n = 0; n < 1_000; n++) expect(await ring.find(`unknown-${n}`)).toBeUndefined();
    expect(loads).toBe(1);
  });

  test('a key that another server made later is found', async () => {
    const ring = await openRing();
    const [row] = await store.loadKeys();
    if (row) await store.saveKey({ ...row, kid: 'later', createdAt: now });
    expect(await ring.find('later')).toBeUndefined();
    now += 30_000;
    expect(await ring.find('later')).toBeDefined();
  });
});

describe('the secret of a server without KEY_SECRET', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pagewise-secret-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  test('is made once, also by two that start together, and only its owner may read it', async () => {
    const [first, second] = await Promise.all([loadKeySecret(directory), loadKeySecret(directory)]);
    expect(first).toMatch(/^[\w-]{43}$/);
    expect(second).toBe(first);
    expect(await loadKeySecret(directory)).toBe(first);
    const path = join(directory, 'key-secret');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await readFile(path, 'utf8')).trim()).toBe(first);
  });

  test('is refused when the file is not whole', async () => {
    await writeFile(join(directory, 'key-secret'), 'short');
    await expect(loadKeySecret(directory)).rejects.toThrow(/key-secret is not whole/);
  });
});
