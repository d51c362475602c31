import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '../server/chatkit/store.ts';
import type { Context } from '../server/context.ts';
import { openDatabase } from '../server/store/database.ts';
import { createThreadStore } from '../server/store/thread-store.ts';
import { BenchServer, IDLE_STORE, sayDeltas } from './bench-server.ts';
import { median } from './statistics.ts';

/** An answer as long as a page of text. */
const DELTAS = 500;
const RUNS = 60;

/**
 * Microseconds an event from `process` to a reader's bytes, over whole turns of 500 deltas: with a store that does
 * nothing, and with libSQL on a file. What the events themselves cost to make is taken off: the same loop without us.
 */
export async function benchProcess(): Promise<{ idle_store_us: number; libsql_us: number }> {
  const directory = await mkdtemp(join(tmpdir(), 'pagewise-process-'));
  const db = await openDatabase({ url: `file:${join(directory, 'bench.db')}` });
  const runs = { bare: [] as number[], idle: [] as number[], libsql: [] as number[] };
  for (let n = 0; n < RUNS; n++) {
    runs.bare.push(await microseconds(makeEvents));
    runs.idle.push(await microseconds(() => ask(IDLE_STORE)));
    runs.libsql.push(await microseconds(() => ask(createThreadStore(db))));
  }
  await db.close();
  await rm(directory, { recursive: true });
  const each = (times: number[]) => Math.round(((median(times) - median(runs.bare)) / (DELTAS + 5)) * 10) / 10;
  return { idle_store_us: each(runs.idle), libsql_us: each(runs.libsql) };
}

function ask(store: Store<Context>): Promise<number> {
  return new BenchServer(store, sayDeltas(DELTAS)).ask();
}

async function makeEvents(): Promise<number> {
  let count = 0;
  for await (const _ of sayDeltas(DELTAS)('thr_b')) count += 1;
  return count;
}

async function microseconds(call: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await call();
  return (performance.now() - started) * 1000;
}
