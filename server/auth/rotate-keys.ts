import type { KeyRing } from './keys.ts';
import { type KeyState, type KeyStore, makeKey, type StoredKey, withStates } from './signing-key.ts';

/** What may be shown of a signing key. Times in milliseconds. */
export interface KeyInfo {
  kid: string;
  state: KeyState;
  createdAt: number;
  signsFrom: number;
  revokedAt?: number;
}

/** What an operator does to the signing keys. */
export interface KeyRotation {
  list(): Promise<KeyInfo[]>;
  /** Makes the next key, which signs in a minute, or tells which one already waits. */
  rotate(): Promise<KeyInfo>;
  /**
   * Ends a key and all that it signed: here at once, on every server within half a minute. A key that signs is
   * replaced in the same step. `undefined` when there is no such key.
   */
  revoke(kid: string): Promise<KeyInfo | undefined>;
}

/** Milliseconds: every ring reads the key within 30 s, and clocks may differ by 30 s. */
const STANDBY_MS = 60_000;

interface KeyRotationOptions {
  store: KeyStore;
  ring: KeyRing;
  secret: string;
  /** Milliseconds. */
  now: () => number;
}

export function createKeyRotation({ store, ring, secret, now }: KeyRotationOptions): KeyRotation {
  const list = async (): Promise<KeyInfo[]> => withStates(await store.loadKeys(), now()).map(describe);
  return {
    list,
    async rotate() {
      const waiting = (await list()).find(({ state }) => state === 'standby');
      if (waiting) return waiting;
      const key = makeKey(secret, now(), now() + STANDBY_MS);
      await store.saveKey(key);
      await ring.reload();
      return describe({ key, state: 'standby' });
    },
    async revoke(kid) {
      const found = (await list()).find((key) => key.kid === kid);
      if (!found || found.state === 'revoked') return found;
      const successor = found.state === 'current' ? makeKey(secret, now(), now()) : undefined;
      await store.revokeKey(kid, now(), successor);
      await ring.reload();
      return (await list()).find((key) => key.kid === kid);
    },
  };
}

function describe({ key, state }: { key: StoredKey; state: KeyState }): KeyInfo {
  const { kid, createdAt, signsFrom, revokedAt } = key;
  return { kid, state, createdAt, signsFrom, ...(revokedAt !== undefined && { revokedAt }) };
}
