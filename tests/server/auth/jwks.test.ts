import { createPublicKey, generateKeyPairSync, type JsonWebKey, sign, verify } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createJwks, type Jwks } from '../../../server/auth/jwks.ts';
import { createGuardedFetch, type GuardedFetch } from '../../../server/net/guarded-fetch.ts';

type PublishedKey = JsonWebKey & { [name: string]: unknown };

const pairs = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2_048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
};
type Alg = keyof typeof pairs;
const published = (alg: Alg, more: object = {}): PublishedKey => ({
  ...pairs[alg].publicKey.export({ format: 'jwk' }),
  kid: alg,
  alg,
  use: 'sig',
  ...more,
});
const without = (key: PublishedKey, ...names: string[]): PublishedKey =>
  Object.fromEntries(Object.entries(key).filter(([name]) => !names.includes(name)));

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** What a site sees as 503 `user_token_unavailable`. */
const UNAVAILABLE = { name: 'ApiError', code: 'user_token_unavailable' };

let server: Server;
let url: string;
let calls: number;
/** The time limits that the key sets were asked with. */
let limits: number[];
let answer: RequestListener;
let now: number;
let fetch: GuardedFetch;
let jwks: Jwks;
let sockets: Socket[];

const onConnected = (message: unknown) => sockets.push((message as { socket: Socket }).socket);
const publish = (...keys: unknown[]) => {
  answer = (_, response) => response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
};
const down: RequestListener = (request) => void request.socket.destroy();
const find = (kid: string | undefined, alg = kid ?? 'RS256') => jwks.find(url, { kid, alg });

