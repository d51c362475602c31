import {
  InputGuardrailTripwireTriggered,
  ModelRefusalError,
  OutputGuardrailTripwireTriggered,
  type RunStreamEvent,
  ToolCallError,
  ToolInputGuardrailTripwireTriggered,
  ToolOutputGuardrailTripwireTriggered,
} from '@openai/agents';
import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import type { ClientToolCallItem, WorkflowItem } from '../../../protocol/item.ts';
import type { AgentContext, BridgeContext } from './agent-context.ts';
import { toModelFailure } from './model-failure.ts';
import { ResponseStreamConverter } from './response-stream-converter.ts';
import { RunEvents } from './run-events.ts';
import { type ToolTaskOptions, ToolTasks } from './tool-tasks.ts';
import { withUnusedIds } from './unused-ids.ts';

export interface StreamAgentResponseOptions {
  /** What citations and images become. */
  converter?: ResponseStreamConverter;
  /** Calls of tools that a reader sees; like the reference, none unless asked for. */
  tasks?: ToolTaskOptions;
  /** Whether a refusal streams word by word; like the reference's, it comes with its item's end otherwise. */
  refusals?: boolean;
}

/**
 * Turns the events of a run of `@openai/agents` into thread events, with what the run's tools stream through `context`
 * between them. A workflow that the thread ends with goes on; one that is open when the run has ended is stored without
 * an event, for the next run to go on with. Then the client is asked for the tool call that a tool has set on the
 * context.
 *
 * Ends where the run ends; an aborted run leaves its last message without a `done`. Throws what the run or a tool of it
 * throws: a failure of the model as a `CustomStreamError` that a visitor understands, a guardrail that tripped as it
 * is, after everything that came of the run was removed.
 */
export function streamAgentResponse<Context extends { signal: AbortSignal }>(
  context: AgentContext<Context>,
  run: AsyncIterable<RunStreamEvent>,
  { converter = new ResponseStreamConverter(), tasks = {}, refusals = false }: StreamAgentResponseOptions = {},
): AsyncGenerator<ThreadStreamEvent> {
  const { store, requestContext, thread } = context;
  const loadItem = (id: string) => store.loadItem(requestContext, thread.id, id);
  const events = new RunEvents(context, converter, new ToolTasks(context, tasks, loadItem), refusals);
  return withUnusedIds(merge(context, run, events), {
    isUsed: async (id) => (await loadItem(id)) !== undefined,
    makeId: (kind) => context.generateId(kind),
  });
}

/** The events of the run and those of its tools, in the order in which they came. */
async function* merge<Context extends { signal: AbortSignal }>(
  context: AgentContext<Context>,
  run: AsyncIterable<RunStreamEvent>,
  events: RunEvents,
): AsyncGenerator<ThreadStreamEvent> {
  const { queue, store, requestContext, thread } = context;
  context.workflowItem ??= await loadOpenWorkflow(context);
  const made = new Set<string>();
  const reading = { isEnded: false, isLeft: false };

  // Read ahead of the reader: what a tool streams keeps its place between the run's events, and of a run that fails
  // the SDK forgets what was not read yet.
  readAll().then(
    () => queue.push(() => endReading()),
    (error: unknown) => queue.push(() => endReading(error)),
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
    if (!TRIPWIRES.some((type) => error instanceof type)) throw error;
    queue.clear();
    if (context.workflowItem) made.add(context.workflowItem.id);
    if (events.functionCall.id !== undefined) made.add(events.functionCall.id);
    context.workflowItem = undefined;
    for (const item_id of made) yield { type: 'thread.item.removed', item_id };
    throw error;
  } finally {
    reading.isLeft = true;
  }
  // An aborted run ends like any other, and nobody reads on.
  if (requestContext.signal.aborted) return;
  if (context.workflowItem) await store.saveItem(requestContext, thread.id, context.workflowItem);
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

  async function endReading(error?: unknown): Promise<undefined> {
    reading.isEnded = true;
    // A refusal was streamed like any answer; that the SDK takes it for a failure is for callers without a reader.
    if (error === undefined || error instanceof ModelRefusalError) return;
    throw toFailure(error);
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

/** What a tool threw comes wrapped; a failure of the model gets words for a visitor. */
function toFailure(error: unknown): unknown {
  return error instanceof ToolCallError ? error.error : toModelFailure(error);
}

const TRIPWIRES = [
  InputGuardrailTripwireTriggered,
  OutputGuardrailTripwireTriggered,
  ToolInputGuardrailTripwireTriggered,
  ToolOutputGuardrailTripwireTriggered,
];
