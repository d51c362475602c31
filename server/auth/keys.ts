import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { unwrap, wrap } from './wrap.ts';

/** A signing key as it is kept: the public part as SPKI, the private one as wrapped PKCS #8, both base64url. */
export interface StoredKey {
  kid: string;
  publicKey: string;
  wrappedPrivateKey: string;
  /** Milliseconds. */
  createdAt: number;
}

export interface KeyStore {
  /** Newest first. */
  loadKeys(): Promise<StoredKey[]>;
  saveKey(key: StoredKey): Promise<void>;
}

export interface KeyRing {
  /** The key that signs: the newest at start. */
  signing: { kid: string; privateKey: KeyObject };
  /** The public key of that id, if it is one of ours. */
  find(kid: string): Promise<KeyObject | undefined>;
}

/** An unknown id may be a key that another server made a moment ago, or noise: the store is asked at most this often. */
const RELOAD_MS = 30_000;

/** Loads the signing keys, or makes the first one. Throws when `secret` does not open them. */
export async function openKeyRing(store: KeyStore, secret: string, now: () => number): Promise<KeyRing> {
  let stored = await store.loadKeys();
  if (stored.length === 0) {
    await store.saveKey(makeKey(secret, now()));
    // Read again rather than kept: on a shared database another server may have made one at the same time.
    stored = await store.loadKeys();
  }
  const [newest] = stored;
  if (!newest) throw new Error('The signing key that was just saved is not there.');
  const privateKey = createPrivateKey({
    key: unwrap(newest.wrappedPrivateKey, { purpose: 'signing keys', row: newest.kid, secret }),
    format: 'der',
    type: 'pkcs8',
  });

  let publicKeys = toPublicKeys(stored);
  let loadedAt = now();
  return {
    signing: { kid: newest.kid, privateKey },
    async find(kid) {
      if (!publicKeys.has(kid) && now() - loadedAt >= RELOAD_MS) {
        loadedAt = now();
        publicKeys = toPublicKeys(await store.loadKeys());
      }
      return publicKeys.get(kid);
    },
  };
}

function makeKey(secret: string, createdAt: number): StoredKey {
  const kid = randomBytes(16).toString('base64url');
  const pair = generateKeyPairSync('ed25519');
  return {
    kid,
    publicKey: pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64url'),
    wrappedPrivateKey: wrap(pair.privateKey.export({ format: 'der', type: 'pkcs8' }), {
      purpose: 'signing keys',
      row: kid,
      secret,
    }),
    createdAt,
  };
}

function toPublicKeys(stored: StoredKey[]): Map<string, KeyObject> {
  return new Map(
    stored.map(({ kid, publicKey }) => [
      kid,
      createPublicKey({ key: Buffer.from(publicKey, 'base64url'), format: 'der', type: 'spki' }),
    ]),
  );
}
