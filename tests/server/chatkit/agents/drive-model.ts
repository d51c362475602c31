import { Agent, type AgentConfiguration, Runner } from '@openai/agents';
import type { ThreadStreamEvent } from '../../../../protocol/event.ts';
import type { Annotation } from '../../../../protocol/item.ts';
import { createOpenAIModel } from '../../../../server/agent/openai-model.ts';
import { AgentContext } from '../../../../server/chatkit/agents/agent-context.ts';
import { ResponseStreamConverter } from '../../../../server/chatkit/agents/response-stream-converter.ts';
import { streamAgentResponse } from '../../../../server/chatkit/agents/stream-agent-response.ts';
import type { ToolTaskOptions } from '../../../../server/chatkit/agents/tool-tasks.ts';
import { createMemoryStore } from '../../../../server/chatkit/memory-store.ts';
import { type ChatCompletionsDialect, startChatCompletionsUpstream } from '../../../fakes/chat-completions-upstream.ts';
import { startResponsesUpstream } from '../../../fakes/responses-upstream.ts';
import type { Step } from '../../../fakes/script.ts';

const START = { responses: startResponsesUpstream, chat_completions: startChatCompletionsUpstream };
type Api = keyof typeof START;
export const APIS: Api[] = ['responses', 'chat_completions'];

type Settings = Partial<AgentConfiguration> & {
  tasks?: ToolTaskOptions;
  dialect?: ChatCompletionsDialect;
  onEvent?: (event: ThreadStreamEvent) => void;
};

/** What a reader gets of one run against a real endpoint, with ids in the order of their appearance, and the requests that were sent for it. */
export async function drive(api: Api, steps: Step[], { dialect, tasks = {}, onEvent, ...settings }: Settings = {}) {
  const upstream = await START[api](dialect);
  upstream.steps.push(...steps);
  const context = new AgentContext({
    thread: { id: 'thr_1', created_at: '2026-01-01T00:00:00.000Z', status: { type: 'active' }, metadata: {} },
    store: createMemoryStore<{ signal: AbortSignal }>(() => 'visitor'),
    requestContext: { signal: new AbortController().signal },
    now: () => new Date('2026-01-01T00:00:01Z'),
  });
  const model = createOpenAIModel({ openaiBaseUrl: upstream.baseUrl }, api, 'fake');
  const agent = new Agent<unknown>({ name: 'A', instructions: 'Help.', model, ...settings });
  const run = await new Runner({ tracingDisabled: true }).run(agent, 'Hello!', { stream: true, context });
  const events: ThreadStreamEvent[] = [];
  let error: unknown;
  try {
    const converter = new ResponseStreamConverter({ partialImages: 2 });
    for await (const event of streamAgentResponse(context, run, { converter, tasks, refusals: true })) {
      events.push(event);
      onEvent?.(event);
    }
  } catch (thrown) {
    error = thrown;
  } finally {
    await upstream.close();
  }
  return { events: withoutRandomIds(events), error, requests: upstream.requests };
}

function withoutRandomIds(events: ThreadStreamEvent[]): unknown[] {
  const seen: string[] = [];
  const json = JSON.stringify(events).replace(/\b[a-z]+_[0-9a-f]{32,}/g, (id) => {
    if (!seen.includes(id)) seen.push(id);
    return `item ${seen.indexOf(id) + 1}`;
  });
  return JSON.parse(json) as unknown[];
}

export const AT = { thread_id: 'thr_1', created_at: '2026-01-01T00:00:01.000Z' };

/** A whole assistant message, as it streams: each string is a delta. */
export function message(id: string, ...said: (string | Annotation)[]): unknown[] {
  const item = { id, ...AT, type: 'assistant_message' };
  const update = (type: string, change: object) => ({
    type: 'thread.item.updated',
    item_id: id,
    update: { type: `assistant_message.content_part.${type}`, content_index: 0, ...change },
  });
  const text = said.filter((one) => typeof one === 'string').join('');
  const annotations = said.filter((one) => typeof one !== 'string');
  let cited = 0;
  return [
    { type: 'thread.item.added', item: { ...item, content: [] } },
    update('added', { content: { type: 'output_text', text: '', annotations: [] } }),
    ...said.map((one) =>
      typeof one === 'string'
        ? update('text_delta', { delta: one })
        : update('annotation_added', { annotation_index: cited++, annotation: one }),
    ),
    update('done', { content: { type: 'output_text', text, annotations: [] } }),
    { type: 'thread.item.done', item: { ...item, content: [{ type: 'output_text', text, annotations }] } },
  ];
}

/** The first item, as a workflow: with a summary at its end. */
export function workflow(type: 'custom' | 'reasoning', tasks: object[], summary?: object) {
  return {
    id: 'item 1',
    ...AT,
    type: 'workflow',
    workflow: { type, tasks, ...(summary && { summary }), expanded: false },
  };
}
