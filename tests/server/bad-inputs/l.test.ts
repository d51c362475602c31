import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decodeSse } from '../../../protocol/sse.ts';
import { HTTP_LIMITS, listen } from '../../../server/listen.ts';
import { freePort } from '../../fakes/free-port.ts';
import { ORIGIN } from '../auth/make-auth.ts';
import { answer, CREATE } from '../chatkit/scripted-server.ts';
import { makeApp } from '../make-app.ts';

// What comes in too large, too slow or in a strange shape. L6–L19 belong to limits and to turns that outlive their
// connection, which come later.

let stack: Awaited<ReturnType<typeof makeApp>>;
let token: string;
let port: number;
let close: () => Promise<void>;

beforeAll(async () => {
  stack = await makeApp(async function* ({ id }) {
    const created_at = new Date().toISOString();
    yield { type: 'thread.item.done', item: { ...answer(id, `msg_${crypto.randomUUID()}`, 'Yes.'), created_at } };
  });
  port = await freePort();
  close = await listen(stack.app.fetch, { host: '127.0.0.1', port });
});
beforeEach(async () => {
  token = await stack.session();
  stack.logged.length = 0;
});
afterAll(async () => {
  await close();
  await stack.close();
});

/** Bytes as they are; resolves with all that came back when the other side hangs up. */
function send(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (data) => {
      received += data.toString('latin1');
    });
    socket.on('close', () => resolve(received));
    // It may hang up while we still write.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (!['ECONNRESET', 'EPIPE'].includes(error.code ?? '')) reject(error);
    });
  });
}

const head = (...lines: string[]) =>
  ['POST /chatkit HTTP/1.1', 'Host: localhost', `Origin: ${ORIGIN}`, `Authorization: Bearer ${token}`, ...lines].join(
    '\r\n',
  );

const LIST = JSON.stringify({ type: 'threads.list', params: {} });
const padded = (size: number) => LIST + ' '.repeat(size - LIST.length);
const chunked = (body: string) => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
const CAP = 64 * 1024;

