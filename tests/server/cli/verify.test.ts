import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../../server/store/database.ts';
import { type Stack, startStack } from '../../e2e/stack.ts';
import { freePort } from '../../fakes/free-port.ts';
import { startMcpServer } from '../../fakes/mcp-server.ts';
import { type ReverseProxy, startReverseProxy } from '../../fakes/reverse-proxy.ts';
import { sqldMissing, startSqld } from '../../fakes/sqld.ts';

// The command as people type it, against the real server; what is broken is broken for real, most of it by what stands
// between browsers and the server.

const SECRET = 'Zm9yIHRoZSB0ZXN0cyBvZiB2ZXJpZnkgYWxvbmU';
const OPERATOR_TOKEN = 'dGhlIG9wZXJhdG9yIG9mIHRoZSB0ZXN0cyBvZiB2ZXJpZnk';

async function run(file: string, words: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [`server/cli/${file}.ts`, ...words], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { out, err, code: child.exitCode };
}

const marks = (out: string) =>
  [...out.matchAll(/^ {2}([✓✗]) (\S+(?: \S+)*?) {2,}/gm)].map(([, mark, name]) => `${mark} ${name}`);
/** The one line that is not good, with its advice. */
const faults = (out: string) => out.split('\n').filter((line) => line.startsWith('  ✗') || line.includes('→'));

let proxy: ReverseProxy;
let stack: Stack;
let local: Record<string, string>;
beforeAll(async () => {
  proxy = await startReverseProxy();
  stack = await startStack({ PUBLIC_URL: proxy.url, OPERATOR_TOKEN });
  proxy.target = stack.chatUrl;
  local = { PORT: new URL(stack.chatUrl).port, DATA_DIR: stack.dataDir, PUBLIC_URL: proxy.url, OPERATOR_TOKEN };
});
afterAll(async () => {
  await stack.close();
  await proxy.close();
});
afterEach(() => {
  Object.assign(proxy, {
    target: stack.chatUrl,
    answers: undefined,
    changeRequest: undefined,
    changeResponse: undefined,
    changeBody: undefined,
  });
});

const verify = (words: string[] = [], env: Record<string, string> = {}) => run('verify', words, { ...local, ...env });
const site = (...words: string[]) => run('site', words, local);
const countRows = (table: string) => ({ sql: `SELECT count(*) AS n FROM ${table}`, args: [] });
const addSite = (id: string, ...settings: string[]) =>
  site('add', id, `https://${id}.example`, 'issuer=https://id.example', 'require-sign-in=true', ...settings);
const siteToken = () => /data-site-token="([^"]+)"/.exec(stack.output())?.[1] ?? '';

describe('a deployment that works', () => {
  test('is looked at from inside and outside, line by line', async () => {
    const { out, err, code } = await verify();
    expect({ marks: marks(out), err, code }).toEqual({
      marks: [
        '✓ environment',
        '✓ server',
        '✓ operator',
        '✓ configuration',
        '✓ database',
        '✓ signing keys',
        '✓ model',
        '✓ scripts',
        '✓ cors demo',
        '✓ session demo',
        '✓ answer demo',
        '✓ memory demo',
      ],
      err: '',
      code: 0,
    });
    expect(out).toContain('All 12 checks are good.');
    expect(out).not.toContain(siteToken());
  });

  test('is looked at from anywhere with what stands in a page', async () => {
    const { out, code } = await run('verify', [`${proxy.url}/`, '--site-token', siteToken()], {});
    expect({ marks: marks(out), code }).toEqual({
      marks: [
        '✓ environment',
        '✓ server',
        '✓ scripts',
        '✓ cors demo',
        '✓ session demo',
        '✓ answer demo',
        '✓ memory demo',
      ],
      code: 0,
    });
  });

  test('is left as it was: no thread and no visitor stay behind', async () => {
    expect((await verify()).code).toBe(0);
    await stack.stop();
    const db = await openDatabase({ url: `file:${join(stack.dataDir, 'pagewise.db')}` });
    const counted = await db.read(['threads', 'items', 'visitors'].map(countRows));
    await db.close();
    await stack.restart();
    expect(counted.flatMap(({ rows }) => rows.map((row) => row['n']))).toEqual([0, 0, 0]);
  });
});

