import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGuardedFetch, OutboundError } from '../../../server/net/guarded-fetch.ts';

// 2d00::/8 is global unicast that nobody has been given: an attempt to reach it ends nowhere, with or without a network.
const PUBLIC = '2d00::1';
const LIMITS = { timeoutMs: 2_000, maxBytes: 1_000 };

// Of `localhost`, until 2126. It protects nothing: nobody trusts it, which is what it is for.
const SELF_SIGNED = `
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQguXBT61jC7JRewXOV
KIj1i3VdNuYhFf/8VGt5g3Oyo3ShRANCAAQ8jirB8stH49T9fyDRhCDOw3GTFJCC
XWdYFzNkzveDF1iXp8hePJ6nH+hjEhse2x196lcAizmVepzLBWfa15VW
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIUGF9E+YIRyklrrtZFMjr2TOL4Y3EwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNTA5MTExNFoYDzIxMjYxMTAx
MDkxMTE0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQ8jirB8stH49T9fyDRhCDOw3GTFJCCXWdYFzNkzveDF1iXp8hePJ6n
H+hjEhse2x196lcAizmVepzLBWfa15VWo2kwZzAdBgNVHQ4EFgQUijdMt/ilwmXu
IP6hSvZKu6/vBVswHwYDVR0jBBgwFoAUijdMt/ilwmXuIP6hSvZKu6/vBVswDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SAAwRQIgEEUT4Ln8LBnFKaMPTsCpRTDtqPslP6KuaBSI3TXO/lcCIQC1lrZuqzCK
XGaK5qNXY7pN0Y9tstydvwgcr1ccZxZtFA==
-----END CERTIFICATE-----
`;

/** `address:port` of every connection that this process attempts. */
let attempts: string[];
/** The sockets behind calls that were answered. */
let sockets: Socket[];
let open: (() => void)[];

const onSocket = (message: unknown) => {
  const { socket } = message as { socket: Socket };
  // A call that is given up leaves its socket trying, so an attempt belongs to the test that the socket was made in.
  const list = attempts;
  socket.on('connectionAttempt', (address: string, port: number) => list.push(`${address}:${port}`));
};
const onConnected = (message: unknown) => sockets.push((message as { socket: Socket }).socket);

beforeEach(() => {
  attempts = [];
  sockets = [];
  open = [];
  subscribe('net.client.socket', onSocket);
  subscribe('undici:client:connected', onConnected);
});
afterEach(() => {
  unsubscribe('net.client.socket', onSocket);
  unsubscribe('undici:client:connected', onConnected);
  for (const close of open) close();
});

/** Starts a server on this machine; resolves to its port. */
async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  open.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return listenOn(server);
}

async function listenOn(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

/** Not `once`, which fails for a connection that the other side resets. */
const closeOf = (socket: Socket) => new Promise<unknown>((resolve) => socket.on('close', resolve));

/** A resolver that answers the lists one after the other and the last one again and again. */
function resolver(...answers: string[][]) {
  const asked: string[] = [];
  const resolve = async (host: string) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(host);
    return answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  return { asked, resolve };
}

async function reasonOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => 'an answer',
    (error: unknown) => error,
  );
  return error instanceof OutboundError ? error.reason : String(error);
}

