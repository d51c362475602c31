import { Agent, Runner } from '@openai/agents';
import { afterEach, expect, test } from 'vitest';
import type { ThreadStreamEvent } from '../../../../protocol/event.ts';
import type { AssistantMessageItem, ClientToolCallItem } from '../../../../protocol/item.ts';
import { createOpenAIModel } from '../../../../server/agent/openai-model.ts';
import { AgentContext } from '../../../../server/chatkit/agents/agent-context.ts';
import { streamAgentResponse } from '../../../../server/chatkit/agents/stream-agent-response.ts';
import { withUnusedIds } from '../../../../server/chatkit/agents/unused-ids.ts';
import { startChatCompletionsUpstream } from '../../../fakes/chat-completions-upstream.ts';
import { startResponsesUpstream } from '../../../fakes/responses-upstream.ts';
import type { Upstream } from '../../../fakes/upstream.ts';
import { addMessage, CREATE, makeServer, NOW } from '../scripted-server.ts';

let upstream: Upstream | undefined;
afterEach(() => upstream?.close());

test.each([
  ['responses', () => startResponsesUpstream({ messageId: 'msg_1' })],
  ['chat_completions', () => startChatCompletionsUpstream({ id: 'chatcmpl-1' })],
] as const)('behind %s, two answers with the same id of the endpoint are two items', async (api, start) => {
  upstream = await start();
  upstream.steps.push({ answer: ['The first.'] }, { answer: ['The second.'] });
  const agent = new Agent({ name: 'A', model: createOpenAIModel({ openaiBaseUrl: upstream.baseUrl }, api, 'fake') });
  const server = makeServer(async function* (thread, _item, requestContext) {
    const context = new AgentContext({ thread, store: server.store, requestContext, now: () => new Date(NOW) });
    const run = await new Runner({ tracingDisabled: true }).run(agent, 'Hello!', { stream: true, context });
    yield* streamAgentResponse(context, run);
  });
  const [created] = await server.events(CREATE);
  const threadId = created?.type === 'thread.created' ? created.thread.id : '';
  const events = await server.events(addMessage(threadId));

  const answers = (await server.items(threadId))?.filter((item) => item.type === 'assistant_message') ?? [];
  expect(answers.map(({ content }) => content[0]?.text)).toStrictEqual(['The first.', 'The second.']);
  // A reader knows the second one by the id that it is stored under.
  const id = answers[1]?.id;
  expect(id).toMatch(/^msg_[0-9a-f]{32}$/);
  const shown = events.flatMap((event) => ('item' in event ? event.item.id : 'item_id' in event ? event.item_id : []));
  expect(shown.slice(1)).toStrictEqual([id, id, id, id, id]);
});

const at = { thread_id: 'thr_1', created_at: '2026-01-01T00:00:00.000Z' };
const message = (id: string): AssistantMessageItem => ({ id, ...at, type: 'assistant_message', content: [] });
const call = (id: string): ClientToolCallItem => ({
  id,
  ...at,
  type: 'client_tool_call',
  status: 'pending',
  call_id: 'call_1',
  name: 'read',
  arguments: {},
});
const delta = (item_id: string): ThreadStreamEvent => ({
  type: 'thread.item.updated',
  item_id,
  update: { type: 'assistant_message.content_part.text_delta', content_index: 0, delta: 'Hi' },
});

async function collect(events: ThreadStreamEvent[], ...used: string[]): Promise<unknown[]> {
  let made = 0;
  async function* script(): AsyncGenerator<ThreadStreamEvent> {
    yield* events;
  }
  const stored = new Set(used);
  const renamed = withUnusedIds(script(), {
    isUsed: async (id) => stored.has(id),
    makeId: (kind) => `${kind} ${(made += 1)}`,
  });
  const ids: unknown[] = [];
  for await (const event of renamed) {
    // As the server does: what is done is stored before the next event is asked for.
    if (event.type === 'thread.item.done') stored.add(event.item.id);
    ids.push('item' in event ? event.item.id : 'item_id' in event ? event.item_id : event.type);
  }
  return ids;
}

test('every event of an item goes by the new id, and only where the old one is taken', async () => {
  const events: ThreadStreamEvent[] = [
    { type: 'progress_update', text: 'Looking' },
    { type: 'thread.item.added', item: message('msg_1') },
    delta('msg_1'),
    { type: 'thread.item.done', item: message('msg_1') },
    { type: 'thread.item.removed', item_id: 'msg_1' },
    { type: 'thread.item.done', item: call('fc_1') },
  ];
  expect(await collect(events)).toStrictEqual(['progress_update', 'msg_1', 'msg_1', 'msg_1', 'msg_1', 'fc_1']);
  expect(await collect(events, 'msg_1')).toStrictEqual([
    'progress_update',
    'message 1',
    'message 1',
    'message 1',
    'message 1',
    'fc_1',
  ]);
  expect((await collect(events, 'fc_1')).at(-1)).toBe('tool_call 1');
});

test('items that the server names, and replacements, keep their ids', async () => {
  const workflow = { type: 'custom' as const, tasks: [], expanded: false };
  const events: ThreadStreamEvent[] = [
    { type: 'thread.item.done', item: { id: 'wf_1', ...at, type: 'workflow', workflow } },
    { type: 'thread.item.replaced', item: message('msg_1') },
  ];
  expect(await collect(events, 'wf_1', 'msg_1')).toStrictEqual(['wf_1', 'msg_1']);
});
