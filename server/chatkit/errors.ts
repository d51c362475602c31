import type { ErrorCode } from '../../protocol/error.ts';

/** A refusal before anything was streamed. The message reaches the client, so it names no secret and no row. */
export class ChatKitError extends Error {
  override readonly name = 'ChatKitError';
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Throws a `ChatKitError`. */
export function refuse(code: ErrorCode, message: string): never {
  throw new ChatKitError(code, message);
}

/** Ends a stream with an `error` event that carries a code: the element shows its own, localised words. */
export class StreamError extends Error {
  override readonly name = 'StreamError';
  readonly code: string;
  readonly allowRetry: boolean;
  constructor(code = 'stream.error', allowRetry = code === 'stream.error', options?: ErrorOptions) {
    super(code, options);
    this.code = code;
    this.allowRetry = allowRetry;
  }
}

/** Ends a stream with an `error` event that carries these words to the visitor. */
export class CustomStreamError extends Error {
  override readonly name = 'CustomStreamError';
  readonly allowRetry: boolean;
  constructor(message: string, allowRetry = false, options?: ErrorOptions) {
    super(message, options);
    this.allowRetry = allowRetry;
  }
}
