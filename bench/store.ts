import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../server/store/database.ts';
import { createThreadStore } from '../server/store/thread-store.ts';
import { BENCH_CONTEXT } from './bench-context.ts';

const MESSAGES = 3_000;

/** Messages a second into libSQL on a file, each durable on its own before the next is counted. */
export async function benchStore(): Promise<{ messages_per_second: number }> {
  const directory = await mkdtemp(join(tmpdir(), 'pagewise-bench-'));
  const db = await openDatabase({ url: `file:${join(directory, 'bench.db')}` });
  const store = createThreadStore(db);
  const created_at = '2026-01-01T00:00:00.000Z';
  await store.saveThread(BENCH_CONTEXT, { id: 'thr_b', created_at, status: { type: 'active' }, metadata: {} });
  const started = performance.now();
  for (let n = 0; n < MESSAGES; n++)
    await store.saveItem(BENCH_CONTEXT, 'thr_b', {
      id: `msg_${n}`,
      thread_id: 'thr_b',
      created_at,
      type: 'user_message',
      content: [{ type: 'input_text', text: 'How many requests may I send in one minute?' }],
      attachments: [],
      inference_options: {},
    });
  const seconds = (performance.now() - started) / 1000;
  await db.close();
  await rm(directory, { recursive: true });
  return { messages_per_second: Math.round(MESSAGES / seconds) };
}
