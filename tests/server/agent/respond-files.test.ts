import { afterEach, expect, test } from 'vitest';
import { applyEvent } from '../../../protocol/apply-event.ts';
import type { Attachment, UserMessageItem } from '../../../protocol/item.ts';
import type { Thread, ThreadMetadata } from '../../../protocol/thread.ts';
import { createModel, type ModelConfig } from '../../../server/agent/create-model.ts';
import { createRespond } from '../../../server/agent/respond.ts';
import { AgentContext } from '../../../server/chatkit/agents/agent-context.ts';
import { streamAgentResponse } from '../../../server/chatkit/agents/stream-agent-response.ts';
import { makeContext } from '../../contract/store.ts';
import { startChatCompletionsUpstream } from '../../fakes/chat-completions-upstream.ts';
import { createMemoryStore } from '../../fakes/memory-store.ts';
import { startResponsesUpstream } from '../../fakes/responses-upstream.ts';
import type { Upstream } from '../../fakes/upstream.ts';

const FILES: Record<string, { mime_type: string; content: string }> = {
  'terms.txt': { mime_type: 'text/plain', content: 'Notice is three months.\n\nThe rent is €900.' },
  'cat.png': { mime_type: 'image/png', content: 'png bytes' },
  'bill.pdf': { mime_type: 'application/pdf', content: 'pdf bytes' },
};

let upstream: Upstream | undefined;
afterEach(() => upstream?.close());

async function ask(question: string, names: string[], config: ModelConfig = {}) {
  const context = makeContext();
  context.metadata = { pageContext: { url: 'https://a.example/', title: 'Page', lang: 'en', text: 'One.\n\nTwo.' } };
  const store = createMemoryStore<typeof context>();
  const thread: ThreadMetadata = { id: 'thr_1', created_at: NOW, status: { type: 'active' }, metadata: {} };
  const item: UserMessageItem = {
    type: 'user_message',
    id: 'msg_1',
    thread_id: thread.id,
    created_at: NOW,
    content: question === '' ? [] : [{ type: 'input_text', text: question }],
    attachments: names.map(
      (name): Attachment => ({ type: 'file', id: `atc_${name}`, name, mime_type: FILES[name]?.mime_type ?? '' }),
    ),
    inference_options: {},
  };
  await store.createThread(context, thread, item, []);
  const { model } = createModel(config);
  const respond = createRespond({
    store,
    model,
    readAttachment: async (_context, id) => Buffer.from(FILES[id.replace('atc_', '')]?.content ?? ''),
    createAgentContext: (of, requestContext) =>
      new AgentContext({ thread: of, store, requestContext, now: () => new Date(NOW) }),
    streamAgentResponse,
    log: { warn: () => {} },
  });
  let shown: Thread = { ...thread, items: { data: [], has_more: false } };
  for await (const event of respond(thread, item, context)) shown = applyEvent(shown, event);
  const message = shown.items.data.find((entry) => entry.type === 'assistant_message');
  return { thread, content: message?.type === 'assistant_message' ? message.content[0] : undefined };
}

const NOW = '2026-01-01T00:00:00.000Z';

test('the built-in model quotes an attached text and names the file as its source', async () => {
  const { content, thread } = await ask('How long is the notice?', ['terms.txt']);
  expect(content?.text).toBe('“terms.txt” says:\n\n> Notice is three months.');
  expect(content?.annotations).toEqual([
    {
      type: 'annotation',
      index: content?.text.length,
      source: {
        type: 'file',
        title: 'terms.txt',
        filename: 'terms.txt',
        description: 'Notice is three months.',
      },
    },
  ]);
  expect(thread.title).toBe('How long is the notice?');
});

test('a message of files alone gets its title from their names', async () => {
  const { content, thread } = await ask('', ['terms.txt', 'cat.png']);
  expect(thread.title).toBe('terms.txt, cat.png');
  expect(content?.text).toContain('no images and no PDFs, so I do not know what “cat.png” shows.');
  expect(content?.text).toContain('“terms.txt” begins:');
});

test.each([
  {
    modelApi: 'responses' as const,
    start: startResponsesUpstream,
    key: 'input',
    parts: [
      { type: 'input_image', image_url: 'data:image/png;base64,cG5nIGJ5dGVz' },
      { type: 'input_file', file_data: 'data:application/pdf;base64,cGRmIGJ5dGVz', filename: 'bill.pdf' },
    ],
  },
  {
    modelApi: 'chat_completions' as const,
    start: startChatCompletionsUpstream,
    key: 'messages',
    parts: [
      { type: 'image_url', image_url: { url: 'data:image/png;base64,cG5nIGJ5dGVz' } },
      { type: 'file', file: { file_data: 'data:application/pdf;base64,cGRmIGJ5dGVz', filename: 'bill.pdf' } },
    ],
  },
])('behind $modelApi pictures and PDFs go along in the user’s role, texts to be cited', async (api) => {
  upstream = await api.start();
  upstream.steps.push({ answer: ['Three months [3], not [9].'] });
  const config = { openaiApiKey: 'sk-x', openaiBaseUrl: upstream.baseUrl, model: 'fake', modelApi: api.modelApi };
  const { content } = await ask('How long?', ['terms.txt', 'cat.png', 'bill.pdf'], config);
  expect(content?.text).toBe('Three months, not.');
  expect(content?.annotations.map(({ source }) => source)).toEqual([
    { type: 'file', title: 'terms.txt', filename: 'terms.txt', description: 'Notice is three months.' },
  ]);
  const sent = upstream.requests[0]?.body[api.key] as { role: string; content: unknown }[];
  const files = sent.find(({ content: parts }) => JSON.stringify(parts).includes('UNTRUSTED DATA: files'));
  expect(files?.role).toBe('user');
  const others = ((files?.content ?? []) as { type: string }[]).filter(({ type }) => !/^(?:input_)?text$/.test(type));
  expect(others).toMatchObject(api.parts);
  expect(JSON.stringify(files)).toContain(String.raw`\"n\":3,\"headingPath\":[],\"text\":\"Notice is three months.\"`);
  expect(JSON.stringify(sent.filter(({ role }) => role !== 'user'))).not.toContain('Notice');
});
