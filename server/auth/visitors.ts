import { createHash, randomBytes } from 'node:crypto';
import type { User } from '../context.ts';

/** Where a visitor token counts: nowhere else is it known. */
export interface VisitorKey {
  /** SHA-256 of the token, base64url: the token itself is nowhere at rest. */
  tokenHash: string;
  siteId: string;
  origin: string;
}

/** Proof that was given of who a visitor is. */
export interface SignIn {
  /** `u_…`: whose threads this visitor reads and writes from then on. */
  owner: string;
  user: User;
  /** Milliseconds; when the site's token was shown last. */
  at: number;
  /** That token, where the site has tools that are called with it. */
  token?: KeptToken;
}

/** A user token as it is kept. */
export interface KeptToken {
  wrapped: string;
  /** Milliseconds; its `exp`. */
  expiresAt: number;
}

export interface Visitor {
  /** `v_…`: also the owner of the threads of a visitor who has not signed in. */
  id: string;
  /** Milliseconds; the last session, to the hour. */
  seenAt: number;
  /** A visitor is born with it or without it, and never changes from one to the other. */
  signIn?: SignIn;
}

export interface VisitorStore {
  loadVisitor(key: VisitorKey): Promise<Visitor | undefined>;
  /** By its id, for what a session says. */
  findVisitor(siteId: string, id: string): Promise<Visitor | undefined>;
  /** Inserts, or notes when the visitor was seen and what is known of the user. */
  saveVisitor(key: VisitorKey, visitor: Visitor): Promise<void>;
  /**
   * In one write: `next` comes, the visitor of `ended` goes, and all that it owns itself becomes that of `newOwner`,
   * when there is one. Somebody who was faster with the same has left nothing to move, and is no error.
   */
  replaceVisitor(
    ended: { siteId: string; id: string; newOwner?: string },
    key: VisitorKey,
    next: Visitor,
  ): Promise<void>;
  /** A missing one is no error. */
  endVisitor(siteId: string, id: string): Promise<void>;
  /** Forgets the user tokens that have run out at that time, in milliseconds. */
  dropTokens(endedBy: number): Promise<void>;
}

const HOUR_MS = 60 * 60 * 1000;
const IDLE_MS = 90 * 24 * HOUR_MS;

/** A visitor with the token that is theirs. */
export interface KnownVisitor extends Visitor {
  token: string;
  key: VisitorKey;
}

/** Who has this token here; `undefined` for one that is unknown, foreign or idle for 90 days, and for what is none. */
export async function recogniseVisitor(
  store: VisitorStore,
  place: { siteId: string; origin: string },
  token: string | undefined,
  now: number,
): Promise<KnownVisitor | undefined> {
  if (token === undefined || !/^[\w-]{43}$/.test(token)) return undefined;
  const key = { tokenHash: hash(token), ...place };
  const visitor = await store.loadVisitor(key);
  return visitor && now - visitor.seenAt < IDLE_MS ? { ...visitor, token, key } : undefined;
}

/** Not stored yet. */
export function newVisitor(
  place: { siteId: string; origin: string },
  now: number,
  signIn: SignIn | undefined,
): KnownVisitor {
  const token = randomBytes(32).toString('base64url');
  const id = `v_${randomBytes(16).toString('base64url')}`;
  return { id, seenAt: now, token, key: { tokenHash: hash(token), ...place }, ...(signIn && { signIn }) };
}

/** To the hour: a write for each page view would buy nothing. */
export function isSeenLongAgo({ seenAt }: Visitor, now: number): boolean {
  return now - seenAt >= HOUR_MS;
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
