import type { RunStreamEvent } from '@openai/agents';
import type { ThreadStreamEvent } from '../../../../protocol/event.ts';
import { AgentContext } from '../../../../server/chatkit/agents/agent-context.ts';
import {
  type StreamAgentResponseOptions,
  streamAgentResponse,
} from '../../../../server/chatkit/agents/stream-agent-response.ts';
import type { Context } from '../../../../server/context.ts';
import { makeContext, makeThread } from '../../../contract/store.ts';
import { createMemoryStore } from '../../../fakes/memory-store.ts';

export const NOW = '2026-01-01T00:00:10.000Z';
export type TestAgentContext = AgentContext<Context>;

/** A step of a run: an event of it, or what happens before the next one. */
export type Step = RunStreamEvent | (() => void | Promise<void>);

/** The context of a turn in a thread `thr_1` that is stored, with a clock that a test may turn. */
export async function makeAgentContext(requestContext = makeContext()) {
  const store = createMemoryStore<Context>();
  const thread = makeThread('thr_1');
  await store.saveThread(requestContext, thread);
  const clock = { now: NOW };
  const context: TestAgentContext = new AgentContext({
    thread,
    store,
    requestContext,
    now: () => new Date(clock.now),
  });
  const items = async () => (await store.loadItems(requestContext, 'thr_1', { limit: 100, order: 'asc' }))?.data ?? [];
  return { context, clock, items };
}

/** All events that the steps give; ids that were made are `wf:1`, `msg:1`, …, in the order they appear. */
export async function collect(
  steps: Step[],
  options?: StreamAgentResponseOptions,
  context?: TestAgentContext,
): Promise<ThreadStreamEvent[]> {
  const events: ThreadStreamEvent[] = [];
  const given = context ?? (await makeAgentContext()).context;
  for await (const event of streamAgentResponse(given, runOf(steps), options)) events.push(event);
  return withShortIds(events);
}

async function* runOf(steps: Step[]): AsyncGenerator<RunStreamEvent> {
  for (const step of steps)
    if (typeof step === 'function') await step();
    else yield step;
}

/** An event of the model as the SDK wraps it. */
export function modelEvent(data: object): RunStreamEvent {
  return { type: 'raw_model_stream_event', data } as RunStreamEvent;
}

/** A raw Responses event, after the normalised one that the Responses model sends before a text delta. */
export function raw(event: { type: string; [field: string]: unknown }): RunStreamEvent[] {
  const itself = modelEvent({ type: 'model', event, providerData: { rawModelEventSource: 'openai-responses' } });
  if (event.type !== 'response.output_text.delta') return [itself];
  const { delta, ...rest } = event;
  return [modelEvent({ type: 'output_text_delta', delta, itemId: event.item_id, providerData: rest }), itself];
}

export function rawAdded(item: object, output_index = 0): RunStreamEvent[] {
  return raw({ type: 'response.output_item.added', output_index, item });
}

export function rawDone(item: object, output_index = 0): RunStreamEvent[] {
  return raw({ type: 'response.output_item.done', output_index, item });
}

export function runItem(name: string, rawItem: object): RunStreamEvent {
  return { type: 'run_item_stream_event', name, item: { type: 'tool_call_item', rawItem } } as RunStreamEvent;
}

/** Ids with 122 random bits are replaced; what a test or an endpoint named stays. */
export function withShortIds<T>(value: T): T {
  const known = new Map<string, string>();
  const counts = new Map<string, number>();
  return JSON.parse(JSON.stringify(value), (_key, field: unknown) => {
    const [id, prefix] = (typeof field === 'string' && /^(msg|wf|tc)_[0-9a-f]{32}$/.exec(field)) || [];
    if (id === undefined || prefix === undefined) return field;
    if (!known.has(id)) {
      counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
      known.set(id, `${prefix}:${counts.get(prefix)}`);
    }
    return known.get(id);
  }) as T;
}

export const message = (id: string, content: object[] = []) => ({ type: 'message', id, role: 'assistant', content });

/** The wire form of an assistant message of these tests. */
export function assistant(id: string, ...texts: string[]) {
  const content = texts.map((text) => ({ type: 'output_text', text, annotations: [] }));
  return { id, thread_id: 'thr_1', created_at: NOW, type: 'assistant_message', content };
}

export function workflow(id: string, of: object) {
  return { id, thread_id: 'thr_1', created_at: NOW, type: 'workflow', workflow: of };
}

export function update(item_id: string, change: object) {
  return { type: 'thread.item.updated', item_id, update: change };
}
