/** What one site remembers in this browser. Every method works, for the life of the page, where storage is blocked. */
export interface SiteMemory {
  visitorToken: Slot;
  /** The thread that was open last: the next page of the site shows it again. */
  threadId: Slot;
}

export interface Slot {
  get: () => string | undefined;
  /** `undefined` forgets. */
  set: (value: string | undefined) => void;
}

/** Tokens and ids are of these characters; anything else was put there by a hand or a fault. */
const PLAUSIBLE = /^[\w.-]{8,512}$/;

export function openSiteMemory(siteToken: string): SiteMemory {
  const site = siteIdOf(siteToken);
  return { visitorToken: slot(`pagewise:${site}:visitor`), threadId: slot(`pagewise:${site}:thread`) };
}

function slot(key: string): Slot {
  /** Holds what storage would not take, and nothing else: what another tab has removed is gone here too. */
  let inMemory: string | undefined;
  return {
    get() {
      try {
        const value = localStorage.getItem(key) ?? '';
        if (PLAUSIBLE.test(value)) return value;
      } catch {
        // Blocked, as in a sandboxed frame.
      }
      return inMemory;
    },
    set(value) {
      inMemory = undefined;
      try {
        // First, so that a full storage does not keep the value of before.
        localStorage.removeItem(key);
        if (value !== undefined) localStorage.setItem(key, value);
      } catch {
        inMemory = value;
      }
    },
  };
}

/**
 * The site that a token speaks for, read without checking it: only the name of a storage key hangs on it, and it
 * stays the same when the owner renews the token.
 */
function siteIdOf(siteToken: string): string {
  try {
    const payload = (siteToken.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const { sub } = JSON.parse(atob(payload)) as { sub?: unknown };
    if (typeof sub === 'string' && sub) return sub;
  } catch {
    // Not a token of ours: the server will say so.
  }
  return siteToken;
}
