import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../../server/store/database.ts';

const ROUNDS = 50;
/** Each lane has its own file and its own program; two cores, two lanes. */
const LANES = 2;
const WRITER = fileURLToPath(new URL('./write-until-killed.ts', import.meta.url));

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pagewise-kill-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** Runs the writer, kills it somewhere after its nth acknowledgement, and returns all that it acknowledged. */
async function writeAndKill(url: string, round: string): Promise<string[]> {
  const child = spawn(process.execPath, [WRITER, url, round], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const acknowledged: string[] = [];
  const killAfter = 1 + Math.floor(Math.random() * 60);
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    // Not at the acknowledgement itself: anywhere in the write that follows.
    if (acknowledged.length === killAfter) setTimeout(() => child.kill('SIGKILL'), Math.random() * 3);
  }
  await closed;
  expect(child.signalCode).toBe('SIGKILL');
  return acknowledged;
}

async function storedIds(url: string): Promise<Set<string>> {
  const db = await openDatabase({ url });
  const [items, check] = await db.read([
    { sql: 'SELECT id FROM items', args: [] },
    { sql: 'PRAGMA integrity_check', args: [] },
  ]);
  await db.close();
  expect(check?.rows).toEqual([{ integrity_check: 'ok' }]);
  return new Set(items?.rows.map(({ id }) => String(id)));
}

test(`${ROUNDS} times killed after an acknowledgement, no acknowledged message is lost (R1)`, {
  timeout: 120_000,
}, async () => {
  const lanes = Array.from({ length: LANES }, async (_, lane) => {
    const url = `file:${join(directory, `lane-${lane}.db`)}`;
    const acknowledged: string[] = [];
    for (let round = 0; round < ROUNDS / LANES; round++) {
      acknowledged.push(...(await writeAndKill(url, `${round}`)));
      const stored = await storedIds(url);
      expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
    }
    return acknowledged.length;
  });
  for (const count of await Promise.all(lanes)) expect(count).toBeGreaterThanOrEqual(ROUNDS / LANES);
});

test('a second process on the same file is refused, with the name of the file (R21)', async () => {
  const url = `file:${join(directory, 'owned.db')}`;
  const db = await openDatabase({ url });
  const child = spawn(process.execPath, [WRITER, url, '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(1);
  expect(output).toContain(`${url} is in use by another process`);
  // The first one did not notice.
  await db.checkWritable();
  await db.close();
});