describe('a deployment that is broken', () => {
  interface Row {
    fault: string;
    /** Breaks it; may say how to call the command. */
    make: () => void | Promise<void> | { words?: string[]; env?: Record<string, string> };
    /** What the failing line and its advice have to say. */
    says: RegExp[];
  }
  const rows: Row[] = [
    {
      fault: 'a variable that cannot be',
      make: () => ({ env: { MODEL_API: 'telepathy' } }),
      says: [/✗ environment +MODEL_API/],
    },
    {
      fault: 'no server',
      make: () => {
        proxy.target = 'http://localhost:1';
        return { words: ['http://localhost:1'], env: {} };
      },
      says: [/✗ server .*http:\/\/localhost:1/],
    },
    {
      fault: 'another program at the address',
      make: () => {
        proxy.answers = () => ({ status: 200, body: '<h1>Welcome to nginx</h1>' });
      },
      says: [/✗ server .*no Pagewise server/, /proxy/],
    },
    {
      fault: 'a PUBLIC_URL that is another address',
      make: () => ({ words: [stack.chatUrl] }),
      says: [/✗ configuration .*believes that it is http:\/\/localhost:\d+, not http:\/\/localhost:\d+/, /PUBLIC_URL=/],
    },
    {
      fault: 'a cache with scripts of another release',
      make: () => {
        proxy.answers = (path) => (path.startsWith('/assets/panel-') ? { status: 404, body: 'gone' } : undefined);
      },
      says: [/✗ scripts .*\/assets\/panel-[\w-]+\.js is not there \(404\)/, /another release/],
    },
    {
      fault: 'scripts that are rewritten on the way',
      make: () => {
        proxy.changeBody = async (body, path) => (path === '/widget.js' ? `/* optimised */${body.toString()}` : body);
      },
      says: [/✗ scripts .*\/widget\.js is not what the server sent/, /minifying/],
    },
    {
      fault: 'scripts without the header that lets other sites read them',
      make: () => {
        proxy.changeResponse = (headers, path) => {
          if (path.startsWith('/assets/')) delete headers['access-control-allow-origin'];
        };
      },
      says: [/✗ scripts .*without access-control-allow-origin/],
    },
    {
      fault: 'preflights that something else answers',
      make: () => {
        proxy.answers = (_path, method) => (method === 'OPTIONS' ? { status: 405, body: '' } : undefined);
      },
      says: [/✗ cors demo .*preflight of \/v1\/session .* answers 405/, /OPTIONS/],
    },
    {
      fault: 'CORS headers of somebody else',
      make: () => {
        proxy.changeResponse = (headers, path) => {
          if (!path.startsWith('/v1/') && path !== '/chatkit') return;
          headers['access-control-allow-origin'] = '*';
        };
      },
      says: [/✗ cors demo .*for \*/],
    },
    {
      fault: 'an Authorization header that is taken away',
      make: () => {
        proxy.changeRequest = (headers) => {
          delete headers.authorization;
        };
      },
      says: [/✗ session demo .*site token did not arrive/, /Authorization/],
    },
    {
      fault: 'a page whose origin is on no list',
      make: () => ({ words: [proxy.url, '--site-token', siteToken(), '--origin', 'https://elsewhere.example'] }),
      says: [/✗ cors demo .*https:\/\/elsewhere\.example belongs to no site/, /✗ session demo .*does not let/],
    },
    {
      fault: 'a stream that is collected',
      make: () => {
        // As long as a model takes to begin: what comes at once is not told from what was collected.
        proxy.changeBody = async (body, path) => (path === '/chatkit' ? await wait(600, body) : body);
      },
      says: [/✗ answer demo .*in one piece/, /buffering/],
    },
  ];
  test.each(rows)('$fault: is named', async ({ make, says }) => {
    const { words = [], env = {} } = (await make()) ?? {};
    const { out, code } = await verify(words, env);
    for (const words of says) expect(faults(out).join('\n')).toMatch(words);
    expect(code).toBe(1);
    expect(out).toMatch(/\d+ of \d+ checks failed\./);
  });

  test('a tag that was revoked: is named', async () => {
    const added = await site('add', 'gone', 'https://gone.example');
    const [, token = ''] = /data-site-token="([^"]+)"/.exec(added.out) ?? [];
    await site('revoke', 'gone', 'tags');
    const { out, code } = await run('verify', [proxy.url, '--site-token', token], {});
    await site('remove', 'gone');
    expect(faults(out).join('\n')).toMatch(/✗ session gone .*counts no more[^]*npm run site -- token/);
    expect(code).toBe(1);
  });

  test('an issuer of user tokens that is away, one without a key, and a secret that was never set: are named', async () => {
    const issuer = createServer((_request, response) => response.end('{"keys":[]}')).listen(0, '127.0.0.1');
    await once(issuer, 'listening');
    const { port } = issuer.address() as AddressInfo;
    const allowed = { ...local, OUTBOUND_ALLOW: `127.0.0.1:${port},127.0.0.1:1` };
    await stack.restart({ PUBLIC_URL: proxy.url, OPERATOR_TOKEN, OUTBOUND_ALLOW: allowed.OUTBOUND_ALLOW });
    await addSite('away', 'mode=jwks', 'jwks-url=http://127.0.0.1:1/keys');
    await addSite('bare', 'mode=jwks', `jwks-url=http://127.0.0.1:${port}/keys`);
    await addSite('none', 'mode=secret');
    const { out } = await verify();
    for (const id of ['away', 'bare', 'none']) await site('remove', id);
    issuer.close();
    expect(faults(out).join('\n')).toMatch(
      /✗ user keys away .*cannot be had[^]*✗ user keys bare .*holds no key[^]*✗ user secret none .*nobody can sign in/,
    );
    expect(marks(out)).toContain('✓ session away');
    expect(out).toContain('visitors have to sign in, so no chat was tried');
  }, 60_000);

  test('servers of tools that are away, refuse, or are none: are named, and one that answers is not', async () => {
    const mcp = await startMcpServer({ register: () => {} });
    const other = createServer(({ url }, response) => response.writeHead(url === '/mcp' ? 401 : 404).end());
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const { port } = other.address() as AddressInfo;
    const allow = `${mcp.host},127.0.0.1:${port},127.0.0.1:1`;
    await stack.restart({ PUBLIC_URL: proxy.url, OPERATOR_TOKEN, OUTBOUND_ALLOW: allow });
    const servers = [
      { name: 'good', url: mcp.url, auth: { mode: 'none' } },
      { name: 'away', url: 'http://127.0.0.1:1/mcp', auth: { mode: 'none' } },
      { name: 'shut', url: `http://127.0.0.1:${port}/mcp`, auth: { mode: 'service', header: 'x-api-key' } },
      { name: 'asks', url: `http://127.0.0.1:${port}/mcp`, auth: { mode: 'user_header' } },
      { name: 'page', url: `http://127.0.0.1:${port}/`, auth: { mode: 'none' } },
    ];
    await site('add', 'shop', 'https://shop.example', `mcpServers=${JSON.stringify(servers)}`);
    const { out } = await verify();
    await site('remove', 'shop');
    await mcp.close();
    other.close();
    expect(marks(out).filter((mark) => mark.includes('tools'))).toEqual([
      '✓ tools shop good',
      '✗ tools shop away',
      '✗ tools shop shut',
      '✓ tools shop asks',
      '✗ tools shop page',
    ]);
    expect(faults(out).join('\n')).toMatch(/OUTBOUND_ALLOW[^]*mcp secret shop shut[^]*no MCP server \(404\)/);
  }, 60_000);

  test('a model that refuses the key: is named, before the answer that fails of it', async () => {
    const endpoint = createServer((_request, response) => response.writeHead(401).end('{}')).listen(0, '127.0.0.1');
    await once(endpoint, 'listening');
    const { port } = endpoint.address() as AddressInfo;
    await stack.restart({
      PUBLIC_URL: proxy.url,
      OPERATOR_TOKEN,
      OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
      OPENAI_API_KEY: 'sk-canary',
    });
    const { out, code } = await verify();
    await stack.restart();
    endpoint.close();
    expect(faults(out).join('\n')).toMatch(/✗ model .*refuses the key[^]*OPENAI_API_KEY[^]*✗ answer demo/);
    expect(out).not.toContain('sk-canary');
    expect(code).toBe(1);
  }, 60_000);

  test('a restart that loses the data: is named as a chat that is forgotten', async () => {
    await stack.stop();
    const copy = `${stack.dataDir}-copy`;
    await cp(stack.dataDir, copy, { recursive: true });
    await stack.restart();
    const other = await startStack({ PUBLIC_URL: proxy.url, OPERATOR_TOKEN, DATA_DIR: copy, DEMO_PORT: '0' });
    let asked = false;
    proxy.answers = (path, method) => {
      // After the question: who answers from now on has not seen it.
      if (asked) proxy.target = other.chatUrl;
      asked ||= path === '/chatkit' && method === 'POST';
      return undefined;
    };
    const { out, code } = await run('verify', [proxy.url, '--site-token', siteToken()], {});
    await other.close();
    expect(faults(out).join('\n')).toMatch(/✗ memory demo .*does not find the chat again[^]*DATA_DIR/);
    expect(code).toBe(1);
  }, 60_000);

  test('another OPERATOR_TOKEN: is named, and the outside is looked at all the same', async () => {
    const { out, code } = await verify([proxy.url, '--site-token', siteToken()], {
      OPERATOR_TOKEN: 'c29tZWJvZHkgZWxzZSBhbHRvZ2V0aGVyLCBub3QgaGVyZQ',
    });
    expect(faults(out).join('\n')).toMatch(/✗ operator .*another OPERATOR_TOKEN/);
    expect(marks(out)).toContain('✓ memory demo');
    expect(code).toBe(1);
  });
});

