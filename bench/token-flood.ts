import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openSession } from '../tests/e2e/site-client.ts';
import { startStack } from '../tests/e2e/stack.ts';
import { badlySigned } from './authentication.ts';
import type { Flood, Flooded } from './flood.ts';
import { median, percentile } from './statistics.ts';

const GOOD_PER_SECOND = 50;
const SECONDS = 4;
const ROUNDS = 3;

/**
 * How much longer good requests take, at their 95th percentile, while somebody sends 1,000 badly signed or 5,000
 * malformed tokens a second to the real server: calm and flooded in turn, the middle of three rounds.
 */
export async function benchTokenFlood() {
  const stack = await startStack({ LOG_LEVEL: 'error' });
  const flooder = fork(join(import.meta.dirname, 'flood.ts'));
  try {
    const client = await openSession(stack);
    const { port } = new URL(stack.chatUrl);
    const list = () => client.post({ type: 'threads.list', params: {} });
    const ratios = { badly_signed: [] as number[], malformed: [] as number[] };
    const rates = { badly_signed: [] as number[], malformed: [] as number[] };
    const calm: number[] = [];
    await measure(list);
    for (let round = 0; round < ROUNDS; round++)
      for (const [kind, rate, bearer] of [
        ['badly_signed', 1_000, badlySigned(client.sessionToken)],
        ['malformed', 5_000, 'not.a.token'],
      ] as const) {
        const before = await measure(list);
        await start(flooder, { port: Number(port), origin: stack.demoUrl, rate, bearer });
        const during = await measure(list);
        rates[kind].push(await stop(flooder));
        calm.push(before);
        ratios[kind].push(during / before);
      }
    return {
      calm_ms: median(calm),
      badly_signed: { growth: median(ratios.badly_signed), per_second: median(rates.badly_signed) },
      malformed: { growth: median(ratios.malformed), per_second: median(rates.malformed) },
    };
  } finally {
    flooder.disconnect();
    await stack.close();
  }
}

/** The 95th percentile of requests that come at their own pace, however long the last one takes, in milliseconds. */
async function measure(request: () => Promise<Response>): Promise<number> {
  const pending: Promise<number>[] = [];
  for (let n = 0; n < GOOD_PER_SECOND * SECONDS; n++) {
    pending.push(time(request));
    await setTimeout(1_000 / GOOD_PER_SECOND);
  }
  return percentile(await Promise.all(pending), 95);
}

async function time(request: () => Promise<Response>): Promise<number> {
  const started = performance.now();
  const response = await request();
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`a good request got ${response.status}`);
  return performance.now() - started;
}

async function start(flooder: ChildProcess, flood: Flood): Promise<void> {
  flooder.send(flood);
  await once(flooder, 'message');
}

/** Resolves how many a second were refused: a server that is slow to refuse would make the flood smaller than it says. */
async function stop(flooder: ChildProcess): Promise<number> {
  flooder.send('stop');
  const [{ refused, seconds }] = (await once(flooder, 'message')) as [Flooded];
  return Math.round(refused / seconds);
}
