import { createHash } from 'node:crypto';
import type { Context } from '../../context.ts';

/** A call that a model wants and nobody has made yet. */
export interface AskedCall {
  /** Names as the site's owner and the server have them. */
  server: string;
  tool: string;
  /** What the tool is called when a visitor reads of it. */
  title: string;
  args: Record<string, unknown>;
}

export type Verdict = 'approved' | 'declined';

export interface Approval {
  call: AskedCall;
  /** As `hashCall` made it when the visitor was asked. */
  hash: string;
  /** Milliseconds. */
  createdAt: number;
  verdict?: Verdict;
}

/** For how long a question may be answered with yes, in milliseconds. */
export const APPROVAL_MS = 5 * 60_000;

/**
 * What visitors were asked, by the card that asks. An approval goes with its card and its thread, and along with them
 * when a visitor becomes a user.
 */
export interface ApprovalStore {
  /** Resolves `false`, with nothing written, when the thread is not this owner's. */
  saveApproval(context: Context, threadId: string, cardId: string, approval: Approval): Promise<boolean>;
  loadApproval(context: Context, threadId: string, cardId: string): Promise<Approval | undefined>;
  /**
   * Writes the verdict down, once: `true` for one caller among all, on all servers; `false` when there is a verdict
   * already, the hash is another one, or the visitor was asked before `notBefore`.
   */
  decide(
    context: Context,
    threadId: string,
    cardId: string,
    decision: { verdict: Verdict; hash: string; at: number; notBefore: number },
  ): Promise<boolean>;
}

/** Who was asked, where, and for what exactly: a verdict on anything else is none. */
export function hashCall({ site, owner }: Context, threadId: string, cardId: string, call: AskedCall): string {
  const { server, tool, args } = call;
  return createHash('sha256')
    .update(JSON.stringify([site.id, owner, threadId, cardId, server, tool, args]))
    .digest('base64url');
}