describe('an address is refused without a look-up or a connection', () => {
  const rows: [string, string[]][] = [
    [
      'S1',
      [
        '127.0.0.1',
        '127.1',
        '2130706433',
        '0x7f.1',
        '0x7f000001',
        '017700000001',
        '127.0.0.1.',
        '%31%32%37.1',
        '①②⑦.⓪.⓪.①',
        '127。0。0。1',
        '0',
        '0.0.0.0',
        '10.0.0.1',
        '172.16.0.1',
        '192.168.1.1',
        '169.254.169.254',
        '100.64.0.1',
        '100.100.100.200',
        '192.0.0.192',
        '198.18.0.1',
        '224.0.0.1',
        '255.255.255.255',
        '[::]',
        '[::1]',
        '[0:0:0:0:0:0:0:1]',
      ],
    ],
    [
      'S2',
      [
        '[::ffff:169.254.169.254]',
        '[::ffff:7f00:1]',
        '[::127.0.0.1]',
        '[::ffff:0:127.0.0.1]',
        '[64:ff9b::a9fe:a9fe]',
        '[64:ff9b:1::808:808]',
        '[2002:7f00:1::]',
        '[2002:a9fe:a9fe::1]',
        '[2001:0:7f00:1::1]',
        '[fd00:ec2::254]',
        '[fe80::1]',
        '[fec0::1]',
        '[ff02::1]',
        '[100::1]',
        '[4000::1]',
        '[2001:db8::1]',
        '[3fff::1]',
      ],
    ],
    [
      'S6',
      ['file:///etc/passwd', 'gopher://h/', 'ftp://h/', 'data:,x', 'unix:/run/docker.sock', 'http://h/', 'ws://h/'],
    ],
    ['S6', ['blob:https://h/1', 'javascript:1', '//h/', '', 'h', 'https://', 'https:///']],
    ['S7', ['h:22', 'h:25', 'h:80', 'h:6379', 'h:8443', 'h:0', 'h:65536', 'h:-1', 'h:4430']],
    ['B17', ['me@h', 'me:secret@h', ':secret@h', 'h@127.0.0.1']],
  ];
  const each = rows.flatMap(([id, hosts]) => hosts.map((host) => [id, host] as const));

  test.each(each)('%s %s', async (id, host) => {
    const { resolve, asked } = resolver([PUBLIC]);
    const guardedFetch = createGuardedFetch({ allow: [], resolve });
    expect(await reasonOf(guardedFetch(id === 'S6' ? host : `https://${host}/`, LIMITS))).toBe('refused');
    expect({ attempts, asked }).toEqual({ attempts: [], asked: [] });
  });
});

describe('a name is refused for where it leads', () => {
  test.each([
    ['S3 this machine', ['127.0.0.1']],
    ['S3 this machine, as IPv6 (what a CNAME to localhost gives)', ['::1', '127.0.0.1']],
    ['S3 a private network', ['10.1.2.3']],
    ['S3 a private address after a public one', ['8.8.8.8', '192.168.0.1']],
    ['S3 a public address after a private one', ['fd00::1', '2606:4700::1111']],
    ['S3 cloud metadata', ['169.254.169.254']],
    ['S3 an address of this link only', ['fe80::1%eth0']],
    ['S2 a mapped one', ['::ffff:10.0.0.1']],
    ['S2 NAT64 to a private one', ['64:ff9b::10.0.0.1']],
    ['S2 NAT64 to a private one beside a public one', [PUBLIC, '64:ff9b::7f00:1']],
    ['S2 6to4 to a private one', ['2002:a00:1::']],
    ['S3 nowhere', []],
    ['S3 no address at all', ['localhost']],
  ])('%s', async (_, addresses) => {
    const { resolve, asked } = resolver(addresses);
    const guardedFetch = createGuardedFetch({ allow: [], resolve });
    expect(await reasonOf(guardedFetch('https://idp.example.com/keys', LIMITS))).toBe('refused');
    expect({ attempts, asked }).toEqual({ attempts: [], asked: ['idp.example.com'] });
  });

  test('a name of this machine, asked of the real resolver', async () => {
    expect(await reasonOf(createGuardedFetch({ allow: [] })('https://localhost/', LIMITS))).toBe('refused');
    expect(attempts).toEqual([]);
  });
});

