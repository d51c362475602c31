import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { type KeyStore, makeKey, type StoredKey, withStates } from './signing-key.ts';
import { unwrap } from './wrap.ts';

/** The keys as this process knows them: never older than `RELOAD_MS`. */
export interface KeyRing {
  /** The key that signs now. */
  signing(): Promise<{ kid: string; privateKey: KeyObject }>;
  /** The public key of that id, if it is one of ours and not revoked. */
  find(kid: string): Promise<KeyObject | undefined>;
  /** Sees a change of the store at once. */
  reload(): Promise<void>;
}

/** How often the store is asked, in milliseconds: a standby key is known and a revoked one is out in half a minute. */
const RELOAD_MS = 30_000;
/** What was read this second has every key there is: another question would be for noise. */
const FRESH_MS = 1_000;

/** Loads the signing keys, or makes the first one. Throws when `secret` does not open the one that signs. */
export async function openKeyRing(store: KeyStore, secret: string, now: () => number): Promise<KeyRing> {
  if ((await store.loadKeys()).length === 0) await store.saveKey(makeKey(secret, now(), now()));
  let stored: StoredKey[] = [];
  let publicKeys = new Map<string, KeyObject>();
  let loadedAt = Number.NEGATIVE_INFINITY;
  let soughtAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | undefined;
  let asked = 0;
  let answered = 0;
  const privateKeys = new Map<string, KeyObject>();

  async function load(): Promise<void> {
    const at = now();
    const turn = ++asked;
    const found = await store.loadKeys();
    // Two answers of a remote store may come in the wrong order.
    if (turn < answered) return;
    answered = turn;
    stored = found;
    publicKeys = toPublicKeys(stored);
    loadedAt = at;
  }
  // Calls at the same time wait for the same answer.
  function loadOnce(): Promise<void> {
    loading ??= load().finally(() => {
      loading = undefined;
    });
    return loading;
  }
  const refresh = async (maxAge: number): Promise<void> => {
    if (now() - loadedAt >= maxAge) await loadOnce();
  };

  const ring: KeyRing = {
    async signing() {
      await refresh(RELOAD_MS);
      const current = withStates(stored, now()).find(({ state }) => state === 'current')?.key;
      if (!current) throw new Error('There is no signing key in the database.');
      const { kid, wrappedPrivateKey } = current;
      const privateKey = privateKeys.get(kid) ?? openKey(kid, wrappedPrivateKey, secret);
      privateKeys.set(kid, privateKey);
      return { kid, privateKey };
    },
    async find(kid) {
      await refresh(RELOAD_MS);
      // A key that another server made a moment ago, or noise: the store is asked at most every `RELOAD_MS` for it.
      if (!publicKeys.has(kid) && now() - soughtAt >= RELOAD_MS && now() - loadedAt >= FRESH_MS) {
        soughtAt = now();
        await loadOnce();
      }
      return publicKeys.get(kid);
    },
    // Not `loadOnce`: a load that is under way may have read what was there before the change.
    reload: () => load(),
  };
  // On a shared database another server may have made a first key at the same time: the store knows which one signs.
  await ring.signing();
  return ring;
}

function openKey(kid: string, wrapped: string, secret: string): KeyObject {
  const der = unwrap(wrapped, { purpose: 'signing keys', row: kid, secret });
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

function toPublicKeys(stored: StoredKey[]): Map<string, KeyObject> {
  return new Map(
    stored
      .filter(({ revokedAt }) => revokedAt === undefined)
      .map(({ kid, publicKey }) => [
        kid,
        createPublicKey({ key: Buffer.from(publicKey, 'base64url'), format: 'der', type: 'spki' }),
      ]),
  );
}
