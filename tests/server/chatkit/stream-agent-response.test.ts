import type { RunStreamEvent } from '@openai/agents';
import { expect, test } from 'vitest';
import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import { AgentContext } from '../../../server/chatkit/agent-context.ts';
import { streamAgentResponse } from '../../../server/chatkit/stream-agent-response.ts';
import type { Context } from '../../../server/context.ts';
import { makeContext, makeThread } from '../../contract/store.ts';
import { createMemoryStore } from '../../fakes/memory-store.ts';

const makeAgentContext = () =>
  new AgentContext<Context>({
    thread: makeThread('thr_1'),
    store: createMemoryStore(),
    requestContext: makeContext(),
    now: () => new Date('2026-01-01T00:00:00Z'),
  });

async function* runOf(data: object[], error?: Error): AsyncGenerator<RunStreamEvent> {
  for (const entry of data) yield { type: 'raw_model_stream_event', data: entry } as RunStreamEvent;
  if (error) throw error;
}

async function collect(data: object[], error?: Error): Promise<ThreadStreamEvent[]> {
  return await Array.fromAsync(streamAgentResponse(makeAgentContext(), runOf(data, error)));
}

/** A raw Responses event, and the normalised one that the Responses model sends before a text delta. */
function raw(event: { type: string; [field: string]: unknown }): object[] {
  const { delta, ...rest } = event;
  const echo = { type: 'output_text_delta', delta, itemId: event.item_id, providerData: rest };
  const itself = { type: 'model', event, providerData: { rawModelEventSource: 'openai-responses' } };
  return event.type === 'response.output_text.delta' ? [echo, itself] : [itself];
}

function update(type: string, change: object): object {
  return {
    type: 'thread.item.updated',
    item_id: 'msg_a',
    update: { type: `assistant_message.content_part.${type}`, content_index: 0, ...change },
  };
}

function text(delta: string): object {
  return { type: 'output_text_delta', itemId: 'same', delta };
}

const at = { item_id: 'msg_a', output_index: 0, content_index: 0 };
const message = (id: string, content: object[]) => ({ type: 'message', id, role: 'assistant', content });
const news = { type: 'url_citation', url: 'https://n.example/a', title: 'News', start_index: 2, end_index: 9 };
const citations = [
  { type: 'file_citation', filename: '', index: 1 },
  { type: 'file_citation', filename: 'menu.pdf', index: 4 },
  { type: 'container_file_citation', filename: 'sheet.csv', start_index: 0, end_index: 6 },
  news,
  { type: 'file_path', file_id: 'f', index: 0 },
];
const converted = [
  { type: 'annotation', source: { type: 'file', title: 'menu.pdf', filename: 'menu.pdf' }, index: 4 },
  { type: 'annotation', source: { type: 'file', title: 'sheet.csv', filename: 'sheet.csv' }, index: 6 },
  { type: 'annotation', source: { type: 'url', title: 'News', url: 'https://n.example/a' }, index: 9 },
];

test('raw Responses events become one message, every delta once', async () => {
  const part = { type: 'output_text', text: '', annotations: [] };
  const ended = { ...part, text: 'Hi!' };
  const events = await collect([
    { type: 'response_started' },
    ...raw({ type: 'response.created', response: {} }),
    ...raw({ type: 'response.output_item.added', output_index: 0, item: message('msg_a', []) }),
    ...raw({ type: 'response.content_part.added', ...at, part }),
    ...raw({ type: 'response.output_text.delta', ...at, delta: 'Hi' }),
    ...raw({ type: 'response.output_text.delta', ...at, delta: '!' }),
    ...raw({ type: 'response.output_text.done', ...at, text: 'Hi!' }),
    ...raw({ type: 'response.content_part.done', ...at, part: ended }),
    ...raw({ type: 'response.output_item.done', output_index: 0, item: message('msg_a', [ended]) }),
    { type: 'response_done', response: { id: 'resp', output: [], usage: {} } },
    ...raw({ type: 'response.completed', response: {} }),
  ]);
  const item = { id: 'msg_a', thread_id: 'thr_1', created_at: '2026-01-01T00:00:00.000Z', type: 'assistant_message' };
  expect(events).toStrictEqual([
    { type: 'thread.item.added', item: { ...item, content: [] } },
    update('added', { content: part }),
    update('text_delta', { delta: 'Hi' }),
    update('text_delta', { delta: '!' }),
    update('done', { content: ended }),
    { type: 'thread.item.done', item: { ...item, content: [ended] } },
  ]);
});

