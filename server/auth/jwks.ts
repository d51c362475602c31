import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { ApiError } from '../errors.ts';
import type { GuardedFetch } from '../net/guarded-fetch.ts';

/** The public keys that the issuers of user tokens publish (RFC 7517). */
export interface Jwks {
  /**
   * The one key of the set at `url` that may have signed a token with this header; `undefined` when there is none, or
   * more than one. Throws `ApiError` `user_token_unavailable` when the set cannot be had.
   */
  find(url: string, header: { kid?: string | undefined; alg: string }): Promise<KeyObject | undefined>;
}

/** Milliseconds. A key that the issuer has taken out counts no longer than this. */
const MAX_AGE_MS = 10 * 60 * 1000;
/** Milliseconds since the set was read: an issuer that is away does not lock its users out at once. */
const MAX_STALE_MS = 60 * 60 * 1000;
/** Milliseconds. Anybody can send a token with an unknown `kid`: the issuer is asked at most this often. */
const COOLDOWN_MS = 30_000;
/** Milliseconds: a page that signs its user in has an answer within 5 s. */
const TIMEOUT_MS = 4_500;
/** With what the socket has read ahead it stays below 512 KB. 32 keys with their certificates are smaller. */
const MAX_BYTES = 384 * 1024;
const MAX_KEYS = 32;
/** Sets that are remembered: the one that was first asked for goes. */
const MAX_SETS = 1_000;

interface KeySet {
  keys: PublicKey[];
  /** When `keys` were asked for. */
  readAt: number;
  askedAt: number;
  /** Whether the last attempt brought an answer. */
  isCurrent: boolean;
  loading?: Promise<void> | undefined;
}

/** `now` in milliseconds. */
export function createJwks({ fetch, now }: { fetch: GuardedFetch; now: () => number }): Jwks {
  const sets = new Map<string, KeySet>();

  function setOf(url: string): KeySet {
    const known = sets.get(url);
    if (known) return known;
    const never = Number.NEGATIVE_INFINITY;
    const set: KeySet = { keys: [], readAt: never, askedAt: never, isCurrent: false };
    sets.set(url, set);
    const [oldest] = sets.keys();
    if (sets.size > MAX_SETS && oldest !== undefined) sets.delete(oldest);
    return set;
  }

  async function load(url: string, set: KeySet): Promise<void> {
    set.askedAt = now();
    try {
      set.keys = await readKeys(fetch, url);
      set.readAt = set.askedAt;
      set.isCurrent = true;
    } catch {
      set.isCurrent = false;
    }
  }

  /** Asks the issuer unless that was done a moment ago. Calls at the same time wait for the same answer. */
  async function refresh(url: string, set: KeySet): Promise<void> {
    if (!set.loading && now() - set.askedAt < COOLDOWN_MS) return;
    set.loading ??= load(url, set).finally(() => {
      set.loading = undefined;
    });
    await set.loading;
  }

  return {
    async find(url, { kid, alg }) {
      if (!ALGORITHMS.has(alg)) return undefined;
      const set = setOf(url);
      const fitting = () => set.keys.filter((key) => key.alg === alg && (kid === undefined || key.kid === kid));
      if (now() - set.readAt >= MAX_AGE_MS) await refresh(url, set);
      if (now() - set.readAt > MAX_STALE_MS) throw unavailable();
      if (fitting().length === 0) {
        await refresh(url, set);
        // The key may be a new one: only a set that could be had says that there is no such key.
        if (fitting().length === 0 && !set.isCurrent) throw unavailable();
      }
      const [key, ...others] = fitting();
      return others.length === 0 ? key?.key : undefined;
    },
  };
}

/** The keys of a set that we take, asked for now. Rejects when the set cannot be had. */
export async function readKeys(fetch: GuardedFetch, url: string): Promise<PublicKey[]> {
  const response = await fetch(url, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`It answers ${response.status}.`);
  }
  const { keys } = keySet.parse(await response.json());
  return keys.flatMap((key) => toPublicKey(key) ?? []);
}

const keySet = z.object({ keys: z.array(z.unknown()).max(MAX_KEYS) });

/** What every key may say about itself; one that is not meant for signatures is none of ours. */
const common = {
  kid: z.string().optional(),
  use: z.literal('sig').optional(),
  key_ops: z
    .array(z.string())
    .refine((operations) => operations.includes('verify'))
    .optional(),
  d: z.unknown().optional(),
};

/** A key belongs to one algorithm, whatever the header of a token says (RFC 8725 §3.1): no `alg` means that one. */
const jwk = z.discriminatedUnion('kty', [
  z.object({
    ...common,
    kty: z.literal('RSA'),
    alg: z.literal('RS256').default('RS256'),
    n: z.string(),
    e: z.string(),
  }),
  z.object({
    ...common,
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    alg: z.literal('ES256').default('ES256'),
    x: z.string(),
    y: z.string(),
  }),
  z.object({
    ...common,
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    alg: z.literal('EdDSA').default('EdDSA'),
    x: z.string(),
  }),
]);

const ALGORITHMS = new Set(['RS256', 'ES256', 'EdDSA']);

interface PublicKey {
  kid: string | undefined;
  alg: z.infer<typeof jwk>['alg'];
  key: KeyObject;
}

/** `undefined` for a key that we do not take: sets hold keys for others too. */
function toPublicKey(value: unknown): PublicKey | undefined {
  const { data } = jwk.safeParse(value);
  // A published private part would let anybody sign.
  if (!data || data.d !== undefined) return undefined;
  try {
    // Refuses a point that is not on the curve.
    const key = createPublicKey({ key: data as JsonWebKey, format: 'jwk' });
    return data.kty === 'RSA' && !isSoundRsa(key) ? undefined : { kid: data.kid, alg: data.alg, key };
  } catch {
    return undefined;
  }
}

/** Bits. A smaller modulus can be factored (RFC 7518 §3.3); a larger one only costs us time. */
const RSA_BITS = { min: 2_048, max: 8_192 };

/** With the exponent 1 the signature is the message; an even one has no inverse. */
function isSoundRsa(key: KeyObject): boolean {
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  const isExponent = publicExponent >= 3n && publicExponent % 2n === 1n && publicExponent < 2n ** 32n;
  return modulusLength >= RSA_BITS.min && modulusLength <= RSA_BITS.max && isExponent;
}

function unavailable(): ApiError {
  return new ApiError('user_token_unavailable', 'The keys of the issuer cannot be had right now.');
}
