import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { benchAnswerStream } from './answer-stream.ts';
import { scoreAnswers } from './answers.ts';
import { benchAuthentication } from './authentication.ts';
import { measureBudgets } from './budgets.ts';
import { benchIdleScript } from './idle-script.ts';
import { benchLists } from './lists.ts';
import { benchMarkdown } from './markdown.ts';
import { benchMcp } from './mcp.ts';
import { benchMounts } from './mounts.ts';
import { measurePageContext } from './page-context.ts';
import { benchProcess } from './process.ts';
import { benchProxy } from './proxy.ts';
import { benchStore } from './store.ts';
import { benchIdleStreams, benchStreamMemory, benchStreams } from './streams.ts';
import { benchThreadView } from './thread-view.ts';
import { benchTokenFlood } from './token-flood.ts';

// Measures, prints a line for each figure with its goal beside it, and everything as JSON in the last line. Figures of
// this run are also written to bench/last-run.json, which is committed when a change is accepted with them.

interface Figure {
  name: string;
  value: number;
  unit: string;
  /** At most, or with `atLeast` at least, this. */
  goal?: number;
  atLeast?: boolean;
}

const figures: Figure[] = [];

function report(figure: Figure): void {
  figures.push(figure);
  const { name, value, unit, goal, atLeast } = figure;
  const mark = goal === undefined ? ' ' : isReached(figure) ? '✓' : '✗';
  const bound = goal === undefined ? '' : `  (goal ${atLeast ? '≥' : '≤'} ${goal})`;
  console.log(`${mark} ${name}: ${value} ${unit}${bound}`);
}

function isReached({ value, goal, atLeast }: Figure): boolean | undefined {
  if (goal === undefined) return undefined;
  return atLeast ? value >= goal : value <= goal;
}

for (const { name, goal, bytes } of measureBudgets()) {
  report({ name: `${name} raw`, value: bytes.raw, unit: 'bytes' });
  report({ name: `${name} gzip`, value: bytes.gzip, unit: 'bytes' });
  report({ name: `${name} brotli`, value: bytes.brotli, unit: 'bytes', goal });
}
const idle = await benchIdleScript();
report({ name: 'idle script at 4× slow-down', value: idle.idle_script_ms_4x, unit: 'ms', goal: 30 });
report({ name: 'requested, stored or set before interaction', value: idle.idle_extra.length, unit: 'things', goal: 0 });
report({ name: 'page context of 100,000 nodes', value: await measurePageContext(), unit: 'ms', goal: 50 });
report({ name: '20 kB of markdown in 1,000 chunks', value: await benchMarkdown(), unit: 'ms', goal: 170 });
const view = await benchThreadView();
report({ name: 'a thread of 2,000 items, open at its newest page', value: view.open_ms, unit: 'ms', goal: 200 });
report({ name: 'longest task of 10,000 deltas', value: view.longest_task_ms, unit: 'ms', goal: 50 });
report({ name: 'layout shift of the host page', value: view.layout_shift, unit: 'CLS', goal: 0 });
const left = await benchMounts();
// Fewer than one for ten elements: what is loaded once for all of them comes late now and then.
report({ name: 'DOM nodes left by 200 mounts and unmounts', value: left.nodes, unit: 'nodes', goal: 19 });
report({ name: 'listeners left by them', value: left.listeners, unit: 'listeners', goal: 19 });
report({
  name: 'timers, object URLs and requests left by them',
  value: left.timers + left.objectUrls + left.requests,
  unit: 'things',
  goal: 0,
});
report({ name: 'heap left by each', value: Math.round(left.heap), unit: 'bytes', goal: 5_000 });
const stream = await benchAnswerStream();
report({ name: 'first token beyond the endpoint itself', value: stream.first_token_overhead_ms, unit: 'ms', goal: 5 });
report({ name: 'a delta through the server', value: stream.us_per_delta, unit: 'µs' });
report({ name: 'messages into libSQL', value: (await benchStore()).messages_per_second, unit: '/s' });
const process = await benchProcess();
report({ name: 'an event through process, nothing stored', value: process.idle_store_us, unit: 'µs' });
report({ name: 'an event through process, libSQL', value: process.libsql_us, unit: 'µs' });
const mcp = await benchMcp();
report({ name: 'a turn with 40 tools of a site, none called', value: mcp.offered_ms, unit: 'ms', goal: 10 });
report({ name: 'a turn that calls one of them', value: mcp.called_ms, unit: 'ms', goal: 10 });
const streams = await benchStreams();
report({ name: 'events over 200 streams', value: streams.events_per_second, unit: '/s' });
report({ name: 'the same as a share of bare node:http', value: streams.share, unit: '×', goal: 0.6, atLeast: true });
report({ name: 'memory of a stream', value: await benchStreamMemory('scripted'), unit: 'kB', goal: 60 });
report({ name: 'memory of a stream with an agent', value: await benchStreamMemory('agent'), unit: 'kB', goal: 350 });
report({ name: '2,000 idle streams and the server', value: await benchIdleStreams(), unit: 'MB', goal: 400 });
const proxy = await benchProxy();
report({ name: 'cookie proxy, to the first byte', value: proxy.first_byte_ms, unit: 'ms', goal: 2 });
report({ name: 'cookie proxy, a chunk', value: proxy.chunk_ms, unit: 'ms', goal: 2 });
const authentication = await benchAuthentication();
report({ name: 'authentication p95', value: authentication.authenticate_ms, unit: 'ms', goal: 2 });
report({ name: 'a new session p95', value: authentication.session_ms, unit: 'ms' });
report({ name: 'processor time of a malformed token', value: authentication.malformed_us, unit: 'µs' });
report({ name: 'processor time of a badly signed token', value: authentication.badly_signed_us, unit: 'µs' });
const flood = await benchTokenFlood();
report({ name: 'a good request p95, calm', value: flood.calm_ms, unit: 'ms' });
for (const [kind, { growth, per_second }] of [
  ['badly signed', flood.badly_signed],
  ['malformed', flood.malformed],
] as const) {
  report({ name: `the same under ${kind} tokens`, value: growth, unit: '×', goal: 2 });
  report({ name: `${kind} tokens refused meanwhile`, value: per_second, unit: '/s' });
}
const lists = await benchLists();
report({ name: 'threads.list p95, 1 M to 10 k threads', value: lists.threads_growth, unit: '×', goal: 1.3 });
report({ name: 'items.list p95, 1 M to 10 k threads', value: lists.items_growth, unit: '×', goal: 1.3 });
for (const [part, score] of Object.entries(await scoreAnswers())) {
  report({ name: `answers right, ${part}`, value: score.right, unit: '%', goal: 60, atLeast: true });
  report({ name: `unanswerable declined, ${part}`, value: score.declined, unit: '%', goal: 70, atLeast: true });
}

const results = Object.fromEntries(
  figures.map((figure) => {
    const { name, atLeast: _, ...rest } = figure;
    return [name, { ...rest, reached: isReached(figure) }];
  }),
);
await writeFile(join(import.meta.dirname, 'last-run.json'), `${JSON.stringify(results, null, 2)}\n`);
console.log(JSON.stringify(results));
