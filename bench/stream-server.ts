import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import { Agent, type Model, Runner } from '@openai/agents';
import type { ThreadStreamEvent } from '../protocol/event.ts';
import { createApp } from '../server/app.ts';
import { AgentContext } from '../server/chatkit/agents/agent-context.ts';

import { streamAgentResponse } from '../server/chatkit/agents/stream-agent-response.ts';
import { OpenTurns } from '../server/open-turns.ts';
import { BENCH_CONTEXT } from './bench-context.ts';
import { BenchServer, IDLE_STORE, sayDeltas } from './bench-server.ts';

// A server of the stream benchmark, in a process of its own: `bare`, `scripted` or `agent`, how many deltas it says,
// and whether it then stays open. It tells its parent the port, and its memory whenever it is asked.

const [kind = '', deltas = '0', stays = ''] = process.argv.slice(2);

async function* say(threadId: string): AsyncGenerator<ThreadStreamEvent> {
  const events = kind === 'agent' ? sayByAgent(threadId) : sayDeltas(Number(deltas))(threadId);
  for await (const event of events) {
    if (stays && event.type === 'thread.item.done') await new Promise(() => {});
    yield event;
  }
}

/** The same words from a model behind the agents SDK. */
const model: Model = {
  getResponse: () => Promise.reject(new Error('this model only streams')),
  async *getStreamedResponse() {
    yield { type: 'response_started' };
    for (let n = 0; n < Number(deltas); n++) {
      await setImmediate();
      yield { type: 'output_text_delta', delta: `word${n} ` };
    }
    if (stays) await new Promise(() => {});
  },
};
const runner = new Runner({ tracingDisabled: true });

async function* sayByAgent(threadId: string): AsyncGenerator<ThreadStreamEvent> {
  const thread = { id: threadId, created_at: '', status: { type: 'active' as const }, metadata: {} };
  const context = new AgentContext({ thread, store: IDLE_STORE, requestContext: BENCH_CONTEXT, now: () => new Date() });
  const run = await runner.run(new Agent({ name: 'Bench', model }), 'Hi', { stream: true });
  yield* streamAgentResponse(context, run);
}

/** The least that a server of such streams can do: each event made, written as one frame, at once. */
const bare: RequestListener = (request, response) => {
  void (async () => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for await (const event of say('thr_b')) response.write(`data: ${JSON.stringify(event)}\n\n`);
    response.end();
  })();
};

function ours(): Server {
  const app = createApp({
    auth: {
      createSession: () => Promise.reject(new Error('no sessions here')),
      authenticate: async () => BENCH_CONTEXT,
      isLive: async () => true,
      endSession: async () => undefined,
      isKnownOrigin: async () => true,
    },
    chatkit: new BenchServer(IDLE_STORE, say),
    turns: new OpenTurns(),
    scripts: new Map(),
    checkStorage: async () => undefined,
    log: { info: () => undefined, warn: () => undefined, error: (fields) => console.error(fields) },
  });
  return createAdaptorServer({ fetch: app.fetch }) as Server;
}

const server = kind === 'bare' ? createServer(bare) : ours();
// The rounds alternate: a connection waits for the other server's before it is used again.
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', () => {
  globalThis.gc?.();
  process.send?.({ rss: process.memoryUsage.rss() });
});
process.on('disconnect', () => process.exit(0));