describe('the address that was checked is the one that is connected', () => {
  const SHORT = { timeoutMs: 100, maxBytes: 1_000 };

  test('S4 B18 a name that leads elsewhere the next time is looked up once for each connection', async () => {
    const { resolve, asked } = resolver([PUBLIC], ['169.254.169.254']);
    const guardedFetch = createGuardedFetch({ allow: [], resolve });
    expect(await reasonOf(guardedFetch('https://idp.example.com/', SHORT))).toMatch(/^(failed|timeout)$/);
    expect({ attempts, asked }).toEqual({ attempts: [`${PUBLIC}:443`], asked: ['idp.example.com'] });
    expect(await reasonOf(guardedFetch('https://idp.example.com/', SHORT))).toBe('refused');
    expect(attempts).toEqual([`${PUBLIC}:443`]);
  });

  test('a host without IPv4 reaches what is public there', async () => {
    const { resolve } = resolver([PUBLIC, '64:ff9b::808:808']);
    const guardedFetch = createGuardedFetch({ allow: [], resolve });
    expect(await reasonOf(guardedFetch('https://idp.example.com/', SHORT))).toMatch(/^(failed|timeout)$/);
    expect(attempts[0]).toBe(`${PUBLIC}:443`);
  });

  test.each([
    ['an address as it is', 'https://[2d00::1]/', `${PUBLIC}:443`],
    ['the port of https spelt out', 'https://[2d00::1]:443/', `${PUBLIC}:443`],
  ])('%s is tried', async (_, url, attempt) => {
    const guardedFetch = createGuardedFetch({ allow: [] });
    expect(await reasonOf(guardedFetch(url, SHORT))).toMatch(/^(failed|timeout)$/);
    expect(attempts).toEqual([attempt]);
  });
});

describe('what the operator allows', () => {
  test('is reached over http and on its port, with what was to be sent, and read whole', async () => {
    const port = await serve((request, response) => {
      response.writeHead(201, { 'x-method': String(request.method), 'x-sent': String(request.headers['x-test']) });
      request.pipe(response);
    });
    const guardedFetch = createGuardedFetch({ allow: [`localhost:${port}`] });
    const sent = { method: 'POST', headers: { 'x-test': 'u' }, body: 'hello' };
    const response = await guardedFetch(`http://LOCALHOST:${port}/keys?x=1`, { ...LIMITS, ...sent });
    expect([response.status, response.headers.get('x-method'), response.headers.get('x-sent')]).toEqual([
      201,
      'POST',
      'u',
    ]);
    expect(await response.text()).toBe('hello');
  });

  test.each([
    ['another port', (port: number) => `http://localhost:${port + 1}/`],
    ['another name of the same place', (port: number) => `http://127.0.0.1:${port}/`],
    ['the same with a user name', (port: number) => `http://me@localhost:${port}/`],
    ['another scheme', (port: number) => `ftp://localhost:${port}/`],
  ])('S7 does not let in %s', async (_, url) => {
    const port = await serve((_, response) => response.end());
    const guardedFetch = createGuardedFetch({ allow: [`localhost:${port}`] });
    expect(await reasonOf(guardedFetch(url(port), LIMITS))).toBe('refused');
    expect(attempts).toEqual([]);
  });

  test('still proves itself by its certificate', async () => {
    const server = createTlsServer({ key: SELF_SIGNED, cert: SELF_SIGNED });
    let isSpokenTo = false;
    server.on('secureConnection', () => {
      isSpokenTo = true;
    });
    open.push(() => server.close());
    const port = await listenOn(server);
    const guardedFetch = createGuardedFetch({ allow: [`localhost:${port}`] });
    expect(await reasonOf(guardedFetch(`https://localhost:${port}/`, LIMITS))).toBe('failed');
    expect(isSpokenTo).toBe(false);
  });
});

test.each([301, 302, 303, 307, 308])('S5 a redirect is not followed (%i)', async (status) => {
  let calls = 0;
  const inner = await serve((_, response) => {
    calls++;
    response.end();
  });
  const outer = await serve((_, response) => {
    response.writeHead(status, { location: `http://localhost:${inner}/` }).end();
  });
  const guardedFetch = createGuardedFetch({ allow: [`localhost:${outer}`, `localhost:${inner}`] });
  expect(await reasonOf(guardedFetch(`http://localhost:${outer}/`, LIMITS))).toBe('failed');
  expect(calls).toBe(0);
});

const callTo = async (listener: RequestListener, maxBytes = 1_000) => {
  const port = await serve(listener);
  return createGuardedFetch({ allow: [`localhost:${port}`] })(`http://localhost:${port}/`, { ...LIMITS, maxBytes });
};

