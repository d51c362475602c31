import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../server/store/database.ts';

const ROUNDS = 10;
const THREADS = 500;
const PROGRAM = fileURLToPath(new URL('./sign-in-until-killed.ts', import.meta.url));

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pagewise-kill-'));
});
afterAll(() => rm(directory, { recursive: true }));

interface SignIn {
  visitor: string;
  user: string;
  isDone: boolean;
}

/** Kills the program within its nth sign-in, as far as the one before tells how long one takes. */
async function signInAndKill(url: string, round: number): Promise<SignIn[]> {
  const child = spawn(process.execPath, [PROGRAM, url, `${round}`, `${THREADS}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const signIns: SignIn[] = [];
  let begunAt = 0;
  let tookMs = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, visitor = '', user = ''] = line.split(' ');
    const last = signIns.at(-1);
    if (word === 'done' && last?.user === user) {
      last.isDone = true;
      tookMs = performance.now() - begunAt;
    } else if (word === 'begun') {
      signIns.push({ visitor, user, isDone: false });
      begunAt = performance.now();
      if (signIns.length === 2 + (round % 3)) setTimeout(() => child.kill('SIGKILL'), Math.random() * tookMs);
    }
  }
  await closed;
  expect(child.signalCode).toBe('SIGKILL');
  return signIns;
}

const OWNED = { threads: 1, items: 2, feedback: 1, attachments: 1, removed_attachments: 1 };

/** How much an owner has in each table, and how many visitors it is or is signed in as. */
async function countOf(db: Database, owner: string): Promise<number[]> {
  const results = await db.read([
    ...Object.keys(OWNED).map((table) => ({
      sql: `SELECT count(*) AS n FROM ${table} WHERE site_id = 'site' AND owner = ?`,
      args: [owner],
    })),
    {
      sql: `SELECT count(*) AS n FROM visitors WHERE site_id = 'site' AND (id = ?1 OR user_owner = ?1)`,
      args: [owner],
    },
  ]);
  return results.map(({ rows }) => Number(rows[0]?.['n']));
}

const EVERYTHING = [...Object.values(OWNED).map((each) => each * THREADS), 1];
const NOTHING = EVERYTHING.map(() => 0);

test(`C8 ${ROUNDS} times killed within a sign-in, all of a visitor is the user's or all is still the visitor's`, {
  timeout: 120_000,
}, async () => {
  const url = `file:${join(directory, 'sign-in.db')}`;
  let cut = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const signIns = await signInAndKill(url, round);
    const db = await openDatabase({ url });
    for (const { visitor, user, isDone } of signIns) {
      const found = [await countOf(db, visitor), await countOf(db, user)];
      const moved = [NOTHING, EVERYTHING];
      // What was said to be done is done; of what was not, nobody knows which of both.
      if (isDone) expect(found).toEqual(moved);
      else expect([moved, [EVERYTHING, NOTHING]]).toContainEqual(found);
      if (!isDone) cut++;
    }
    const [check] = await db.read([{ sql: 'PRAGMA integrity_check', args: [] }]);
    await db.close();
    expect(check?.rows).toEqual([{ integrity_check: 'ok' }]);
  }
  // Else it was killed between two sign-ins all the time, and nothing is shown.
  expect(cut).toBeGreaterThan(0);
});
