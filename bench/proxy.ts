import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { median } from './statistics.ts';

const FIRST_BYTE_RUNS = 201;
/** A host answers thousands of requests between two starts: the first ones, which compile its code, do not count. */
const WARM_UP_RUNS = 100;
const CHUNK_RUNS = 15;
const CHUNKS = 60;

/**
 * Milliseconds that the cookie proxy adds to the way of a stream: to its first byte, counted from the request, and to
 * each later chunk, counted from its writing. Medians, with and without the proxy in turn; chat server, proxy and reader
 * are a process each.
 */
export async function benchProxy(): Promise<{ first_byte_ms: number; chunk_ms: number }> {
  const chat = await start();
  const proxy = await start(`http://127.0.0.1:${chat.port}/chatkit`);
  const first = { direct: [] as number[], proxied: [] as number[] };
  const chunks = { direct: [] as number[], proxied: [] as number[] };
  const both = { direct: chat.port, proxied: proxy.port };
  for (let run = -WARM_UP_RUNS; run < FIRST_BYTE_RUNS; run++)
    for (const name of ['direct', 'proxied'] as const) {
      const stream = await read(both[name], 1);
      if (run >= 0) first[name].push(stream.first);
    }
  for (let run = 0; run < CHUNK_RUNS; run++)
    for (const name of ['direct', 'proxied'] as const) chunks[name].push(...(await read(both[name], CHUNKS)).chunks);
  for (const { child } of [chat, proxy]) child.disconnect();
  const added = ({ direct, proxied }: typeof first): number =>
    Math.round((median(proxied) - median(direct)) * 100) / 100;
  return { first_byte_ms: added(first), chunk_ms: added(chunks) };
}

async function start(...target: string[]): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(join(import.meta.dirname, 'proxy-server.ts'), target);
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return { child, port };
}

async function read(port: number, count: number): Promise<{ first: number; chunks: number[] }> {
  const origin = `http://127.0.0.1:${port}`;
  const asked = performance.now();
  const response = await fetch(`${origin}/chatkit`, {
    method: 'POST',
    headers: { origin, 'sec-fetch-site': 'same-origin', cookie: 'session=token', 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'threads.create', chunks: count }),
  });
  if (!response.ok || !response.body) throw new Error(`${response.status} ${await response.text()}`);
  let first: number | undefined;
  const chunks: number[] = [];
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const now = process.hrtime.bigint();
    if (first === undefined) first = performance.now() - asked;
    else for (const [, written = ''] of text.matchAll(/data: (\d+)/g)) chunks.push(Number(now - BigInt(written)) / 1e6);
  }
  if (first === undefined || chunks.length < (count - 1) / 2) throw new Error('the stream ended early');
  return { first, chunks };
}
