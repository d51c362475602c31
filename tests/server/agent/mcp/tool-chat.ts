import type { ThreadStreamEvent } from '../../../../protocol/event.ts';
import type { ThreadItem } from '../../../../protocol/item.ts';
import type { Mcp } from '../../../../server/agent/mcp/mcp.ts';
import type { AskFirst } from '../../../../server/agent/mcp/tools.ts';
import { createRespond } from '../../../../server/agent/respond.ts';
import { AgentContext } from '../../../../server/chatkit/agents/agent-context.ts';
import { streamAgentResponse } from '../../../../server/chatkit/agents/stream-agent-response.ts';
import { createMemoryStore } from '../../../../server/chatkit/memory-store.ts';
import type { Context } from '../../../../server/context.ts';
import { createScriptedModel, type ModelStep } from '../../../fakes/scripted-model.ts';

const now = () => new Date();

/** Asks the agent of the program, whose model does as it is told, with the tools of the context's site. */
export function createToolChat(mcp: Mcp, askFirst?: AskFirst) {
  const store = createMemoryStore<Context>(({ site, owner }) => `${site.id}\n${owner}`);
  let asked = 0;
  return async function ask(context: Context, steps: ModelStep[] | ((step: number) => ModelStep)) {
    const next = typeof steps === 'function' ? steps : (step: number) => steps[step - 1] ?? 'Nothing more.';
    const { model, requests } = createScriptedModel(next);
    const respond = createRespond({
      store,
      model,
      mcp,
      ...(askFirst && { askFirst }),
      createAgentContext: (thread, requestContext) => new AgentContext({ thread, store, requestContext, now }),
      streamAgentResponse,
      log: { warn: () => {} },
    });
    asked += 1;
    const thread = {
      id: `thr_${asked}`,
      created_at: now().toISOString(),
      status: { type: 'active' as const },
      metadata: {},
    };
    await store.saveThread(context, thread);
    const question = {
      id: `msg_${asked}`,
      thread_id: thread.id,
      created_at: now().toISOString(),
      type: 'user_message' as const,
      content: [{ type: 'input_text' as const, text: 'Where is my order?' }],
      attachments: [],
      inference_options: {},
    };
    const events: ThreadStreamEvent[] = await Array.fromAsync(respond(thread, question, context));
    const items = events.flatMap((event): ThreadItem[] => (event.type === 'thread.item.done' ? [event.item] : []));
    return {
      events,
      items,
      requests,
      failures: events.flatMap((event) => (event.type === 'error' ? [event.message] : [])),
      said: items.flatMap((item) => (item.type === 'assistant_message' ? item.content.map(({ text }) => text) : [])),
      tasks: items.flatMap((item) => (item.type === 'workflow' ? item.workflow.tasks : [])),
      /** What the model was told that its calls gave. */
      outputs: ((requests.at(-1)?.input ?? []) as { type?: string; output?: unknown }[]).flatMap(({ type, output }) =>
        type === 'function_call_result'
          ? [typeof output === 'string' ? output : (output as { text: string }).text]
          : [],
      ),
      offered: requests[0]?.tools.map(({ name }) => name) ?? [],
    };
  };
}
