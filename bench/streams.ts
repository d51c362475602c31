import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { median } from './statistics.ts';

const STREAMS = 200;
const DELTAS = 500;
const ROUNDS = 7;
/** A stream in the middle of its answer. */
const OPEN_DELTAS = 50;
const IDLE_STREAMS = 2_000;

const body = JSON.stringify({
  type: 'threads.create',
  params: { input: { content: [{ type: 'input_text', text: 'Hi' }], attachments: [], inference_options: {} } },
});

/**
 * Events a second over 200 concurrent streams as a share of what bare `node:http` does with the same events, each
 * server in a process of its own, asked in turn by the same reader.
 */
export async function benchStreams(): Promise<{ share: number; events_per_second: number }> {
  const [bare, ours] = [await startServer('bare', DELTAS), await startServer('scripted', DELTAS)];
  const rates = { bare: [] as number[], ours: [] as number[] };
  // The first two rounds compile the code.
  for (let round = -2; round < ROUNDS; round++)
    for (const [name, { port }] of Object.entries({ bare, ours }) as ['bare' | 'ours', Started][]) {
      const started = performance.now();
      const counts = await Promise.all(Array.from({ length: STREAMS }, () => countFrames(port)));
      const seconds = (performance.now() - started) / 1000;
      if (counts.some((count) => count < DELTAS)) throw new Error(`${name}: a stream ended early`);
      if (round >= 0) rates[name].push(counts.reduce((sum, count) => sum + count, 0) / seconds);
    }
  for (const { child } of [bare, ours]) child.disconnect();
  const [ourRate, bareRate] = [median(rates.ours), median(rates.bare)];
  return { share: Math.round((ourRate / bareRate) * 100) / 100, events_per_second: Math.round(ourRate) };
}

/** Resident kB that one more stream in the middle of its answer takes, after a collection of garbage. */
export async function benchStreamMemory(kind: 'scripted' | 'agent'): Promise<number> {
  const { child, port } = await startServer(kind, OPEN_DELTAS, 'stays');
  // What the first streams load and compile is not theirs.
  await openStreams(port, STREAMS);
  const before = await residentBytes(child);
  await openStreams(port, STREAMS);
  const after = await residentBytes(child);
  child.disconnect();
  return Math.round((after - before) / 1000 / STREAMS);
}

/** MB that the whole process holds with so many streams open that have nothing to say, after a collection of garbage. */
export async function benchIdleStreams(): Promise<number> {
  const { child, port } = await startServer('scripted', 0, 'stays');
  // In parts: so many connections at once are more than a socket's backlog holds.
  for (let open = 0; open < IDLE_STREAMS; open += STREAMS) await openStreams(port, STREAMS, 1);
  const bytes = await residentBytes(child);
  child.disconnect();
  return Math.round(bytes / 1e6);
}

interface Started {
  child: ChildProcess;
  port: number;
}

async function startServer(kind: string, deltas: number, stays = ''): Promise<Started> {
  const child = fork(join(import.meta.dirname, 'stream-server.ts'), [kind, String(deltas), stays], {
    execArgv: ['--expose-gc'],
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return { child, port };
}

async function residentBytes(child: ChildProcess): Promise<number> {
  child.send('memory');
  const [{ rss }] = (await once(child, 'message')) as [{ rss: number }];
  return rss;
}

/** The plainest reader there is: it takes part in the time that is measured. */
function countFrames(port: number, enough = Number.POSITIVE_INFINITY): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { port, path: '/chatkit', method: 'POST', agent, headers: { 'content-type': 'application/json' } };
    request(options, (response) => {
      let frames = 0;
      response.on('data', (chunk: Buffer) => {
        for (let at = chunk.indexOf('\n\n'); at !== -1; at = chunk.indexOf('\n\n', at + 2)) frames += 1;
        if (frames >= enough) resolve(frames);
      });
      response.on('end', () => resolve(frames));
      response.on('error', reject);
    })
      .on('error', reject)
      .end(body);
  });
}

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

async function openStreams(port: number, count: number, frames = OPEN_DELTAS): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => countFrames(port, frames)));
}
