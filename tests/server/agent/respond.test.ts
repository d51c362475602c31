import { expect, test } from 'vitest';
import { applyEvent } from '../../../protocol/apply-event.ts';
import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import type { ThreadItem, UserMessageItem } from '../../../protocol/item.ts';
import type { Thread, ThreadMetadata } from '../../../protocol/thread.ts';
import { BuiltInModel } from '../../../server/agent/builtin/built-in-model.ts';
import { createRespond } from '../../../server/agent/respond.ts';
import { AgentContext } from '../../../server/chatkit/agents/agent-context.ts';
import { streamAgentResponse } from '../../../server/chatkit/agents/stream-agent-response.ts';
import type { Store } from '../../../server/chatkit/store.ts';
import type { Context } from '../../../server/context.ts';

const now = () => new Date('2026-01-01T00:00:01Z');

const PAGE_TEXT = `# Orchard handbook

Trees are pruned in winter.

## Watering

Young trees drink 20 litres a week.

| Tree | Litres a week |
| --- | --- |
| Apple | 15 |
| Quince | 25 |`;

const context: Context = {
  site: {
    id: 's',
    name: 'Orchard',
    origins: [],
    epoch: 0,
    settings: { prompts: [], theme: 'auto', pageContext: 'page', identity: { mode: 'none' }, mcpServers: [] },
  },
  owner: 'v_1',
  metadata: {
    pageContext: {
      url: 'https://orchard.example/handbook?token=abc#x',
      path: '/handbook',
      title: 'Orchard handbook',
      description: 'How we care for trees.',
      headings: ['Orchard handbook', 'Watering'],
      lang: 'en',
      text: PAGE_TEXT,
      timestamp: '2026-01-01T00:00:00.000Z',
    },
  },
  signal: new AbortController().signal,
};

function userMessage(text: string): UserMessageItem {
  return {
    id: 'msg_question',
    thread_id: 'thr_1',
    created_at: '2026-01-01T00:00:00.000Z',
    type: 'user_message',
    content: [{ type: 'input_text', text }],
    attachments: [],
    inference_options: {},
  };
}

function storeOf(items: ThreadItem[]): Pick<Store<Context>, 'loadItems' | 'loadItem' | 'loadThread' | 'saveThread'> {
  return {
    loadItems: () => Promise.resolve({ data: items, has_more: false }),
    loadItem: () => Promise.resolve(undefined),
    loadThread: () => Promise.resolve(undefined),
    saveThread: () => Promise.resolve(true),
  };
}

async function ask(question: string) {
  const item = userMessage(question);
  const thread: ThreadMetadata = {
    id: 'thr_1',
    created_at: item.created_at,
    status: { type: 'active' },
    metadata: {},
  };
  const store = storeOf([item]) as Store<Context>;
  const respond = createRespond({
    store,
    model: new BuiltInModel(),
    createAgentContext: (of, requestContext) => new AgentContext({ thread: of, store, requestContext, now }),
    streamAgentResponse,
    log: { warn: () => {} },
  });
  const events: ThreadStreamEvent[] = [];
  let shown: Thread = { ...thread, items: { data: [], has_more: false } };
  for await (const event of respond(thread, item, context)) {
    events.push(event);
    shown = applyEvent(shown, event);
  }
  const message = shown.items.data[0];
  if (message?.type !== 'assistant_message') throw new Error('no answer');
  return { events, thread, message, content: message.content[0] };
}

test('streams a cited answer from the page, without markers in the text', async () => {
  const { events, thread, content } = await ask('How many litres do young trees need each week?');
  expect(content?.text).toContain('> Young trees drink 20 litres a week.');
  expect(content?.text).not.toContain('[');
  expect(content?.annotations[0]?.source).toStrictEqual({
    type: 'url',
    title: 'Orchard handbook',
    description: 'Young trees drink 20 litres a week.',
    url: 'https://orchard.example/handbook#:~:text=Young%20trees%20drink%2020%20litres%20a%20week.',
  });
  expect(content?.text.slice(0, content.annotations[0]?.index)).toMatch(/a week\.$/);
  expect(events.filter((event) => event.type === 'thread.item.updated').length).toBeGreaterThan(4);
  expect(thread.title).toBe('How many litres do young trees need each week?');
  expect(thread.metadata).toStrictEqual({
    page: { url: 'https://orchard.example/handbook', title: 'Orchard handbook' },
  });
});

test('says plainly when the page does not say', async () => {
  const { content } = await ask('Does the company sponsor work visas for engineers?');
  expect(content?.text).toContain('does not say');
  expect(content?.annotations).toStrictEqual([]);
});