beforeEach(async () => {
  calls = 0;
  limits = [];
  sockets = [];
  now = 1_000_000;
  server = createServer((request, response) => {
    calls++;
    answer(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  url = `http://localhost:${port}/keys`;
  const guarded = createGuardedFetch({ allow: [`localhost:${port}`] });
  // The real limit is noted, a shorter one is waited for.
  fetch = (address, init) => {
    limits.push(init.timeoutMs);
    return guarded(address, { ...init, timeoutMs: Math.min(init.timeoutMs, 1_000) });
  };
  jwks = createJwks({ fetch, now: () => now });
  publish(published('RS256'), published('ES256'), published('EdDSA'));
  subscribe('undici:client:connected', onConnected);
});
afterEach(() => {
  unsubscribe('undici:client:connected', onConnected);
  server.close();
  server.closeAllConnections();
});

test.each(Object.keys(pairs) as Alg[])('the key of %s checks what its private part has signed', async (alg) => {
  const key = await find(alg);
  const hash = alg === 'EdDSA' ? null : 'sha256';
  const signature = sign(hash, Buffer.from('text'), pairs[alg].privateKey);
  expect(key && verify(hash, Buffer.from('text'), key, signature)).toBe(true);
  expect(key?.type).toBe('public');
});

describe('which key it is', () => {
  test('without a key id, the only one that fits', async () => {
    expect((await find(undefined, 'ES256'))?.equals(pairs.ES256.publicKey)).toBe(true);
    publish(published('ES256', { kid: 'a' }), published('ES256', { kid: 'b' }));
    now += 10 * MINUTE;
    expect(await find(undefined, 'ES256')).toBeUndefined();
    expect(await find('b', 'ES256')).toBeDefined();
  });

  test('two of the same id are told apart by their algorithm, and else neither counts', async () => {
    publish(published('RS256', { kid: 'a' }), published('ES256', { kid: 'a' }), published('ES256', { kid: 'b' }), {
      ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
      kid: 'b',
    });
    expect((await find('a', 'ES256'))?.equals(pairs.ES256.publicKey)).toBe(true);
    expect((await find('a', 'RS256'))?.equals(pairs.RS256.publicKey)).toBe(true);
    expect(await find('b', 'ES256')).toBeUndefined();
  });

  test('keys for others stand beside it', async () => {
    publish(
      null,
      'x',
      [],
      {},
      { kty: 'oct', k: 'AAAA', kid: 'RS256' },
      { kty: 'new', kid: 'RS256' },
      published('RS256'),
    );
    expect(await find('RS256')).toBeDefined();
  });

  test('each site has its own set', async () => {
    expect(await find('RS256')).toBeDefined();
    publish(published('EdDSA'));
    expect(await jwks.find(`${url}?other`, { kid: 'RS256', alg: 'RS256' })).toBeUndefined();
    expect(await find('RS256')).toBeDefined();
  });
});

describe('B13 the issuer is away and nothing is known', () => {
  test.each<[string, RequestListener]>([
    ['it closes the connection', down],
    ['it fails', (_, response) => response.writeHead(500).end(JSON.stringify({ keys: [published('RS256')] }))],
    ['there is nothing', (_, response) => response.writeHead(404).end('{"keys":[]}')],
    ['there is nothing new', (_, response) => response.writeHead(204).end()],
  ])('%s', async (_, listener) => {
    answer = listener;
    await expect(find('RS256')).rejects.toMatchObject(UNAVAILABLE);
    // Not asked again for a while, and still no word that the token be wrong.
    await expect(find('RS256')).rejects.toMatchObject(UNAVAILABLE);
    expect(calls).toBe(1);
    publish(published('RS256'));
    now += 30_000;
    expect(await find('RS256')).toBeDefined();
  });

  test('nobody listens', async () => {
    server.close();
    server.closeAllConnections();
    await expect(find('RS256')).rejects.toMatchObject(UNAVAILABLE);
  });
});

describe('B14 the issuer is away and its keys are known', () => {
  test('they count for an hour', async () => {
    await find('RS256');
    answer = down;
    for (const minutes of [9, 1, 20, 29, 1]) {
      now += minutes * MINUTE;
      expect(await find('RS256')).toBeDefined();
    }
    now += 1;
    await expect(find('RS256')).rejects.toMatchObject(UNAVAILABLE);
    publish(published('RS256'));
    now += 30_000;
    expect(await find('RS256')).toBeDefined();
  });

  test('an answer that is no key set does not replace them', async () => {
    await find('RS256');
    answer = (_, response) => response.end('<!doctype html>');
    now += 30 * MINUTE;
    expect(await find('RS256')).toBeDefined();
  });

  test('a key that is not among them may be new: that cannot be known now', async () => {
    await find('RS256');
    answer = down;
    now += 30_000;
    await expect(find('new', 'RS256')).rejects.toMatchObject(UNAVAILABLE);
    expect(await find('RS256')).toBeDefined();
  });
});

describe('B15 the issuer changes its keys', () => {
  test('a new one counts after one question', async () => {
    await find('RS256');
    publish(published('RS256'), published('ES256', { kid: 'new' }));
    now += 30_000;
    expect(await find('new', 'ES256')).toBeDefined();
    expect(calls).toBe(2);
    expect(await find('RS256')).toBeDefined();
    expect(calls).toBe(2);
  });

  test('a removed one is out within ten minutes, though nobody asks for a new one', async () => {
    await find('RS256');
    publish(published('EdDSA'));
    now += 10 * MINUTE - 1;
    expect(await find('RS256')).toBeDefined();
    now += 1;
    expect(await find('RS256')).toBeUndefined();
  });

  test('a removed one is out at once when a new one is asked for, and an empty set lets nobody in', async () => {
    await find('RS256');
    publish();
    now += 30_000;
    expect(await find('new', 'RS256')).toBeUndefined();
    expect(await find('RS256')).toBeUndefined();
  });
});

const KB = 1_024;
const send = (body: string | Buffer, headers: Record<string, string> = {}): RequestListener => {
  return (_, response) => response.writeHead(200, headers).end(body);
};
/** In pieces, so that no length announces what comes. */
const sendInPieces = (pieces: Iterable<string | Buffer>) => (_: unknown, response: ServerResponse) => {
  const iterator = pieces[Symbol.iterator]();
  const more = () => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) if (!response.write(next.value)) return;
    response.end();
  };
  response.on('drain', more);
  more();
};
function* pieces(first: string, piece: string, count: number) {
  yield first;
  for (let n = 0; n < count; n++) yield piece;
}

describe('B16 what is no key set', () => {
  const setOf = (count: number) => JSON.stringify({ keys: Array.from({ length: count }, () => published('ES256')) });
  const key = JSON.stringify(published('ES256'));

  test.each<[string, RequestListener]>([
    ['HTML', send('<!doctype html><title>Sign in</title>', { 'content-type': 'text/html' })],
    ['nothing', send('')],
    ['[]', send('[]')],
    ['null', send('null')],
    ['{}', send('{}')],
    ['keys by name', send('{"keys":{"a":{}}}')],
    ['a key alone', send(key)],
    ['half a set', send(setOf(2).slice(0, 300))],
    ['5 MB', send(' '.repeat(5_000 * KB))],
    ['5 MB in pieces', sendInPieces(pieces('{"keys":[', ' '.repeat(8 * KB), 640))],
    ['200,000 keys', send(setOf(1).replace(key, `${key},`.repeat(200_000)))],
    ['200,000 keys in pieces', sendInPieces(pieces(`{"keys":[${key}`, `,${key}`, 200_000))],
    ['33 keys', send(setOf(33))],
    ['300,000 brackets', send('['.repeat(300 * KB))],
    ['a redirect', (_, response) => response.writeHead(302, { location: `${url}?moved` }).end(setOf(1))],
    ['a gzip bomb', send(gzipSync(Buffer.alloc(50_000 * KB, 32)), { 'content-encoding': 'gzip' })],
    ['gzip that is none', send('{"keys":[]}', { 'content-encoding': 'gzip' })],
  ])('%s', async (_, listener) => {
    answer = listener;
    await expect(find('ES256')).rejects.toMatchObject(UNAVAILABLE);
    expect(calls).toBe(1);
    expect(sockets).toHaveLength(1);
    expect(sockets[0]?.bytesRead).toBeLessThanOrEqual(512 * KB);
    expect(limits).toEqual([4_500]);
  });

  test('one byte a second is given up in time', async () => {
    let isClosed: Promise<unknown> | undefined;
    answer = (request, response) => {
      const drip = setInterval(() => response.write(' '), 1_000);
      response.write(' ');
      isClosed = new Promise((resolve) => request.socket.on('close', resolve)).finally(() => clearInterval(drip));
    };
    const quick = createJwks({ fetch: (address, init) => fetch(address, { ...init, timeoutMs: 100 }), now: () => now });
    await expect(quick.find(url, { kid: 'ES256', alg: 'ES256' })).rejects.toMatchObject(UNAVAILABLE);
    await isClosed;
  });

  test('32 keys are one', async () => {
    const others = Array.from({ length: 31 }, (_, n) => published('RS256', { kid: `k${n}`, x5c: ['A'.repeat(8_000)] }));
    publish(...others, published('ES256'));
    expect(await find('ES256')).toBeDefined();
  });
});

describe('B17 an address that may not be called', () => {
  test.each([
    'http://idp.example.com/keys',
    'https://127.0.0.1/keys',
    'https://idp.example.com:22/keys',
    'https://me:secret@idp.example.com/keys',
    'https://localhost/keys',
  ])('%s', async (address) => {
    await expect(jwks.find(address, { kid: 'RS256', alg: 'RS256' })).rejects.toMatchObject(UNAVAILABLE);
    expect(sockets).toEqual([]);
  });
});

test('B18 a name that leads to the metadata of a cloud the next time is not connected', async () => {
  const asked: string[] = [];
  const attempts: string[] = [];
  const onSocket = (message: unknown) =>
    (message as { socket: Socket }).socket.on('connectionAttempt', (address: string) => attempts.push(address));
  subscribe('net.client.socket', onSocket);
  // 2d00::/8 is global unicast that nobody has been given.
  const guarded = createGuardedFetch({
    allow: [],
    resolve: async (host) => [
      asked.push(host) === 1 ? { address: '2d00::1', family: 6 } : { address: '169.254.169.254', family: 4 },
    ],
  });
  const rebound = createJwks({
    fetch: (address, init) => guarded(address, { ...init, timeoutMs: 100 }),
    now: () => now,
  });
  const ask = () => rebound.find('https://idp.example.com/keys', { kid: 'RS256', alg: 'RS256' });
  await expect(ask()).rejects.toMatchObject(UNAVAILABLE);
  now += 30_000;
  await expect(ask()).rejects.toMatchObject(UNAVAILABLE);
  unsubscribe('net.client.socket', onSocket);
  expect({ asked, attempts }).toEqual({ asked: ['idp.example.com', 'idp.example.com'], attempts: ['2d00::1'] });
});

describe('B19 the header of a token does not choose what a key is for', () => {
  test.each([
    'HS256',
    'HS512',
    'none',
    'RS384',
    'RS512',
    'PS256',
    'ES384',
    'ES256K',
    'Ed448',
    'rs256',
    '',
    '__proto__',
  ])('alg %j has no key, and nobody is asked', async (alg) => {
    publish(without(published('RS256'), 'alg'), { kty: 'oct', k: 'AAAA', kid: 'RS256' });
    expect(await find('RS256', alg)).toBeUndefined();
    expect(calls).toBe(0);
  });

  const algs = Object.keys(pairs) as Alg[];
  test.each(algs.flatMap((of) => algs.map((alg) => [of, alg] as const)))(
    'a key for %s, a token of %s',
    async (of, alg) => {
      publish(without(published(of), 'alg', 'use'));
      expect((await find(of, alg))?.equals(pairs[of].publicKey)).toBe(of === alg ? true : undefined);
    },
  );
});

const jwkOf = (key: { export(options: { format: 'jwk' }): JsonWebKey }) => key.export({ format: 'jwk' });
const rsa = (bits: number) => jwkOf(generateKeyPairSync('rsa', { modulusLength: bits }).publicKey);
const exponent = (hex: string) => ({ e: Buffer.from(hex, 'hex').toString('base64url') });
const point = (name: string, fill: number) => ({ [name]: Buffer.alloc(32, fill).toString('base64url') });

describe('B21 a key that does not hold', () => {
  const rows: [string, Alg, object][] = [
    ['RSA of 1024 bits', 'RS256', rsa(1_024)],
    ['RSA of 2047 bits', 'RS256', rsa(2_047)],
    ['RSA of 16,384 bits', 'RS256', { n: Buffer.alloc(2_048, 255).toString('base64url') }],
    ['RSA with the exponent 1', 'RS256', exponent('01')],
    ['RSA with the exponent 2', 'RS256', exponent('02')],
    ['RSA with the exponent 65536', 'RS256', exponent('010000')],
    ['RSA with the exponent 0', 'RS256', exponent('00')],
    ['RSA with an exponent of 33 bits', 'RS256', exponent('0100000001')],
    ['RSA without its modulus', 'RS256', { n: '' }],
    ['RSA with a number for its modulus', 'RS256', { n: 5 }],
    ['a point that is not on the curve', 'ES256', point('y', 1)],
    ['the point at infinity', 'ES256', { ...point('x', 0), ...point('y', 0) }],
    ['a point of another curve', 'ES256', jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey)],
    ['a point that says it is of another curve', 'ES256', { crv: 'secp256k1' }],
    ['an Ed25519 key of 31 bytes', 'EdDSA', { x: Buffer.alloc(31, 7).toString('base64url') }],
    ['X25519', 'EdDSA', jwkOf(generateKeyPairSync('x25519').publicKey)],
    ['Ed448', 'EdDSA', jwkOf(generateKeyPairSync('ed448').publicKey)],
    ['a key with its private part', 'RS256', jwkOf(pairs.RS256.privateKey)],
    ['a key with its private part', 'ES256', jwkOf(pairs.ES256.privateKey)],
    ['a key with its private part', 'EdDSA', jwkOf(pairs.EdDSA.privateKey)],
    ['a key for encryption', 'RS256', { use: 'enc' }],
    ['a key for other operations', 'ES256', { key_ops: ['sign', 'deriveKey'] }],
    ['operations that are no list', 'ES256', { key_ops: 'verify' }],
    ['a key for another algorithm', 'RS256', { alg: 'PS256' }],
    ['a key for none', 'RS256', { alg: '' }],
  ];
  test.each(rows)('%s (%s)', async (_, alg, change) => {
    publish(published(alg, change));
    expect(await find(alg)).toBeUndefined();
    // Red for the reason in the title: the same key without the change is taken.
    publish(published(alg));
    now += 30_000;
    expect(await find(alg)).toBeDefined();
  });

  test.each<[string, Alg, object]>([
    ['the exponent 3', 'RS256', exponent('03')],
    ['RSA of 4096 bits', 'RS256', rsa(4_096)],
    ['operations of which one is to verify', 'ES256', { key_ops: ['verify'] }],
  ])('and one that does: %s', async (_, alg, change) => {
    publish(published(alg, change));
    expect(await find(alg)).toBeDefined();
  });
});

