import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openKeyRing } from '../../../server/auth/keys.ts';
import { createKeyRotation } from '../../../server/auth/rotate-keys.ts';
import { loadSecretFile } from '../../../server/auth/secret-file.ts';
import type { KeyStore } from '../../../server/auth/signing-key.ts';
import { type Database, openDatabase } from '../../../server/store/database.ts';
import { createKeyStore } from '../../../server/store/key-store.ts';

const SECRET = 'a secret of the tests, long enough';

describe('the key ring', () => {
  let db: Database;
  let store: KeyStore;
  let loads: number;
  let isAway: boolean;
  let now: number;

  beforeEach(async () => {
    db = await openDatabase({ url: ':memory:' });
    const real = createKeyStore(db);
    loads = 0;
    isAway = false;
    now = 1_000_000;
    store = {
      ...real,
      loadKeys: async () => {
        loads++;
        if (isAway) throw new Error('away');
        return real.loadKeys();
      },
    };
  });
  afterEach(() => db.close());
  const openRing = (secret = SECRET) => openKeyRing(store, secret, () => now);

  test('the first start makes a key, the next one finds it', async () => {
    const first = await (await openRing()).signing();
    const second = await (await openRing()).signing();
    expect(second.kid).toBe(first.kid);
    expect(second.privateKey.equals(first.privateKey)).toBe(true);
    expect(first.privateKey.asymmetricKeyType).toBe('ed25519');
  });

  test('the private key is not in the database, and another secret does not open it', async () => {
    const signing = await (await openRing()).signing();
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

  const rotationOf = (ring: Awaited<ReturnType<typeof openRing>>) =>
    createKeyRotation({ store, ring, secret: SECRET, now: () => now });
  const kidOf = async (ring: Awaited<ReturnType<typeof openRing>>) => (await ring.signing()).kid;

  test('a new key waits for a minute, signs on all servers at the same moment, and the old one still counts', async () => {
    const here = await openRing();
    const elsewhere = await openRing();
    const first = await kidOf(here);
    const next = await rotationOf(here).rotate();
    expect(next).toEqual({
      kid: expect.stringMatching(/^[\w-]{22}$/),
      state: 'standby',
      createdAt: now,
      signsFrom: now + 60_000,
    });
    expect(await rotationOf(elsewhere).rotate()).toEqual(next);
    now += 30_000;
    for (const ring of [here, elsewhere]) {
      expect(await ring.find(next.kid)).toBeDefined();
      expect(await kidOf(ring)).toBe(first);
    }
    now += 29_999;
    expect([await kidOf(here), await kidOf(elsewhere)]).toEqual([first, first]);
    now += 1;
    expect([await kidOf(here), await kidOf(elsewhere)]).toEqual([next.kid, next.kid]);
    now += 400 * 24 * 3600 * 1000;
    expect(await elsewhere.find(first)).toBeDefined();
    expect((await rotationOf(here).list()).map(({ kid, state }) => [kid, state])).toEqual([
      [next.kid, 'current'],
      [first, 'previous'],
    ]);
  });

  test('a revoked key is out here at once and elsewhere in 30 seconds, and its private part is forgotten', async () => {
    const here = await openRing();
    const elsewhere = await openRing();
    const first = await kidOf(here);
    expect(await rotationOf(here).revoke(first)).toEqual({
      kid: first,
      state: 'revoked',
      createdAt: now,
      signsFrom: now,
      revokedAt: now,
    });
    expect(await here.find(first)).toBeUndefined();
    const second = await kidOf(here);
    expect(second).not.toBe(first);
    now += 29_999;
    expect(await kidOf(elsewhere)).toBe(first);
    // What the new key signed counts there all the same.
    expect(await elsewhere.find(second)).toBeDefined();
    now += 30_000;
    expect(await kidOf(elsewhere)).toBe(second);
    expect(await elsewhere.find(first)).toBeUndefined();
    expect((await store.loadKeys()).find(({ kid }) => kid === first)?.wrappedPrivateKey).toBe('');
    // Once more changes nothing, and an unknown one is none.
    expect((await rotationOf(here).revoke(first))?.revokedAt).toBe(1_000_000);
    expect(await rotationOf(here).revoke('unknown')).toBeUndefined();
    expect(await kidOf(here)).toBe(second);
  });

  test('a key that waits, or that signed before, is revoked without another', async () => {
    const ring = await openRing();
    const first = await kidOf(ring);
    const next = await rotationOf(ring).rotate();
    await rotationOf(ring).revoke(next.kid);
    now += 60_000;
    expect(await kidOf(ring)).toBe(first);
    const third = await rotationOf(ring).rotate();
    now += 60_000;
    await rotationOf(ring).revoke(first);
    expect(await kidOf(ring)).toBe(third.kid);
    expect(await store.loadKeys()).toHaveLength(3);
  });

  test('a store that is away is no reason to forget a key, and is asked again', async () => {
    const ring = await openRing();
    const kid = await kidOf(ring);
    now += 30_000;
    isAway = true;
    await expect(ring.find(kid)).rejects.toThrow('away');
    isAway = false;
    expect(await ring.find(kid)).toBeDefined();
  });
});

describe('the secret of a server without KEY_SECRET', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pagewise-secret-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  test('is made once, also by two that start together, and only its owner may read it', async () => {
    const [first, second] = await Promise.all([
      loadSecretFile(directory, 'key-secret'),
      loadSecretFile(directory, 'key-secret'),
    ]);
    expect(first).toMatch(/^[\w-]{43}$/);
    expect(second).toBe(first);
    expect(await loadSecretFile(directory, 'key-secret')).toBe(first);
    const path = join(directory, 'key-secret');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await readFile(path, 'utf8')).trim()).toBe(first);
  });

  test('is refused when the file is not whole', async () => {
    await writeFile(join(directory, 'key-secret'), 'short');
    await expect(loadSecretFile(directory, 'key-secret')).rejects.toThrow(/key-secret is not whole/);
  });
});
