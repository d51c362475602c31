import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '../server/store/database.ts';
import { createThreadStore } from '../server/store/thread-store.ts';
import { BENCH_CONTEXT } from './bench-context.ts';
import { BenchServer } from './bench-server.ts';
import { percentile } from './statistics.ts';

const SIZES = [10_000, 1_000_000] as const;
const CALLS = 2_000;

/**
 * How much the 95th percentile of one page grows from 10 k to 1 M threads of one owner, two items in each: the newest
 * page and pages behind cursors spread over the whole list, asked through `process`, the sizes in turn.
 */
export async function benchLists(): Promise<{ threads_growth: number; items_growth: number }> {
  const directory = await mkdtemp(join(tmpdir(), 'pagewise-lists-'));
  const stores = [];
  for (const size of SIZES) {
    const db = await openDatabase({ url: `file:${join(directory, `${size}.db`)}` });
    await fill(db, size);
    stores.push({ db, size, server: new BenchServer(createThreadStore(db)) });
  }
  const took = { threads: stores.map((): number[] => []), items: stores.map((): number[] => []) };
  // The first calls compile the code and load the upper levels of the indexes.
  for (let n = -CALLS / 10; n < CALLS; n++)
    for (const [index, { server, size }] of stores.entries()) {
      const number = Math.floor((Math.abs(n) / CALLS) * (size - 100)) + 50;
      const thread_id = idOf('thr', number);
      const after = n % 4 === 0 ? null : thread_id;
      const threads = await milliseconds(() => server.json({ type: 'threads.list', params: { limit: 20, after } }));
      const items = await milliseconds(() => server.json({ type: 'items.list', params: { thread_id, limit: 20 } }));
      if (n < 0) continue;
      took.threads[index]?.push(threads);
      took.items[index]?.push(items);
    }
  for (const { db } of stores) await db.close();
  await rm(directory, { recursive: true });
  return { threads_growth: growth(took.threads), items_growth: growth(took.items) };
}

function growth([small = [], large = []]: number[][]): number {
  return Math.round((percentile(large, 95) / percentile(small, 95)) * 100) / 100;
}

function idOf(prefix: string, number: number): string {
  return `${prefix}_${String(number).padStart(32, '0')}`;
}

async function milliseconds(call: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await call();
  return performance.now() - started;
}

/** Rows as the store writes them, made by the engine itself: a million calls would take minutes. */
async function fill(db: Database, threads: number): Promise<void> {
  const { site, owner } = BENCH_CONTEXT;
  const numbers = `WITH RECURSIVE numbers (n) AS (SELECT ? UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)`;
  const time = `strftime('%Y-%m-%dT%H:%M:%fZ', 1767225600 + n, 'unixepoch')`;
  // In parts: one statement for all would hold the whole write-ahead log at once.
  for (let from = 1; from <= threads; from += 100_000) {
    const range = [from, Math.min(from + 99_999, threads)];
    await db.write([
      {
        sql: `${numbers} INSERT INTO threads (id, site_id, owner, created_at, body)
          SELECT printf('thr_%032d', n), ?, ?, (1767225600 + n) * 1000, json_object('id', printf('thr_%032d', n),
            'title', 'Question ' || n, 'created_at', ${time}, 'status', json_object('type', 'active'),
            'metadata', json_object()) FROM numbers`,
        args: [...range, site.id, owner],
      },
      ...['usr', 'msg'].map((prefix) => ({
        sql: `${numbers} INSERT INTO items (site_id, owner, thread_id, id, created_at, body)
          SELECT ?, ?, printf('thr_%032d', n), printf('${prefix}_%032d', n), (1767225600 + n) * 1000,
            json_object('id', printf('${prefix}_%032d', n), 'thread_id', printf('thr_%032d', n), 'created_at', ${time},
              'type', 'assistant_message', 'content', json_array(json_object('type', 'output_text', 'text',
              'Ten requests a minute.', 'annotations', json_array()))) FROM numbers`,
        args: [...range, site.id, owner],
      })),
    ]);
  }
}
