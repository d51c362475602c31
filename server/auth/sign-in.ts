import type { Site } from '../context.ts';
import { ApiError } from '../errors.ts';
import type { UserProof } from './user-token.ts';
import { isSeenLongAgo, type KeptToken, type KnownVisitor, newVisitor, type VisitorStore } from './visitors.ts';

export interface SignInDeps {
  visitors: VisitorStore;
  turns: {
    /** Ends what the visitor has under way; resolves when it is stored: it would be written for the wrong owner. */
    endOf(siteId: string, visitorId: string): Promise<void>;
  };
  /** Sessions of this visitor count no more in this process. */
  forget(siteId: string, visitorId: string): void;
}

interface Arrival {
  site: Site;
  origin: string;
  /** By its visitor token. */
  known: KnownVisitor | undefined;
  /** Milliseconds. */
  now: number;
  /** Where the site has tools that are called with the user's token: what is kept of it, for this visitor. */
  keepToken?: (visitorId: string) => KeptToken;
}

/**
 * The visitor that a session is for, when nobody proves to be a user: the known one, or a new one. A known token is
 * kept, because replacing it on each page loses the history whenever a navigation drops the response. Throws
 * `user_token_required` where only users may chat, and for a sign-in that was proven too long ago.
 */
export async function comeBack({ visitors }: SignInDeps, { site, origin, known, now }: Arrival): Promise<KnownVisitor> {
  const { identity } = site.settings;
  if (known?.signIn) {
    const hours = identity.mode === 'none' ? 0 : identity.signInHours;
    if (now - known.signIn.at >= hours * 60 * 60 * 1000) throw signInNeeded(site);
  } else if (requiresSignIn(site)) throw signInNeeded(site);
  if (!known) {
    const fresh = newVisitor({ siteId: site.id, origin }, now, undefined);
    await visitors.saveVisitor(fresh.key, fresh);
    return fresh;
  }
  if (isSeenLongAgo(known, now)) await visitors.saveVisitor(known.key, { ...known, seenAt: now });
  return known;
}

/**
 * The visitor that a session is for, when the site has proven who that is. A visitor who was nobody before is replaced
 * by one who is the user, and takes all threads along; of a visitor who was another user nothing is taken. The token
 * of the old one is unknown from then on: whoever planted or copied it reads nothing.
 */
export async function signIn(deps: SignInDeps, { owner, user }: UserProof, arrival: Arrival): Promise<KnownVisitor> {
  const { site, origin, known, now, keepToken } = arrival;
  const { visitors } = deps;
  const proven = { owner, user, at: now };
  const withToken = (visitor: KnownVisitor): KnownVisitor => ({
    ...visitor,
    signIn: { ...proven, ...(keepToken && { token: keepToken(visitor.id) }) },
  });
  if (known?.signIn?.owner === owner) {
    const same = withToken({ ...known, seenAt: now });
    await visitors.saveVisitor(known.key, same);
    deps.forget(site.id, known.id);
    return same;
  }
  const next = withToken(newVisitor({ siteId: site.id, origin }, now, proven));
  if (!known) {
    await visitors.saveVisitor(next.key, next);
    return next;
  }
  await deps.turns.endOf(site.id, known.id);
  const ended = { siteId: site.id, id: known.id, ...(!known.signIn && { newOwner: owner }) };
  await visitors.replaceVisitor(ended, next.key, next);
  deps.forget(site.id, known.id);
  return next;
}

export function requiresSignIn({ settings: { identity } }: Site): boolean {
  return identity.mode !== 'none' && identity.requireSignIn;
}

/** With what a panel needs to say so. */
export function signInNeeded({ name, settings: { identity } }: Site): ApiError {
  const url = identity.mode === 'none' ? undefined : identity.signInUrl;
  return new ApiError('user_token_required', 'A user token is needed.', {
    signIn: { site: name, ...(url !== undefined && { url }) },
  });
}
