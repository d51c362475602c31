import {
  Agent,
  InputGuardrailTripwireTriggered,
  OutputGuardrailTripwireTriggered,
  RunItemStreamEvent,
  RunRawModelStreamEvent,
  type RunStreamEvent,
  RunToolCallItem,
} from '@openai/agents';
import { z } from 'zod';
import type { Workflow } from '../../protocol/item.ts';
import type { AgentContext } from '../../server/chatkit/agents/agent-context.ts';
import type { NewTask, NewWorkflow } from '../../server/chatkit/agents/new-task.ts';
import { completeEvent } from './as-the-models.ts';
import { oneByOne } from './one-by-one.ts';
import type { GoldenContext } from './recording-store.ts';

export const CLIENT_TOOL_CALL = z.strictObject({ name: z.string(), arguments: z.record(z.string(), z.unknown()) });

const typed = z.looseObject({ type: z.string() });
const CONTEXT_CALL = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('set_client_tool_call'), client_tool_call: CLIENT_TOOL_CALL }),
  z.strictObject({
    method: z.literal('stream_widget'),
    widget: z.union([typed, z.array(typed)]),
    copy_text: z.string().optional(),
  }),
  z.strictObject({ method: z.literal('start_workflow'), workflow: typed }),
  z.strictObject({ method: z.literal('add_workflow_task'), task: typed }),
  z.strictObject({ method: z.literal('update_workflow_task'), task: typed, task_index: z.int() }),
  z.strictObject({
    method: z.literal('end_workflow'),
    summary: z.looseObject({}).optional(),
    expanded: z.boolean().optional(),
  }),
]);

/** What a run does, one after the other, and what its tools do between. */
export const AGENT_STEPS = z.array(
  z.union([
    z.strictObject({ raw: typed }),
    z.strictObject({ tool_called: typed }),
    z.strictObject({ context_stream: typed }),
    z.strictObject({ context_call: CONTEXT_CALL }),
    z.strictObject({ throw: z.string() }),
  ]),
);

/** The events of a run whose tools act on the context, as `@openai/agents` has them. */
export async function* runAgent(
  context: AgentContext<GoldenContext>,
  steps: z.infer<typeof AGENT_STEPS>,
): AsyncGenerator<RunStreamEvent> {
  for (const step of steps) {
    if ('raw' in step) yield new RunRawModelStreamEvent({ type: 'model', event: step.raw });
    else if ('tool_called' in step) yield toToolCalled(step.tool_called);
    else if ('context_stream' in step) context.stream(completeEvent(step.context_stream));
    else if ('context_call' in step) await call(context, step.context_call);
    else throw toError(step.throw);
  }
}

function toToolCalled({ call_id: callId, ...item }: Record<string, unknown>): RunStreamEvent {
  const rawItem = { ...item, ...(callId !== undefined && { callId }) };
  const agent = new Agent({ name: 'scripted' });
  return new RunItemStreamEvent('tool_called', new RunToolCallItem(rawItem as RunToolCallItem['rawItem'], agent));
}

async function call(context: AgentContext<GoldenContext>, step: z.infer<typeof CONTEXT_CALL>): Promise<void> {
  switch (step.method) {
    case 'set_client_tool_call':
      context.clientToolCall = step.client_tool_call;
      break;
    case 'stream_widget':
      await context.streamWidget(
        Array.isArray(step.widget) ? oneByOne(step.widget) : step.widget,
        step.copy_text === undefined ? {} : { copyText: step.copy_text },
      );
      break;
    case 'start_workflow':
      context.startWorkflow(step.workflow as unknown as NewWorkflow);
      break;
    case 'add_workflow_task':
      context.addWorkflowTask(step.task as unknown as NewTask);
      break;
    case 'update_workflow_task':
      context.updateWorkflowTask(step.task as unknown as NewTask, step.task_index);
      break;
    case 'end_workflow':
      context.endWorkflow(step.summary as Workflow['summary'], step.expanded);
      break;
  }
}

/** Named as the reference names what is neither guardrail, so that nothing of ours can be taken for it. */
class RuntimeError extends Error {}

function toError(kind: string): Error {
  const output = { tripwireTriggered: true, outputInfo: {} };
  if (kind === 'input_guardrail')
    return new InputGuardrailTripwireTriggered(kind, { guardrail: { type: 'input', name: kind }, output });
  if (kind === 'output_guardrail')
    return new OutputGuardrailTripwireTriggered(kind, {
      guardrail: { type: 'output', name: kind },
      agentOutput: '',
      agent: new Agent({ name: 'scripted' }),
      output,
    });
  return new RuntimeError(kind);
}