describe('the size of an answer', () => {
  test('may be all of the limit and not a byte more', async () => {
    const whole = await callTo((_, response) => response.end('x'.repeat(1_000)));
    expect(await whole.text()).toHaveLength(1_000);
    expect(await reasonOf(callTo((_, response) => response.end('x'.repeat(1_001))))).toBe('too_large');
  });

  test('is counted where nothing announces it', async () => {
    const response = await callTo((_, response) => {
      response.write('x'.repeat(600));
      response.end('x'.repeat(401));
    });
    expect(await reasonOf(response.text())).toBe('too_large');
  });

  test.each([
    ['gzip', (bytes: Buffer) => gzipSync(bytes)],
    ['gzip, gzip', (bytes: Buffer) => gzipSync(gzipSync(bytes))],
  ])('is counted as it unfolds (%s)', async (encoding, pack) => {
    const bomb = pack(Buffer.alloc(5_000_000));
    const listener: RequestListener = (_, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(bomb);
    const response = await callTo(listener, bomb.length + 10_000);
    expect(await reasonOf(response.arrayBuffer())).toBe('too_large');
  });

  test('ends the connection of an answer that never ends', async () => {
    let isClosed: Promise<unknown> | undefined;
    const response = await callTo((request, response) => {
      isClosed = closeOf(request.socket);
      const more = () => {
        while (response.write(Buffer.alloc(16_384)));
      };
      response.on('drain', more);
      more();
    }, 100_000);
    expect(await reasonOf(response.text())).toBe('too_large');
    await isClosed;
    // What the socket reads ahead is no more than a few of its buffers.
    expect(sockets[0]?.bytesRead).toBeLessThan(100_000 + 200_000);
  });

  test('an answer without a body has none', async () => {
    const response = await callTo((_, response) => response.writeHead(204).end());
    expect([response.status, await response.text()]).toEqual([204, '']);
  });
});

describe('time', () => {
  test('an answer that does not begin is given up', async () => {
    const port = await serve(() => {});
    const guardedFetch = createGuardedFetch({ allow: [`localhost:${port}`] });
    expect(await reasonOf(guardedFetch(`http://localhost:${port}/`, { timeoutMs: 50, maxBytes: 1 }))).toBe('timeout');
  });

  test('an answer that does not end is given up, and its connection closed', async () => {
    let isClosed: Promise<unknown> | undefined;
    const port = await serve((request, response) => {
      isClosed = closeOf(request.socket);
      response.write('{');
    });
    const guardedFetch = createGuardedFetch({ allow: [`localhost:${port}`] });
    const response = await guardedFetch(`http://localhost:${port}/`, { timeoutMs: 200, maxBytes: 1_000 });
    expect(await reasonOf(response.text())).toBe('timeout');
    await isClosed;
  });

  test('a caller who goes gets the reason it gave', async () => {
    const caller = new AbortController();
    const port = await serve(() => caller.abort(new Error('gone')));
    const guardedFetch = createGuardedFetch({ allow: [`localhost:${port}`] });
    const call = guardedFetch(`http://localhost:${port}/`, { ...LIMITS, signal: caller.signal });
    await expect(call).rejects.toThrow('gone');
  });
});

test('an error says what the network said and not what was asked', async () => {
  const server = createTcpServer((socket) => socket.end('not http\r\n\r\n'));
  open.push(() => server.close());
  const port = await listenOn(server);
  const guardedFetch = createGuardedFetch({ allow: [`localhost:${port}`] });
  const url = `http://localhost:${port}/keys?token=canary`;
  const error = await guardedFetch(url, { ...LIMITS, headers: { authorization: 'Bearer canary' } }).catch(
    (error: unknown) => error,
  );
  expect(error).toMatchObject({ name: 'OutboundError', reason: 'failed', message: 'The call failed.' });
  const { cause } = error as { cause: Error };
  expect(cause).toBeInstanceOf(Error);
  expect(cause.message).not.toContain('canary');
});
