import { createHash, randomBytes } from 'node:crypto';

/** Where a visitor token counts: nowhere else is it known. */
export interface VisitorKey {
  /** SHA-256 of the token, base64url: the token itself is nowhere at rest. */
  tokenHash: string;
  siteId: string;
  origin: string;
}
export interface Visitor {
  /** `v_…`: also the owner of the visitor's threads. */
  id: string;
  /** Milliseconds; the last session, to the hour. */
  seenAt: number;
}
export interface VisitorStore {
  loadVisitor(key: VisitorKey): Promise<Visitor | undefined>;
  /** Inserts, or notes when the visitor was seen. */
  saveVisitor(key: VisitorKey, visitor: Visitor): Promise<void>;
}

const HOUR_MS = 60 * 60 * 1000;
const IDLE_MS = 90 * 24 * HOUR_MS;

interface Recognition {
  store: VisitorStore;
  siteId: string;
  origin: string;
  /** What the client sent, unchecked. */
  token: unknown;
  now: number;
}

/**
 * The visitor of a token, or a new one with a token of their own: a token that is unknown, foreign or idle for 90 days
 * is no error, the history is just not there. A known token is kept, because replacing it on each page loses the
 * history whenever a navigation drops the response.
 */
export async function recogniseVisitor({
  store,
  siteId,
  origin,
  token,
  now,
}: Recognition): Promise<{ id: string; token: string }> {
  if (typeof token === 'string' && /^[\w-]{43}$/.test(token)) {
    const key = { tokenHash: hash(token), siteId, origin };
    const visitor = await store.loadVisitor(key);
    if (visitor && now - visitor.seenAt < IDLE_MS) {
      // To the hour: a write for each page view would buy nothing.
      if (now - visitor.seenAt >= HOUR_MS) await store.saveVisitor(key, { id: visitor.id, seenAt: now });
      return { id: visitor.id, token };
    }
  }
  const fresh = { id: `v_${randomBytes(16).toString('base64url')}`, token: randomBytes(32).toString('base64url') };
  await store.saveVisitor({ tokenHash: hash(fresh.token), siteId, origin }, { id: fresh.id, seenAt: now });
  return fresh;
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
