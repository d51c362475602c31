import {
  InputGuardrailTripwireTriggered,
  OutputGuardrailTripwireTriggered,
  type RunStreamEvent,
  ToolInputGuardrailTripwireTriggered,
  ToolOutputGuardrailTripwireTriggered,
} from '@openai/agents';
import type { ThreadStreamEvent } from '../../protocol/event.ts';
import type { ClientToolCallItem, WorkflowItem } from '../../protocol/item.ts';
import type { AgentContext, BridgeContext } from './agent-context.ts';
import { toModelFailure } from './model-failure.ts';
import { ResponseStreamConverter } from './response-stream-converter.ts';
import { RunEvents } from './run-events.ts';

export interface StreamAgentResponseOptions {
  /** What citations and images become. */
  converter?: ResponseStreamConverter;
}

/**
 * Turns the events of a run of `@openai/agents` into thread events, with what the run's tools stream through `context`
 * between them (PROTOCOL.md §4.2, §4.6). A workflow that the thread ends with goes on; one that is open when the run
 * has ended is stored without an event, for the next run to go on with. Then the client is asked for the tool call
 * that a tool has set on the context.
 *
 * Ends where the run ends; an aborted run leaves its last message without a `done`. Throws what the run throws: a
 * failure of the model as a `CustomStreamError` that a visitor understands, a guardrail that tripped as it is, after
 * everything that came of the run was removed.
 */
export async function* streamAgentResponse<Context extends { signal: AbortSignal }>(
  context: AgentContext<Context>,
  run: AsyncIterable<RunStreamEvent>,
  { converter = new ResponseStreamConverter() }: StreamAgentResponseOptions = {},
): AsyncGenerator<ThreadStreamEvent> {
  const { queue } = context;
  context.workflowItem ??= await loadOpenWorkflow(context);
  const events = new RunEvents(context, converter);
  const made = new Set<string>();
  const reading = { isEnded: false, isLeft: false };

  // Read ahead of the reader: what a tool streams keeps its place between the run's events, and of a run that fails
  // the SDK forgets what was not read yet.
  readAll().then(
    () =>
      queue.push(async () => {
        reading.isEnded = true;
        return undefined;
      }),
    (error: unknown) => queue.push(() => Promise.reject(error)),
  );
  try {
    while (!reading.isEnded || !queue.isEmpty)
      for (const entry of await queue.take()) {
        const event = typeof entry === 'function' ? await entry() : entry;
        if (!event) continue;
        if (event.type === 'thread.item.added' || event.type === 'thread.item.done') made.add(event.item.id);
        yield event;
      }
  } catch (error) {
    if (!isTripwire(error)) throw toModelFailure(error);
    if (context.workflowItem) made.add(context.workflowItem.id);
    if (events.functionCall.id !== undefined) made.add(events.functionCall.id);
    context.workflowItem = undefined;
    for (const item_id of made) yield { type: 'thread.item.removed', item_id };
    throw error;
  } finally {
    reading.isLeft = true;
  }
  // An aborted run ends like any other, and nobody reads on.
  if (context.requestContext.signal.aborted) return;
  if (context.workflowItem)
    await context.store.saveItem(context.requestContext, context.thread.id, context.workflowItem);
  const call = context.clientToolCall;
  if (!call) return;
  context.clientToolCall = undefined;
  yield { type: 'thread.item.done', item: toPendingCall(context, call, events.functionCall) };

  async function readAll(): Promise<void> {
    for await (const event of run) {
      if (reading.isLeft) return;
      events.take(event);
    }
  }
}

/** The workflow that the thread ends with, or had before it asked the client for a tool call. */
async function loadOpenWorkflow<Context extends { signal: AbortSignal }>({
  store,
  requestContext,
  thread,
}: AgentContext<Context>): Promise<WorkflowItem | undefined> {
  const page = await store.loadItems(requestContext, thread.id, { limit: 2, order: 'desc' });
  const [newest, second] = page?.data ?? [];
  const candidate = newest?.type === 'client_tool_call' ? second : newest;
  return candidate?.type === 'workflow' ? candidate : undefined;
}

function toPendingCall(
  context: BridgeContext,
  call: NonNullable<BridgeContext['clientToolCall']>,
  { id, callId }: RunEvents['functionCall'],
): ClientToolCallItem {
  const { name, arguments: args } = call;
  return {
    id: id ?? context.generateId('tool_call'),
    thread_id: context.thread.id,
    created_at: context.now().toISOString(),
    type: 'client_tool_call',
    status: 'pending',
    call_id: callId ?? context.generateId('tool_call'),
    name,
    arguments: args,
  };
}

function isTripwire(error: unknown): boolean {
  return TRIPWIRES.some((type) => error instanceof type);
}

const TRIPWIRES = [
  InputGuardrailTripwireTriggered,
  OutputGuardrailTripwireTriggered,
  ToolInputGuardrailTripwireTriggered,
  ToolOutputGuardrailTripwireTriggered,
];