test('annotations are converted, nameless ones dropped, and counted per part without gaps', async () => {
  const events = await collect([
    ...citations.flatMap((annotation) => raw({ type: 'response.output_text.annotation.added', ...at, annotation })),
    ...raw({ type: 'response.output_text.annotation.added', ...at, content_index: 1, annotation: news }),
  ]);
  const seen = events.map((event) =>
    event.type === 'thread.item.updated' && 'annotation' in event.update
      ? [event.update.content_index, event.update.annotation_index, event.update.annotation]
      : event,
  );
  expect(seen).toStrictEqual([
    [0, 0, converted[0]],
    [0, 1, converted[1]],
    [0, 2, converted[2]],
    [1, 0, converted[2]],
  ]);
});

test('the item at its end carries its annotations, and a refusal as text', async () => {
  const content = [
    { type: 'output_text', text: 'Hi!', annotations: citations },
    { type: 'refusal', refusal: 'No.' },
  ];
  const done = { type: 'response.output_item.done', output_index: 0, item: message('msg_a', content) };
  expect((await collect(raw(done)))[0]).toMatchObject({
    item: {
      content: [
        { type: 'output_text', text: 'Hi!', annotations: converted },
        { type: 'output_text', text: 'No.', annotations: [] },
      ],
    },
  });
});

test('reasoning, tools and unknown events give nothing', async () => {
  const events = await collect([
    ...raw({ type: 'response.output_item.added', output_index: 0, item: { type: 'function_call', id: 'fc' } }),
    ...raw({ type: 'response.content_part.added', ...at, part: { type: 'reasoning_text', text: 'hm' } }),
    ...raw({ type: 'response.of_the_future' }),
  ]);
  expect(events).toStrictEqual([]);
});

test('a constant id is replaced by one id for the whole item', async () => {
  const events = await collect([
    ...raw({ type: 'response.output_item.added', output_index: 0, item: message('__fake_id__', []) }),
    ...raw({ type: 'response.output_text.delta', ...at, item_id: '__fake_id__', delta: 'Hi' }),
    ...raw({ type: 'response.output_item.done', output_index: 0, item: message('__fake_id__', []) }),
  ]);
  const ids = new Set(events.map((event) => ('item' in event ? event.item.id : 'item_id' in event && event.item_id)));
  expect(ids.size).toBe(1);
  expect([...ids][0]).toMatch(/^msg_[0-9a-f]{32}$/);
});

test('a model that gives only text gets its item and part events made, one message a response', async () => {
  const chunk = { type: 'model', event: { object: 'chat.completion.chunk' } };
  const done = { type: 'response_done', response: { id: 'r', output: [], usage: {} } };
  const events = await collect([text('O'), chunk, text('ne'), done, text('Two'), done]);
  expect(events.map((event) => (event.type === 'thread.item.updated' ? event.update.type : event.type))).toStrictEqual([
    'thread.item.added',
    'assistant_message.content_part.added',
    'assistant_message.content_part.text_delta',
    'assistant_message.content_part.text_delta',
    'assistant_message.content_part.done',
    'thread.item.done',
    'thread.item.added',
    'assistant_message.content_part.added',
    'assistant_message.content_part.text_delta',
    'assistant_message.content_part.done',
    'thread.item.done',
  ]);
  const ended = events.filter((event) => event.type === 'thread.item.done').map(({ item }) => item);
  expect(ended).toMatchObject([{ content: [{ text: 'One' }] }, { content: [{ text: 'Two' }] }]);
  expect(ended[0]?.id).not.toBe(ended[1]?.id);
});

test('a fault of ours is thrown as it is, a failure of the model in words for a visitor', async () => {
  const fault = new Error('a bug');
  await expect(collect([], fault)).rejects.toBe(fault);
  const busy = Object.assign(new Error('a secret of the provider'), { status: 429 });
  await expect(collect([], busy)).rejects.toMatchObject({
    name: 'CustomStreamError',
    message: 'The assistant is busy right now. Please try again in a moment.',
    allowRetry: true,
  });
});
