import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startStack } from '../e2e/stack.ts';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pagewise-main-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

/** Starts a server that is expected to end by itself. */
async function startAndFail(env: Record<string, string>): Promise<{ code: number | null; stderr: string }> {
  const child: ChildProcess = spawn(process.execPath, ['server/main.ts'], {
    env: { PATH: process.env.PATH, DATA_DIR: dataDir, DEMO_PORT: '0', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  await once(child, 'close');
  return { code: child.exitCode, stderr };
}

test('it prints where things are, refuses a second process on its data, and ends in peace', async () => {
  const stack = await startStack();
  try {
    expect(stack.output()).toContain(`Chat server   ${stack.chatUrl}\n`);
    expect(stack.output()).toContain(`Demo site     ${stack.demoUrl}\n`);
    expect(stack.output()).toMatch(/Model {9}the built-in model/);
    expect(stack.output()).toMatch(
      new RegExp(`<script async src="${stack.chatUrl}/widget\\.js" data-site-token="[\\w.-]+"></script>`),
    );
    const second = await startAndFail({ PORT: '1', DATA_DIR: stack.dataDir });
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/^Pagewise cannot start: .*in use by another process.*\n$/);
  } finally {
    await stack.close();
  }
  expect(stack.output()).toContain('"msg":"the server ends"');
});

test('a port that is taken is one sentence', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const { code, stderr } = await startAndFail({ PORT: String(address.port) });
  other.close();
  expect(code).toBe(1);
  expect(stderr).toBe(
    `Pagewise cannot start: port ${address.port} is in use by another program; set PORT or DEMO_PORT.\n`,
  );
});

test('a wrong variable is one sentence that names it', async () => {
  const { code, stderr } = await startAndFail({ PORT: 'x' });
  expect(code).toBe(1);
  expect(stderr).toBe('Pagewise cannot start: PORT is a whole number from 1 to 65535\n');
});