test.skipIf(sqldMissing)(
  'a database that went away is named',
  async () => {
    const sqld = await startSqld();
    const env = { DATABASE_URL: `http://${sqld.host}`, KEY_SECRET: SECRET, OPERATOR_TOKEN, DEMO_PORT: '0' };
    const remote = await startStack(env);
    await sqld.kill();
    const { out, code } = await run('verify', [], {
      ...env,
      PORT: new URL(remote.chatUrl).port,
      DATA_DIR: remote.dataDir,
    });
    await remote.close();
    await sqld.close();
    expect(faults(out).join('\n')).toMatch(/✗ server .*nothing can be stored[^]*DATABASE_URL/);
    expect(code).toBe(1);
  },
  60_000,
);

test.each([
  { words: ['not an address'], says: /usage/ },
  { words: ['http://localhost:1', 'more'], says: /usage/ },
  { words: ['--site-tokn', 'x'], says: /site-tokn/ },
  { words: ['http://localhost:1', '--site-token', 'x'], says: /data-site-token/ },
])('a call that is wrong says how it is meant: $words', async ({ words, says }) => {
  const { err, code } = await run('verify', words, {});
  expect(err).toMatch(says);
  expect(code).toBe(2);
});

test('an address alone is not enough to see anything by', async () => {
  const { err, code } = await run('verify', [proxy.url], { PORT: String(await freePort()) });
  expect(err).toContain('--site-token');
  expect(code).toBe(2);
});
