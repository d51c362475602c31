import type { ErrorCode } from '../protocol/error.ts';

/** A refusal that the caller may read: its message reaches the client, so it names no secret, path or row. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
