import { OutboundError } from '../../net/guarded-fetch.ts';

/** Why a server or a tool could not be used. The message is ours, and for a model as for a visitor. */
export class McpError extends Error {
  override readonly name = 'McpError';
  readonly reason: 'refused' | 'auth_required' | 'failed';
  constructor(reason: McpError['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** A call was sent and got no answer; `cause` is why. */
export class UnansweredError extends Error {
  override readonly name = 'UnansweredError';
}

const OUTBOUND: Record<OutboundError['reason'], string> = {
  refused: 'Its server may not be called from here.',
  timeout: 'Its server took too long to answer.',
  too_large: 'Its server answered with more than can be read.',
  failed: 'Its server cannot be reached.',
};

/** In our words: what a server or a library says may quote the request, and with it a credential. */
export function explainFailure(error: unknown): string {
  if (error instanceof McpError) return error.message;
  if (error instanceof UnansweredError) return explainFailure(error.cause);
  if (error instanceof OutboundError) return OUTBOUND[error.reason];
  const { code, status } = error as { code?: unknown; status?: unknown };
  if (code === 'REQUEST_TIMEOUT') return OUTBOUND.timeout;
  if (status === 401 || status === 403) return 'Its server does not let this user in.';
  if (typeof status === 'number') return `Its server answered with status ${status}.`;
  return 'Its server gave an answer that is none.';
}

/** Whether a call may have been made all the same: it was sent, and what came back says neither. */
export function mayBeDone(error: unknown): boolean {
  if (!(error instanceof UnansweredError)) return false;
  const { cause } = error;
  if (cause instanceof OutboundError) return cause.reason !== 'refused';
  const { code, status } = cause as { code?: unknown; status?: unknown };
  // A number is the protocol's: the server has answered, with an error of its own.
  return typeof status === 'number' ? status >= 500 : typeof code !== 'number' && !(cause instanceof McpError);
}
