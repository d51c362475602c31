import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stack, startStack } from '../../e2e/stack.ts';

// The command as people type it, in a process of its own: alone on its data, and beside a server that owns them.

async function site(env: Record<string, string>, words: string[], input = '') {
  const child = spawn(process.execPath, ['server/cli/site.ts', ...words], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { out, err, code: child.exitCode };
}

const TAG = /<script async src="([^"]+)\/widget\.js" data-site-token="([\w.-]+)"><\/script>/;
const openSession = (url: string, out: string, origin: string) =>
  fetch(`${url}/v1/session`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TAG.exec(out)?.[2]}`, origin },
    body: '{}',
  });

let stack: Stack;
let dataDir: string;
beforeAll(async () => {
  stack = await startStack({ DEMO_PORT: '0' });
  dataDir = await mkdtemp(join(tmpdir(), 'pagewise-cli-'));
});
afterAll(async () => {
  await stack.close();
  await rm(dataDir, { recursive: true });
});

/** With the variables of the stack, whether its server runs or not. */
const atStack = (words: string[], input?: string) =>
  site({ DATA_DIR: stack.dataDir, PORT: new URL(stack.chatUrl).port }, words, input);
const alone = (words: string[]) => site({ DATA_DIR: dataDir }, words);

describe('beside a running server', () => {
  test('a new site is let in at once, a preview too, and ends when it is told to', async () => {
    const added = await atStack(['add', 'docs', 'https://docs.example.com', 'https://*.preview.example.com']);
    expect(added).toMatchObject({ err: '', code: 0 });
    expect(TAG.exec(added.out)?.[1]).toBe(stack.chatUrl);
    const first = await openSession(stack.chatUrl, added.out, 'https://docs.example.com');
    expect(first.status).toBe(200);
    expect((await openSession(stack.chatUrl, added.out, 'https://pr-7.preview.example.com')).status).toBe(200);
    expect((await openSession(stack.chatUrl, added.out, 'https://evil.example')).status).toBe(403);

    const set = await atStack(
      ['set', 'docs', 'greeting=Ahoy', 'identity.secret=-', 'identity=secret', 'issuer=me'],
      's'.repeat(32),
    );
    expect(set.code).toBe(0);
    expect(set.out).toContain('sec_');
    expect(set.out).not.toContain('s'.repeat(32));
    const second = (await (await openSession(stack.chatUrl, added.out, 'https://docs.example.com')).json()) as {
      site: { greeting: string };
    };
    expect(second.site.greeting).toBe('Ahoy');

    expect((await atStack(['revoke', 'docs', 'tags'])).code).toBe(0);
    expect((await openSession(stack.chatUrl, added.out, 'https://docs.example.com')).status).toBe(401);
    const again = await atStack(['token', 'docs']);
    expect((await openSession(stack.chatUrl, again.out, 'https://docs.example.com')).status).toBe(200);
    expect((await atStack(['set', 'docs', 'suspended=true'])).code).toBe(0);
    expect((await openSession(stack.chatUrl, again.out, 'https://docs.example.com')).status).toBe(401);
    expect((await atStack(['remove', 'docs'])).code).toBe(0);
    expect(await atStack(['show', 'docs'])).toEqual({ out: '', err: 'there is no site docs\n', code: 1 });
  }, 60_000);

  test('the token of the operator is the owner’s of the process alone, and another one is told apart', async () => {
    expect((await stat(join(stack.dataDir, 'operator-token'))).mode & 0o777).toBe(0o600);
    const port = new URL(stack.chatUrl).port;
    const wrong = await site({ DATA_DIR: stack.dataDir, PORT: port, OPERATOR_TOKEN: 'wrong' }, ['list']);
    expect(wrong.err).toMatch(/^the server at http:\/\/127\.0\.0\.1:\d+ takes another OPERATOR_TOKEN/);
    const elsewhere = await site({ DATA_DIR: stack.dataDir, PORT: '1' }, ['list']);
    expect(elsewhere.err).toMatch(/^the database is in use, and no server answers at http:\/\/127\.0\.0\.1:1: set/);
    expect([wrong.code, elsewhere.code]).toEqual([1, 1]);
    expect(wrong.err + elsewhere.err).not.toContain('wrong');
  });
});

test('without a server it opens the data itself, and the next start lets the site in', async () => {
  await stack.stop();
  const added = await atStack(['add', 'shop', 'origins=https://shop.example.com', 'name=A shop']);
  expect(added).toMatchObject({ err: '', code: 0 });
  expect((await atStack(['list'])).out).toBe('  shop  A shop  https://shop.example.com\n');
  const shown = await atStack(['show', 'shop']);
  expect(TAG.exec(shown.out)?.[2]).toBe(TAG.exec(added.out)?.[2]);
  await stack.restart({ DEMO_PORT: '0' });
  expect((await openSession(stack.chatUrl, added.out, 'https://shop.example.com')).status).toBe(200);
}, 60_000);

test('the keys are listed, changed and ended', async () => {
  expect((await alone(['keys'])).out).toMatch(/^ {2}[\w-]{22} {2}current, signs since [\dT:-]+Z\n$/);
  expect((await alone(['keys', 'rotate'])).out).toMatch(/^ {2}[\w-]{22} standby, signs from [\dT:-]+Z\./);
  const [standby, current] = [...(await alone(['keys', 'list'])).out.matchAll(/^ {2}([\w-]{22}) {2}(\w+)/gm)];
  expect([standby?.[2], current?.[2]]).toEqual(['standby', 'current']);
  expect((await alone(['keys', 'revoke', String(current?.[1])])).out).toContain('revoked at');
  expect((await alone(['keys'])).out).toMatch(/standby[^]*current[^]*revoked/);
  expect(await alone(['keys', 'revoke', 'nope'])).toEqual({ out: '', err: 'there is no such key\n', code: 1 });
}, 60_000);

test('what cannot be is said in one line', async () => {
  expect(await alone(['add', 'bad', 'https://*.com'])).toMatchObject({
    err: 'site: origins.0 must be one origin like https://www.example.com or https://*.example.com, without a path\n',
    code: 1,
  });
  expect(await alone(['add', 'bad'])).toMatchObject({
    err: expect.stringMatching(/^add needs an id and an origin/),
    code: 2,
  });
  expect((await alone(['explode'])).err).toMatch(/^usage: npm run site -- COMMAND\n/);
  const wrong = join(dataDir, 'wrong');
  await site({ DATA_DIR: wrong }, ['list']);
  await writeFile(join(wrong, 'key-secret'), `${'x'.repeat(43)}\n`);
  expect((await site({ DATA_DIR: wrong }, ['list'])).err).toMatch(/^KEY_SECRET does not open the signing keys/);
}, 60_000);