describe('L1 a body', () => {
  test.each([
    [
      'of the cap, with its length',
      () => `${head(`Content-Length: ${CAP}`, 'Connection: close')}\r\n\r\n${padded(CAP)}`,
      200,
    ],
    [
      'one byte longer',
      () => `${head(`Content-Length: ${CAP + 1}`, 'Connection: close')}\r\n\r\n${padded(CAP + 1)}`,
      413,
    ],
    [
      'of the cap, in chunks',
      () => `${head('Transfer-Encoding: chunked', 'Connection: close')}\r\n\r\n${chunked(padded(CAP))}`,
      200,
    ],
    [
      'one byte longer, in chunks',
      () => `${head('Transfer-Encoding: chunked', 'Connection: close')}\r\n\r\n${chunked(padded(CAP + 1))}`,
      413,
    ],
    [
      'with a length and chunks',
      () => `${head('Content-Length: 5', 'Transfer-Encoding: chunked')}\r\n\r\n${chunked(LIST)}`,
      400,
    ],
    [
      'with chunks and a length',
      () => `${head('Transfer-Encoding: chunked', 'Content-Length: 5')}\r\n\r\n${chunked(LIST)}`,
      400,
    ],
    ['with two lengths', () => `${head('Content-Length: 5', 'Content-Length: 6')}\r\n\r\n${LIST}`, 400],
    ['with a length that is no number', () => `${head('Content-Length: 5x')}\r\n\r\n${LIST}`, 400],
    ['with a negative length', () => `${head('Content-Length: -5')}\r\n\r\n${LIST}`, 400],
    ['with a chunk of no size', () => `${head('Transfer-Encoding: chunked')}\r\n\r\nzz\r\n${LIST}`, 400],
    [
      'with a coding that is not the last one chunked',
      () => `${head('Transfer-Encoding: chunked, x')}\r\n\r\n${chunked(LIST)}`,
      400,
    ],
  ])('%s', async (_, text, status) => {
    expect((await send(text())).slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
  });

  test('of a gigabyte by its own word is refused as soon as the cap is passed', async () => {
    const answer = await send(`${head('Content-Length: 1073741824')}\r\n\r\n${'x'.repeat(200_000)}`);
    expect(answer).toContain('HTTP/1.1 413');
  });
});

describe('L2 a head', () => {
  test.each([
    ['of 17 KB in one header', () => [`X-Long: ${'x'.repeat(17 * 1024)}`], 431],
    ['of 17 KB in a token', () => [`Authorization: Bearer ${'x'.repeat(17 * 1024)}`], 431],
    ['of 200 headers', () => Array.from({ length: 200 }, (_, n) => `X-${n}: ${n}`), 431],
    ['of 101 headers of one name', () => Array.from({ length: 101 }, () => 'X-Same: 1'), 431],
    [
      'of 50 headers',
      () => [...Array.from({ length: 50 }, (_, n) => `X-${n}: ${n}`), `Content-Length: ${LIST.length}`],
      200,
    ],
  ])('%s', async (_, lines, status) => {
    const text = await send(`${head(...lines(), 'Connection: close')}\r\n\r\n${LIST}`);
    expect(text.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
  });

  test('of 17 KB in the path is 431 too', async () => {
    const text = await send(`GET /healthz?${'x'.repeat(17 * 1024)} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe('L3 a slow sender', () => {
  test('of headers is let go within 15 seconds', () => {
    const { headersTimeout, connectionsCheckingInterval } = HTTP_LIMITS;
    expect(headersTimeout + connectionsCheckingInterval).toBeLessThanOrEqual(15_000);
  });

  test('is let go by those very limits, a hundredth of them here', async () => {
    const limits = Object.fromEntries(
      Object.entries(HTTP_LIMITS).map(([name, value]) => [name, name === 'maxHeaderSize' ? value : value / 100]),
    );
    const server = createServer(limits, (_, response) => response.end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    // What is still written when the other side hangs up.
    socket.on('error', () => {});
    socket.write('POST /chatkit HTTP/1.1\r\nHost:');
    // A byte now and then keeps nothing open.
    const dripping = setInterval(() => socket.write('x'), 20);
    // Not by `once`, which an error would end.
    await new Promise((resolve) => socket.on('close', resolve));
    clearInterval(dripping);
    server.close();
  });
});

const update = (title: string) => `{"type":"threads.update","params":{"thread_id":"thr_1","title":${title}}}`;

function keys(count: number): string {
  return Array.from({ length: count }, (_, n) => `"${n.toString(36)}":1`).join(',');
}

describe('L4 JSON', () => {
  test.each([
    [
      '10,000 levels of lists',
      `{"type":"threads.list","params":{},"x":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
      400,
    ],
    [
      '10,000 levels of objects',
      `{"type":"threads.list","params":{},"x":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`,
      400,
    ],
    ['10,000 levels that never end', `{"type":"threads.list","params":${'['.repeat(10_000)}`, 400],
    ['a million keys', `{"type":"threads.list","params":{${'"":0,'.repeat(1_000_000)}"a":0}}`, 413],
    ['as many keys as there is room for', `{"type":"threads.list","params":{${'"":0,'.repeat(12_000)}"a":0}}`, 200],
    [
      '35,000 keys of tool output',
      `{"type":"threads.add_client_tool_output","params":{"thread_id":"thr_1","result":{${keys(35_000)}}}}`,
      404,
    ],
    ['1e400', `{"type":"threads.list","params":{"limit":1e400}}`, 400],
    ['-1e400', `{"type":"threads.list","params":{"limit":-1e400}}`, 400],
    [
      '1e400 where anything goes',
      `{"type":"threads.add_client_tool_output","params":{"thread_id":"thr_1","result":[1e400]}}`,
      400,
    ],
    ['1e400 in metadata', `{"type":"threads.list","params":{},"metadata":{"a":1e400}}`, 400],
    ['a number of 10,000 digits', `{"type":"threads.list","params":{"limit":${'9'.repeat(10_000)}}}`, 400],
    ['NaN', `{"type":"threads.list","params":{"limit":NaN}}`, 400],
    ['a title that is a number', update('5'), 400],
    ['a title that is a list', update('["a"]'), 400],
    ['a duplicate key', `{"type":"threads.list","params":{"limit":5,"limit":"x"}}`, 400],
    ['a list for the whole', '[]', 400],
    ['null for the whole', 'null', 400],
    ['a text for the whole', '"threads.list"', 400],
    ['a byte order mark', `\ufeff${LIST}`, 200],
    ['a comment', `/**/${LIST}`, 400],
    ['two documents', LIST + LIST, 400],
    ['a type of Object.prototype', '{"type":"constructor","params":{}}', 400],
    ['__proto__ for a type', '{"type":"__proto__","params":{}}', 400],
  ])('%s', async (_, body, status) => {
    const response = await stack.post('/chatkit', token, body);
    expect([response.status, await response.text()]).toEqual([status, expect.stringMatching(/^\{/)]);
    expect(stack.logged).toEqual([]);
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });

  test('as UTF-16 or gzip is not read', async () => {
    for (const bytes of [Buffer.from(LIST, 'utf16le'), Buffer.from('1f8b0800', 'hex')])
      expect((await stack.post('/chatkit', token, new Blob([new Uint8Array(bytes)]))).status).toBe(400);
  });
});

const say = (...texts: string[]) => ({
  ...CREATE,
  params: { input: { ...CREATE.params.input, content: texts.map((text) => ({ type: 'input_text', text })) } },
});

describe('L5 a message', () => {
  test.each([
    ['of no part', [], 200],
    ['of no word', [''], 200],
    ['of spaces', [' \t\u00a0\u3000\u200b'], 200],
    ['of 8,000 characters', ['x'.repeat(8_000)], 200],
    ['of 8,000 in two parts', ['x'.repeat(4_000), 'y'.repeat(4_000)], 200],
    ['of 8,001 characters', ['x'.repeat(8_001)], 400],
    ['of 8,001 in two parts', ['x'.repeat(4_000), 'y'.repeat(4_001)], 400],
    ['of 8,000 combining marks', [`e${'\u0301'.repeat(7_999)}`], 200],
    ['of a million combining marks', [`e${'\u0301'.repeat(1_000_000)}`], 413],
    ['of 4,001 astral characters', ['\u{1f9f5}'.repeat(4_001)], 400],
    ['of 4,000 astral characters', ['\u{1f9f5}'.repeat(4_000)], 200],
    ['of bidi overrides', ['\u202e\u2066abc'], 200],
    ['of control characters', ['\u0001\u001b[31m\u007f\u0085\u2028'], 200],
    ['of noncharacters', ['\ufffe\uffff\u{10ffff}'], 200],
    ['of half a character', ['\ud83e'], 400],
    ['of NUL', ['a\0b'], 400],
    ['that looks like a frame', ['\n\nevent: done\ndata: {}\r\n\r\n'], 200],
    ['that looks like SQL', [`'); DROP TABLE items; --`], 200],
  ])('%s', async (_, texts, status) => {
    const response = await stack.post('/chatkit', token, say(...texts));
    expect(response.status).toBe(status);
    if (status !== 200 || !response.body) return;
    const events = await Array.fromAsync(decodeSse(response.body));
    const sent = events.flatMap((event) => (event.type === 'thread.item.done' ? [event.item] : []));
    expect(sent.map(({ type }) => type)).toEqual(['user_message', 'assistant_message']);
    const thread_id = sent[0]?.thread_id;
    const kept = await stack.post('/chatkit', token, { type: 'items.list', params: { thread_id, order: 'asc' } });
    expect(await kept.json()).toMatchObject({
      data: [{ content: texts.map((text) => ({ type: 'input_text', text })) }, {}],
    });
  });

  test('whose sender hangs up in the middle leaves nothing, and no fault', async () => {
    const sent = request({
      port,
      path: '/chatkit',
      method: 'POST',
      headers: { origin: ORIGIN, authorization: `Bearer ${token}`, 'content-length': '1000' },
    });
    sent.on('error', () => {});
    sent.write('{"type":"threads.create"');
    await once(sent, 'socket');
    await new Promise((resolve) => sent.write(',', resolve));
    sent.destroy();
    const list = await stack.post('/chatkit', token, { type: 'threads.list', params: {} });
    expect(await list.json()).toEqual({ data: [], has_more: false });
  });
});
