import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, fetch } from 'undici';

/**
 * A call to an address that somebody else wrote down. Reaches public addresses over https on port 443, and what the
 * operator allows. `timeoutMs` covers everything to the last byte, at most 30 s; `maxBytes` what the body holds after
 * decompression. Throws `OutboundError`, reading the body too, or the reason of `signal`.
 */
export type GuardedFetch = (url: string, init: GuardedInit) => Promise<Response>;

interface GuardedInit {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
  signal?: AbortSignal;
  timeoutMs: number;
  maxBytes: number;
}

const REASONS = {
  refused: 'This address may not be called.',
  timeout: 'The answer took too long.',
  too_large: 'The answer is too large.',
  failed: 'The call failed.',
};

/** Why a call ended. It does not repeat the URL, which may hold a secret; `cause` is what the network said. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  readonly reason: keyof typeof REASONS;
  constructor(reason: keyof typeof REASONS, options?: ErrorOptions) {
    super(REASONS[reason], options);
    this.reason = reason;
  }
}

interface Address {
  address: string;
  family: number;
}

interface GuardOptions {
  /** `host:port` as a URL has them: reached over http or https and whatever the address. */
  allow: string[];
  resolve?: (host: string) => Promise<Address[]>;
}

const CONNECT_MS = 5_000;
const MAX_MS = 30_000;

/** The one way out to addresses that are not in our own configuration (SSRF). */
export function createGuardedFetch({ allow, resolve = resolveAll }: GuardOptions): GuardedFetch {
  const agent = (mayConnect: (address: string) => boolean) =>
    // HTTP/2 would win nothing for one call now and then, and is more to attack.
    new Agent({ allowH2: false, connect: { timeout: CONNECT_MS, lookup: checkedLookup(resolve, mayConnect) } });
  const open = agent(isPublic);
  const allowed = agent(() => true);

  return async (address, { timeoutMs, maxBytes, signal, ...request }) => {
    const url = URL.parse(address);
    const isAllowed = url !== null && isListed(url, allow);
    if (!url || !mayCall(url, isAllowed)) throw new OutboundError('refused');
    const deadline = AbortSignal.timeout(Math.min(timeoutMs, MAX_MS));
    try {
      const answer = await fetch(url, {
        ...request,
        // Where a redirect leads nobody has checked, and headers of ours would go along.
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
        dispatcher: isAllowed ? allowed : open,
      });
      const body = answer.body && capped(answer.body, maxBytes, (error) => explain(error, signal));
      if (Number(answer.headers.get('content-length')) > maxBytes) {
        await body?.cancel();
        throw new OutboundError('too_large');
      }
      return new Response(body, { status: answer.status, headers: [...answer.headers] });
    } catch (error) {
      throw explain(error, signal);
    }
  };
}

/** Whether a guarded fetch would try this address at all: for a setting, before anybody relies on it. */
export function isCallable(address: string, allow: string[]): boolean {
  const url = URL.parse(address);
  return url !== null && mayCall(url, isListed(url, allow));
}

const isListed = (url: URL, allow: string[]): boolean => allow.includes(`${url.hostname}:${portOf(url)}`);

const resolveAll = (host: string): Promise<Address[]> => lookup(host, { all: true });

const portOf = ({ port, protocol }: URL): string => port || (protocol === 'http:' ? '80' : '443');

function mayCall(url: URL, isAllowed: boolean): boolean {
  if (url.username !== '' || url.password !== '') return false;
  if (isAllowed) return url.protocol === 'https:' || url.protocol === 'http:';
  if (url.protocol !== 'https:' || url.port !== '') return false;
  // The parser has made every spelling of an IPv4 address one. Addresses are not looked up: this is their only check.
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  return !ipaddr.isValid(literal) || isPublic(literal);
}

/**
 * What the socket connects to is what was checked here: a name that is resolved again between check and connect can
 * answer otherwise. One bad address of several refuses the name, since the caller cannot choose among them.
 */
function checkedLookup(
  resolve: (host: string) => Promise<Address[]>,
  mayConnect: (address: string) => boolean,
): LookupFunction {
  const vet = async (host: string): Promise<[Address, ...Address[]]> => {
    const [first, ...rest] = await resolve(host);
    if (!first || ![first, ...rest].every(({ address }) => mayConnect(address))) throw new OutboundError('refused');
    return [first, ...rest];
  };
  return (host, { all }, answer) =>
    void vet(host).then(
      (addresses) => (all ? answer(null, addresses) : answer(null, addresses[0].address, addresses[0].family)),
      (error: NodeJS.ErrnoException) => answer(error, []),
    );
}

/** All that is assigned for the public of IPv6. The library takes for unicast whatever has no other name, `::7f00:1` too. */
const GLOBAL_V6 = ipaddr.IPv6.parseCIDR('2000::/3');
/**
 * RFC 6052: how a host without IPv4 reaches it. The local prefix 64:ff9b:1::/48 beside it keeps the IPv4 address
 * wherever its network wants; IPv4-mapped and 6to4 addresses (retired by RFC 7526) nobody needs. All these are refused.
 */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.range() === 'unicast';
  if (parsed.match(NAT64)) return new ipaddr.IPv4(parsed.toByteArray().slice(12)).range() === 'unicast';
  return parsed.range() === 'unicast' && parsed.match(GLOBAL_V6);
}

/** The same bytes, read no faster than they are asked for. Too many of them end the call. */
function capped(
  body: NonNullable<Awaited<ReturnType<typeof fetch>>['body']>,
  maxBytes: number,
  explain: (error: unknown) => unknown,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  let bytes = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) return controller.close();
          bytes += value.byteLength;
          if (bytes <= maxBytes) return controller.enqueue(value);
        } catch (error) {
          return controller.error(explain(error));
        }
        controller.error(new OutboundError('too_large'));
        await reader.cancel();
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

function explain(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof OutboundError) return error;
  const cause = error instanceof Error && error.cause ? error.cause : error;
  if (cause instanceof OutboundError) return cause;
  const { name, code } = cause as NodeJS.ErrnoException;
  const isTimeout = name === 'TimeoutError' || code === 'UND_ERR_CONNECT_TIMEOUT';
  return new OutboundError(isTimeout ? 'timeout' : 'failed', { cause });
}
