import type { ErrorBody, ErrorCode } from '../../protocol/error.ts';
import { Fault } from './finding.ts';

/** Milliseconds for everything that is not an answer of the assistant. */
const CALL_MS = 15_000;

/** Why a call came to nothing, in words for who set the address up. The codes are those of Node's sockets and of TLS. */
const NETWORK: Record<string, [string, string]> = {
  ENOTFOUND: ['the name of the host is not known', 'Mend its DNS record, or the address.'],
  EAI_AGAIN: ['the name of the host cannot be looked up right now', 'Try again; then mend its DNS record.'],
  ECONNREFUSED: ['nothing listens there', 'Start the server with `npm start`, or mend the address.'],
  ECONNRESET: ['the connection was cut', 'Look at the log of the proxy in front of the server.'],
  CERT_HAS_EXPIRED: ['its certificate has expired', 'Renew the certificate.'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['its certificate is signed by itself', 'Use one that browsers believe.'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['its certificate is for another name', 'Get one for this name.'],
};

/** As a browser would call it. Throws `Fault` when no answer comes, and for a redirect, which no browser of ours follows. */
export async function call(url: string, init: RequestInit = {}): Promise<Response> {
  const where = new URL(url);
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(CALL_MS), ...init });
    if (response.status < 300 || response.status > 399 || response.status === 304) return response;
    const target = response.headers.get('location') ?? 'another address';
    throw new Fault(
      `${where.pathname} redirects to ${target}`,
      'Use the address it leads to, in PUBLIC_URL and in the tags, or let the proxy pass the path on as it is.',
    );
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw unreachable(where.origin, error);
  }
}

function unreachable(origin: string, error: unknown): Fault {
  const { name, cause } = error as Error;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (name === 'TimeoutError')
    return new Fault(`${origin} did not answer within ${CALL_MS / 1000} s`, 'Look at what stands in front of it.');
  const [what, advice] = NETWORK[code] ?? [`the call failed (${code || name})`, 'Try it in a browser on this machine.'];
  return new Fault(`${origin}: ${what}`, advice, { cause: error });
}

/** The code of an error of ours; `undefined` when something else has answered. */
export async function errorCodeOf(response: Response): Promise<ErrorCode | undefined> {
  const body = (await response.json().catch(() => undefined)) as Partial<ErrorBody> | undefined;
  return body?.error?.code;
}
