import type { Strings } from '../strings/en.ts';

/** A request that got no usable answer. `status` is 0 when nothing came back at all. */
export class RequestFailure extends Error {
  override readonly name = 'RequestFailure';
  readonly status: number;
  readonly code: string | undefined;
  /** The server's own words, when its error body had some. */
  readonly detail: string | undefined;
  /** Milliseconds that the server asked to wait (`Retry-After`). */
  readonly retryAfter: number | undefined;

  constructor(
    status: number,
    given: { code?: string | undefined; detail?: string | undefined; retryAfter?: number | undefined } = {},
  ) {
    super(given.detail ?? (status === 0 ? 'the server cannot be reached' : `the server answered ${status}`));
    this.status = status;
    this.code = given.code;
    this.detail = given.detail;
    this.retryAfter = given.retryAfter;
  }
}

/** The failure of an HTTP answer that cannot be used; reads `{"error":{"code","message"}}`, FastAPI's `detail`, or text. */
export async function readFailure(response: Response): Promise<RequestFailure> {
  const body = await response.text().catch(() => '');
  const retryAfter = readRetryAfter(response.headers.get('retry-after'));
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return new RequestFailure(response.status, { retryAfter });
  }
  const { error, detail } = (json ?? {}) as { error?: { code?: unknown; message?: unknown }; detail?: unknown };
  const message = error?.message ?? detail;
  return new RequestFailure(response.status, {
    code: typeof error?.code === 'string' ? error.code : undefined,
    detail: typeof message === 'string' ? message : undefined,
    retryAfter,
  });
}

function readRetryAfter(value: string | null): number | undefined {
  if (!value) return undefined;
  const seconds = Number(value);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

/** Longer than this no visitor is kept waiting, whatever a server asks. */
const LONGEST_WAIT = 5 * 60_000;

/** Milliseconds to wait before a visitor may try again; undefined where the server did not ask for any. */
export function waitAfter(error: unknown): number | undefined {
  const wait = error instanceof RequestFailure ? error.retryAfter : undefined;
  return wait && Math.min(wait, LONGEST_WAIT);
}

/** What a visitor reads about a failed request, in their language. */
export function failureText(error: unknown, strings: Strings): string {
  if (!(error instanceof RequestFailure)) return strings.failed;
  if (error.status === 0) return strings.unreachable;
  if (error.status < 400) return error.detail ?? strings.unreadable;
  if (error.code === 'message_too_long' || error.status === 413) return strings.tooLong;
  if (error.status === 401 || error.status === 403) return strings.refused;
  if (error.status === 404) return strings.missing;
  if (error.status === 429) return strings.tooMany;
  if (error.status >= 500) return strings.unavailable;
  return error.detail ?? strings.rejected;
}
