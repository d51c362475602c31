import type { ErrorBody, ErrorCode } from '../../protocol/error.ts';

/** Codes of a 401 that a new sign-in mends. With any other, the set-up is at fault and not the user. */
const SIGN_IN_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'user_token_required',
  'token_expired',
  'token_invalid',
  'session_token_missing',
]);

/** Nobody is signed in, or no longer: show a way to sign in, then send again. */
export class NotSignedInError extends Error {
  override readonly name = 'NotSignedInError';
  /** As in HTTP: a chat element reads it and says the right words instead of "cannot be reached". */
  readonly status = 401;
  readonly code: ErrorCode;
  /** The site's login page, where the server names one. */
  readonly signInUrl: string | undefined;

  constructor(code: ErrorCode, message: string, signInUrl?: string) {
    super(message);
    this.code = code;
    this.signInUrl = signInUrl;
  }
}

/** The error that an answer of 401 means; `undefined` for what another sign-in would not change. */
export async function readNotSignedIn(response: Response): Promise<NotSignedInError | undefined> {
  if (response.status !== 401) return undefined;
  const body = (await response
    .clone()
    .json()
    .catch(() => undefined)) as Partial<ErrorBody> | null | undefined;
  const error: Partial<ErrorBody['error']> = body?.error ?? {};
  const { code = 'user_token_required', message = 'the chat server asks for a sign-in' } = error;
  return SIGN_IN_CODES.has(code) ? new NotSignedInError(code, message, error.sign_in?.url) : undefined;
}
