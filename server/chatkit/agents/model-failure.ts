import { CustomStreamError } from '../errors.ts';

/**
 * What a visitor reads when a model fails, and whether asking again can help. Recognised by what clients of model
 * endpoints agree on: an HTTP `status`, or the names `TimeoutError` and `NetworkError`. Any other error is a fault of
 * ours and comes back as it is, to be masked like all of them.
 */
export function toModelFailure(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { status } = error as { status?: unknown };
  if (error.name === 'TimeoutError')
    return failure('The assistant took too long to answer. Please try again.', true, error);
  if (error.name === 'NetworkError') return failure('The answer broke off. Please try again.', true, error);
  if (typeof status !== 'number') return error;
  if (status === 429) return failure('The assistant is busy right now. Please try again in a moment.', true, error);
  if (status >= 500)
    return failure('The assistant is not reachable right now. Please try again in a moment.', true, error);
  if (status === 401 || status === 403)
    return failure('The assistant is not set up correctly. Please tell the owner of this website.', false, error);
  return failure('The assistant cannot answer this message.', false, error);
}

function failure(message: string, allowRetry: boolean, cause: Error): CustomStreamError {
  return new CustomStreamError(message, allowRetry, { cause });
}
