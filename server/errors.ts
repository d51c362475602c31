import type { ErrorBody, ErrorCode } from '../protocol/error.ts';

/** A refusal that the caller may read: its message reaches the client, so it names no secret, path or row. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  /** What a panel needs to send the visitor to the site's own login. */
  readonly signIn: ErrorBody['error']['sign_in'];
  constructor(code: ErrorCode, message: string, options?: ErrorOptions & { signIn?: ErrorBody['error']['sign_in'] }) {
    super(message, options);
    this.code = code;
    this.signIn = options?.signIn;
  }
}