describe('B24 how often the issuer is asked', () => {
  test('a thousand unknown key ids, once in 30 seconds', async () => {
    await find('RS256');
    for (let n = 0; n < 1_000; n++) expect(await find(`random-${n}`, 'RS256')).toBeUndefined();
    expect(calls).toBe(1);
    now += 30_000;
    for (let n = 0; n < 1_000; n++) expect(await find(`random-${n}`, 'RS256')).toBeUndefined();
    expect(calls).toBe(2);
    now += 29_999;
    expect(await find('random', 'RS256')).toBeUndefined();
    expect(calls).toBe(2);
  });

  test('a thousand at the same time, once', async () => {
    const found = await Promise.all(
      Array.from({ length: 1_000 }, (_, n) => find(n === 500 ? 'RS256' : `r${n}`, 'RS256')),
    );
    expect(found.filter((key) => key !== undefined)).toHaveLength(1);
    expect(calls).toBe(1);
  });

  test('a known key, once in ten minutes', async () => {
    for (let minute = 0; minute < 10; minute++) {
      await find('RS256');
      now += MINUTE;
    }
    expect(calls).toBe(1);
    await find('RS256');
    expect(calls).toBe(2);
  });

  test('an issuer that is away, once in 30 seconds, however long its keys are known', async () => {
    await find('RS256');
    answer = down;
    for (now += 10 * MINUTE; now < 1_000_000 + HOUR; now += 10_000) await find('RS256');
    expect(calls).toBeLessThanOrEqual(1 + (50 * MINUTE) / 30_000);
  });
});

test('a key is read out of the set, not out of what it says beside', async () => {
  publish(published('EdDSA', { x5u: url, x5c: ['AAAA'], jku: url, k: 'AAAA', y: 'AAAA' }));
  const key = await find('EdDSA');
  expect(key?.equals(createPublicKey(pairs.EdDSA.publicKey.export({ type: 'spki', format: 'pem' })))).toBe(true);
  expect(calls).toBe(1);
});
