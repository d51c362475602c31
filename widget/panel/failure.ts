import type { ErrorCode } from '../../protocol/error.ts';

/** Codes of ours, and what only a browser can find out. */
export type FailureCode =
  | ErrorCode
  | 'unreachable'
  | 'chat_missing'
  | 'timed_out'
  | 'sign_in_expired'
  | 'domain_refused';

/** How a visitor can sign in. `lapsed`: this browser's user has been signed in before. */
export interface SignIn {
  site?: string | undefined;
  url?: string | undefined;
  lapsed: boolean;
}

/** Why the panel cannot be used: words for the visitor, and a message for the console of the site's owner. */
export class Failure extends Error {
  readonly code: FailureCode;
  /** Set when only a (new) sign-in helps. */
  signIn?: SignIn;

  constructor(code: FailureCode, detail: string, cause?: unknown) {
    super(`Pagewise: ${detail} (${code})`, { cause });
    this.name = 'Failure';
    this.code = code;
  }
}

/** What a visitor can understand and do something about. The rest is in the console. */
export function wordsFor(code: FailureCode): string {
  switch (code) {
    case 'site_token_missing':
    case 'token_invalid':
    case 'token_expired':
    case 'token_lifetime_too_long':
      return 'The chat is not set up correctly on this website. Its owner has to mend that.';
    case 'origin_not_allowed':
    case 'origin_mismatch':
      return 'The chat is not switched on for this website.';
    case 'unreachable':
      return 'The chat cannot be reached. Please check your connection and try again.';
    case 'chat_missing':
      return 'The chat could not be loaded completely. Please try again.';
    case 'domain_refused':
      return 'The chat does not accept this website. Its owner has to check data-domain-key.';
    case 'timed_out':
      return 'The chat is taking too long to start. Please try again.';
    default:
      return 'The chat has a problem at the moment. Please try again in a minute.';
  }
}
