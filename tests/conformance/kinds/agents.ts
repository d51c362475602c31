import { z } from 'zod';
import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import { AgentContext } from '../../../server/chatkit/agents/agent-context.ts';
import { ResponseStreamConverter } from '../../../server/chatkit/agents/response-stream-converter.ts';
import { streamAgentResponse } from '../../../server/chatkit/agents/stream-agent-response.ts';
import { AGENT_STEPS, CLIENT_TOOL_CALL, runAgent } from '../agent-steps.ts';
import { completeThread } from '../as-the-models.ts';
import { NOW } from '../compare.ts';
import type { JsonObject } from '../golden.ts';
import { readScript } from '../read-script.ts';
import { type GoldenContext, RecordingStore } from '../recording-store.ts';
import { SEED } from '../seed.ts';

const THREAD = completeThread({ id: 'thr_seed', created_at: '2025-03-01T09:00:00Z' });

const AGENTS = z.looseObject({
  seed: SEED,
  agent_events: AGENT_STEPS,
  client_tool_call: CLIENT_TOOL_CALL.optional(),
  partial_images: z.int().optional(),
});

/** The steps of a run and its tools through the bridge: what it streamed and stored. */
export async function observeAgents(golden: JsonObject): Promise<JsonObject> {
  const script = readScript(AGENTS, golden);
  const requestContext: GoldenContext = { signal: new AbortController().signal };
  const recording = new RecordingStore(requestContext);
  const { threads, ...seed } = script.seed;
  const thread = threads.find(({ id }) => id === THREAD.id) ?? structuredClone(THREAD);
  await recording.seed({ ...seed, threads: [...threads.filter(({ id }) => id !== THREAD.id), thread] });

  const context = new AgentContext({ thread, store: recording.store, requestContext, now: () => new Date(NOW) });
  context.clientToolCall = script.client_tool_call;
  const converter = new ResponseStreamConverter(
    script.partial_images === undefined ? {} : { partialImages: script.partial_images },
  );
  const events: ThreadStreamEvent[] = [];
  const end = await collect(
    streamAgentResponse(context, runAgent(context, script.agent_events), { converter }),
    events,
  );
  return {
    expected_end: end,
    expected_events: events as unknown as JsonObject[],
    expected_store_ops: recording.writes,
    expected_store_items: (await recording.items()) as unknown as JsonObject[],
  };
}

/** How it ended; what came until then is in `events`, each as it was when it came. */
async function collect(stream: AsyncIterable<ThreadStreamEvent>, events: ThreadStreamEvent[]): Promise<string> {
  try {
    for await (const event of stream) events.push(structuredClone(event));
    return 'complete';
  } catch (error) {
    return `raises:${error instanceof Error ? error.constructor.name : String(error)}`;
  }
}
