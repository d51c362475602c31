import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { LibsqlError } from '@libsql/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { decodeSse } from '../../../protocol/sse.ts';
import { type Config, readConfig } from '../../../server/config.ts';
import { ApiError } from '../../../server/errors.ts';
import { createLog, type LogFields } from '../../../server/log.ts';
import { parseSite } from '../../../server/sites/parse-site.ts';
import { openSession, type SiteClient } from '../../e2e/site-client.ts';
import { type Stack, startStack } from '../../e2e/stack.ts';
import { ORIGIN } from '../auth/make-auth.ts';
import { CREATE } from '../chatkit/scripted-server.ts';
import { makeApp } from '../make-app.ts';

// What leaves the server besides answers: logs, errors, caches; and what it starts with. P4–P8, P10 and P14 belong to
// deletion, export, retention, audit and releases, which come later; P8 is shown for signing keys in auth/keys.test.ts.

describe('P1 the log of a server that is asked, and fails, in many ways', () => {
  const CANARIES = {
    text: 'canary-text-of-a-visitor',
    email: 'canary.person@example.com',
    cookie: 'canary-cookie-value',
    key: 'sk-canary-of-the-operator-0123456789',
    secret: 'canary-secret-abcdefghijklmnopqrstuvwxyz',
    page: 'canary-title-of-a-page',
    file: 'canary-name-of-a-file',
    agent: 'canary-user-agent',
  };
  const tokens: string[] = [];
  let stack: Stack;
  let client: SiteClient;
  let closeUpstream: () => void;

  beforeAll(async () => {
    // It fails, and quotes all that it was sent: in bodies as in a frame of a stream.
    let answers = 0;
    const upstream = createServer((request, response) => {
      void buffer(request).then((sent) => {
        const said = `${sent.toString()} ${JSON.stringify(request.headers)}`;
        answers += 1;
        if (answers % 2 === 0) return response.writeHead(400).end(JSON.stringify({ error: { message: said } }));
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        return response.end(`event: error\ndata: ${JSON.stringify({ type: 'error', code: 'x', message: said })}\n\n`);
      });
    }).listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    closeUpstream = () => upstream.close();
    stack = await startStack({
      LOG_LEVEL: 'trace',
      OPENAI_API_KEY: CANARIES.key,
      OPENAI_BASE_URL: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`,
      MODEL: 'm',
      TRANSCRIBE_MODEL: 'w',
      KEY_SECRET: CANARIES.secret,
    });
    client = await openSession(stack);
  });
  afterAll(async () => {
    await stack.close();
    closeUpstream();
  });

  test('holds no token, no cookie, no text, no address and no key', async () => {
    const { text, email, cookie, page, file, agent } = CANARIES;
    tokens.push(client.visitorToken);
    for (let n = 0; n < 2; n++) await Array.fromAsync(await client.ask(`${text} ${email}`));
    const input = { content: [{ type: 'input_text', text }], attachments: [], inference_options: {} };
    await client.post({ type: 'input.transcribe', params: { audio_base64: btoa(text), mime_type: `audio/${text}` } });
    await client.post({ type: text, params: {} });
    await client.post({ type: 'threads.get_by_id', params: { thread_id: `${text}\n${email}` } });
    await client.post({ type: 'threads.get_by_id', params: { thread_id: `${text}\0` } });
    const made = await client.post({
      type: 'attachments.create',
      params: { name: `${file}.txt`, size: 5, mime_type: 'text/plain' },
    });
    const { id, upload_descriptor } = (await made.json()) as {
      id: string;
      upload_descriptor: { headers: { authorization: string } };
    };
    const [, upload = ''] = upload_descriptor.headers.authorization.split(' ');
    tokens.push(upload);
    const bearer = `${text}.${client.visitorToken}`;
    const headers = {
      origin: stack.demoUrl,
      authorization: `Bearer ${bearer}`,
      cookie: `a=${cookie}`,
      'user-agent': agent,
      'x-forwarded-for': email,
    };
    for (const [path, method, body] of [
      [
        '/chatkit',
        'POST',
        JSON.stringify({ type: 'threads.create', params: { input }, metadata: { pageContext: { title: page } } }),
      ],
      [`/chatkit?access_token=${bearer}&text=${text}`, 'POST', '{'],
      [
        `/v1/session?visitor_token=${client.visitorToken}`,
        'POST',
        JSON.stringify({ visitor_token: client.visitorToken }),
      ],
      [`/v1/files/${id}?token=${upload}`, 'PUT', text],
      [`/v1/files/preview/${upload}`, 'GET', undefined],
      [`/${text}/${email}`, 'GET', undefined],
    ] as const)
      await fetch(`${stack.chatUrl}${path}`, { method, headers, ...(body !== undefined && { body }) });
    await stack.stop();

    const lines = stack
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join('\n')).toContain('an answer failed');
    const siteToken = /data-site-token="([^"]+)"/.exec(stack.output())?.[1] ?? '';
    for (const word of [...Object.values(CANARIES), ...tokens, siteToken, 'eyJ', 'canary', btoa(text)])
      expect(
        lines.filter((line) => line.includes(word)),
        word,
      ).toEqual([]);
    // What the operator reads at start is the tag, and none of the rest.
    for (const word of [...Object.values(CANARIES), ...tokens]) expect(stack.output()).not.toContain(word);
  });
});

function linesOf(fields: LogFields, message: string): string[] {
  let written = '';
  const log = createLog('trace', {
    write(text: string) {
      written += text;
    },
  });
  log.error(fields, message);
  return written.split('\n').slice(0, -1);
}
describe('P2 one log line', () => {
  const forged = '\r\n{"level":60,"msg":"forged"}\n\u2028\u2029\u001b[2J\u0085\0';

  test.each<[string, LogFields, string]>([
    ['its message', {}, forged],
    ['an error', { err: new Error(forged) }, 'it failed'],
    ['the name of an error', { err: Object.assign(new Error('a'), { name: forged }) }, 'it failed'],
    ['a code', { code: forged }, 'it failed'],
    ['a route', { route: forged }, 'it failed'],
    ['a cause', { err: new Error('a', { cause: new Error(forged) }) }, 'it failed'],
    ['a stack', { err: Object.assign(new Error('a'), { stack: `Error: a\n    at ${forged}` }) }, 'it failed'],
    ['what is no error', { err: forged }, 'it failed'],
  ])('stays one, whatever %s holds', (_, fields, message) => {
    const lines = linesOf(fields, message);
    expect(lines).toHaveLength(1);
    expect((JSON.parse(lines[0] ?? '') as { level: number }).level).toBe(50);
    expect((lines[0] ?? '').split('').filter((char) => char < ' ')).toEqual([]);
  });
});

describe('P3 an error tells a client nothing of ours', () => {
  let stack: Awaited<ReturnType<typeof makeApp>>;
  let thrown: unknown;
  beforeAll(async () => {
    stack = await makeApp(
      () => {
        throw thrown;
      },
      async () => {
        throw thrown;
      },
    );
  });
  afterAll(() => stack.close());

  const cause = new Error('SELECT body FROM threads');
  const FAULTS: [string, unknown][] = [
    ['SQL', new LibsqlError('SQLITE_ERROR: near "FROM": SELECT body FROM threads', 'SQLITE_ERROR')],
    [
      'a path',
      Object.assign(new Error("ENOENT: no such file, open '/var/lib/pagewise'"), { code: 'ENOENT', path: '/var/lib' }),
    ],
    [
      'what an upstream said',
      Object.assign(new Error('401 Incorrect API key sk-abc'), { status: 401, error: { message: 'sk-abc' } }),
    ],
    ['a type error', new TypeError("Cannot read properties of undefined (reading 'secret')")],
    ['a schema', z.object({ secret: z.string() }).safeParse({}).error],
    ['a code that is like ours', Object.assign(new Error('secret'), { code: 'not_found' })],
    ['a status', Object.assign(new Error('secret'), { status: 200, statusCode: 200, expose: true })],
    ['its own answer', Object.assign(new Error('secret'), { getResponse: () => new Response('secret') })],
    ['a cause', new Error('secret', { cause })],
    ['many', new AggregateError([cause], 'secret')],
    ['an abort', new DOMException('secret', 'AbortError')],
    ['a text', 'secret'],
    ['nothing', undefined],
    ['an object', { message: 'secret', code: 'token_invalid' }],
  ];

  test.each(FAULTS)('whether it is about %s, of a request', async (_, fault) => {
    thrown = fault;
    const token = await stack.session();
    const recording = { type: 'input.transcribe', params: { audio_base64: 'AAAA', mime_type: 'audio/webm' } };
    const response = await stack.post('/chatkit', token, recording);
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('{"error":{"code":"internal","message":"something went wrong here"}}');
    expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN);
  });

  test.each(FAULTS)('whether it is about %s, in a stream', async (_, fault) => {
    thrown = fault;
    const response = await stack.post('/chatkit', await stack.session(), CREATE);
    const events = response.body ? await Array.fromAsync(decodeSse(response.body)) : [];
    expect(events.at(-1)).toEqual({ type: 'error', code: 'stream.error', allow_retry: true });
  });

  test('not the cause of one of ours either', async () => {
    thrown = new ApiError('storage_unavailable', 'Try again.', { cause });
    const recording = { type: 'input.transcribe', params: { audio_base64: 'AAAA', mime_type: 'audio/webm' } };
    const response = await stack.post('/chatkit', await stack.session(), recording);
    expect(await response.text()).toBe('{"error":{"code":"storage_unavailable","message":"Try again."}}');
  });
});

describe('P11 a cache keeps', () => {
  let stack: Stack;
  let client: SiteClient;
  beforeAll(async () => {
    stack = await startStack();
    client = await openSession(stack);
  });
  afterAll(() => stack.close());

  test('no answer of the API, whatever it is', async () => {
    const made = await client.post({
      type: 'attachments.create',
      params: { name: 'a.txt', size: 5, mime_type: 'text/plain' },
    });
    const { id, upload_descriptor } = (await made.json()) as {
      id: string;
      upload_descriptor: { headers: HeadersInit };
    };
    const { headers } = upload_descriptor;
    const uploaded = await fetch(`${stack.chatUrl}/v1/files/${id}`, { method: 'PUT', headers, body: 'Hello' });
    for (const response of [
      made,
      uploaded,
      await client.get(`/v1/files/${id}`),
      await client.get('/v1/files/atc_none'),
      await client.get('/v1/files/preview/none'),
      await client.post({ type: 'threads.list', params: {} }),
      await client.post({ type: 'threads.create', params: { input: CREATE.params.input } }),
      await client.post({ type: 'nonsense', params: {} }),
      await fetch(`${stack.chatUrl}/v1/session`, { method: 'POST' }),
      await fetch(`${stack.chatUrl}/chatkit`),
      await fetch(`${stack.chatUrl}/nothing`),
      await fetch(`${stack.chatUrl}/healthz`),
      await fetch(`${stack.chatUrl}/readyz`),
    ])
      expect(response.headers.get('cache-control'), `${response.status} ${response.url}`).toMatch(/^no-store/);
  });

  test('the hashed chunks for good, and asks again for the scripts that pages name', async () => {
    const widget = await fetch(`${stack.chatUrl}/widget.js`);
    expect(widget.headers.get('cache-control')).toBe('no-cache');
    expect(widget.headers.get('etag')).toMatch(/^"[\w-]+"$/);
    const chunks = new Set((await widget.text()).match(/assets\/[\w.-]+\.js/g));
    expect(chunks.size).toBeGreaterThan(0);
    for (const chunk of chunks)
      expect((await fetch(`${stack.chatUrl}/${chunk}`)).headers.get('cache-control')).toBe(
        'public, max-age=31536000, immutable',
      );
  });
});

const STRONG = 'q3T9xZ0bW7uKfR2mYh8sJ4vL6nC1dE5g';

describe('P12 a server in production does not start with', () => {
  const PRODUCTION: Record<string, string>[] = [
    { PUBLIC_URL: 'https://chat.example.com' },
    { PUBLIC_URL: 'HTTPS://chat.example.com' },
    { DATABASE_URL: 'libsql://db.example.com' },
    { DATABASE_URL: 'https://db.example.com' },
    { DATABASE_URL: 'wss://db.example.com', PUBLIC_URL: 'http://localhost:8787' },
    { DATABASE_URL: 'http://10.0.0.5:8080' },
  ];
  const WEAK: [string, string | undefined][] = [
    ['no secret', undefined],
    ['an empty one', ''],
    ['one of spaces', ' '.repeat(40)],
    ['one of 31 characters', STRONG.slice(1)],
    ['one of 31 characters and a space', ` ${STRONG.slice(1)}`],
    ['one letter', 'x'.repeat(64)],
    ['one word again and again', 'secret'.repeat(10)],
    ['a word and a number', 'changeme1changeme1changeme1changeme1'.replaceAll('changeme1', 'admin1')],
  ];
  describe.each(WEAK)('%s', (_, secret) => {
    test.each(PRODUCTION)('%j', (env) => {
      const whole = { ...env, ...(secret !== undefined && { KEY_SECRET: secret }) };
      expect(() => readConfig(whole)).toThrow(/^KEY_SECRET /);
      expect(() => readConfig(whole)).not.toThrow(secret?.trim() || 'undefined');
    });
  });

  test.each(PRODUCTION)('but does with a strong one: %j', (env) => {
    expect(readConfig({ ...env, KEY_SECRET: STRONG }).keySecret).toBe(STRONG);
  });

  describe.each(WEAK.filter(([, token]) => token?.trim() && !token.includes(' ')))(
    'an operator’s token: %s',
    (_, token) => {
      test.each(PRODUCTION)('%j', (env) => {
        const whole = { ...env, KEY_SECRET: STRONG, ...(token !== undefined && { OPERATOR_TOKEN: token }) };
        expect(() => readConfig(whole)).toThrow(/^OPERATOR_TOKEN /);
      });
    },
  );

  test('not the process itself', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'pagewise-weak-'));
    const child = spawn(process.execPath, ['server/main.ts'], {
      env: { PATH: process.env.PATH, DATA_DIR: dataDir, PUBLIC_URL: 'https://chat.example.com', KEY_SECRET: 'weak' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [stderr] = await Promise.all([buffer(child.stderr), once(child, 'close')]);
    await rm(dataDir, { recursive: true });
    expect(child.exitCode).toBe(1);
    expect(stderr.toString()).toMatch(/^Pagewise cannot start: KEY_SECRET has at least 32 random characters .*\n$/);
  });
});

describe('P13 what nobody has set', () => {
  test('of the server is the safe way', () => {
    expect(readConfig({})).toMatchObject({ host: '127.0.0.1', openaiApiKey: undefined } satisfies Partial<Config>);
  });

  test('of a site is the safe way', () => {
    expect(parseSite({ id: 'a', name: 'A', origins: [], epoch: 0, settings: {} })).toEqual({
      id: 'a',
      name: 'A',
      origins: [],
      epoch: 0,
      settings: { prompts: [], theme: 'auto', pageContext: 'page', identity: { mode: 'none' }, mcpServers: [] },
    });
  });
});
