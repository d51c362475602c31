import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { wrap } from './wrap.ts';

/** A signing key as it is kept: the public part as SPKI, the private one as wrapped PKCS #8, both base64url. */
export interface StoredKey {
  kid: string;
  publicKey: string;
  /** Empty once the key is revoked. */
  wrappedPrivateKey: string;
  /** Milliseconds. */
  createdAt: number;
  /** Milliseconds. From then on this key signs, until a later one does: every server changes at the same moment. */
  signsFrom: number;
  /** Milliseconds. What it signed counts no more. */
  revokedAt?: number;
}

export interface KeyStore {
  /** The one that signs last comes first. */
  loadKeys(): Promise<StoredKey[]>;
  saveKey(key: StoredKey): Promise<void>;
  /** Notes the moment, forgets the private part, and adds `successor` if there is one: all or nothing. */
  revokeKey(kid: string, revokedAt: number, successor?: StoredKey): Promise<void>;
}

/**
 * `standby`: known, and signs later. `current`: signs. `previous`: what it signed still counts, for as long as that
 * lives. `revoked`: nothing of it counts.
 */
export type KeyState = 'standby' | 'current' | 'previous' | 'revoked';

/** The state of each key, in the order of `loadKeys`. */
export function withStates(keys: StoredKey[], now: number): { key: StoredKey; state: KeyState }[] {
  const current = keys.find(({ revokedAt, signsFrom }) => revokedAt === undefined && signsFrom <= now);
  return keys.map((key) => {
    if (key.revokedAt !== undefined) return { key, state: 'revoked' };
    if (key === current) return { key, state: 'current' };
    return { key, state: key.signsFrom > now ? 'standby' : 'previous' };
  });
}

/** A new Ed25519 key. Times in milliseconds. */
export function makeKey(secret: string, createdAt: number, signsFrom: number): StoredKey {
  const kid = randomBytes(16).toString('base64url');
  const pair = generateKeyPairSync('ed25519');
  const privateKey = pair.privateKey.export({ format: 'der', type: 'pkcs8' });
  return {
    kid,
    publicKey: pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64url'),
    wrappedPrivateKey: wrap(privateKey, { purpose: 'signing keys', row: kid, secret }),
    createdAt,
    signsFrom,
  };
}
