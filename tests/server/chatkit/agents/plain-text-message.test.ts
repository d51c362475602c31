import { expect, test } from 'vitest';
import { assistant, collect, modelEvent, raw, update, workflow } from './scripted-run.ts';

// Models that give no item and part events: chat-completions endpoints, and models of one's own.

const started = modelEvent({ type: 'response_started' });
const text = (delta: string) => modelEvent({ type: 'output_text_delta', itemId: 'same', delta });
const chunk = (delta: object) =>
  modelEvent({
    type: 'model',
    event: { id: 'chatcmpl-1', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: null }] },
    providerData: { rawModelEventSource: 'openai-chat-completions' },
  });
const done = (...output: object[]) => modelEvent({ type: 'response_done', response: { id: 'r', output, usage: {} } });
const said = (...content: object[]) => ({ type: 'message', role: 'assistant', status: 'completed', content });

const part = { type: 'output_text', text: '', annotations: [] };
const partUpdate = (id: string, type: string, change: object) =>
  update(id, { type: `assistant_message.content_part.${type}`, content_index: 0, ...change });
const citation = (url: string, end_index: number, title = 'News') => ({
  type: 'url_citation',
  url_citation: { url, title, start_index: 0, end_index },
});
const annotation = (url: string, index: number, title = 'News') => ({
  type: 'annotation',
  source: { type: 'url', title, url },
  index,
});

const message = (id: string, words: string, ...deltas: string[]) => [
  { type: 'thread.item.added', item: assistant(id) },
  partUpdate(id, 'added', { content: part }),
  ...deltas.map((delta) => partUpdate(id, 'text_delta', { delta })),
  partUpdate(id, 'done', { content: { ...part, text: words } }),
  { type: 'thread.item.done', item: assistant(id, words) },
];

test('text gets its item and part events, one message a response, whatever id it says', async () => {
  const events = await collect([started, chunk({ content: 'O' }), text('O'), text('ne'), done(), text('Two'), done()]);
  expect(events).toStrictEqual([...message('msg:1', 'One', 'O', 'ne'), ...message('msg:2', 'Two', 'Two')]);
});

test('a response that was not streamed is said as a whole', async () => {
  const output = said(
    { type: 'output_text', text: 'All ' },
    { type: 'refusal', refusal: 'withheld' },
    { type: 'audio' },
  );
  const events = await collect([started, done({ type: 'reasoning', content: [] }, output)]);
  expect(events.at(-1)).toStrictEqual({ type: 'thread.item.done', item: assistant('msg:1', 'All withheld') });
  expect(await collect([started, done({ type: 'function_call', callId: 'c', name: 'f', arguments: '' })])).toEqual([]);
});

test('each response of a run is taken as its own model streams it', async () => {
  const output = said({ type: 'output_text', text: 'Hi' });
  const events = await collect([
    started,
    ...raw({ type: 'response.output_text.delta', item_id: 'msg_a', output_index: 0, content_index: 0, delta: 'Hi' }),
    done(output),
    // A handoff: this agent's model says nothing raw.
    started,
    done(output),
  ]);
  expect(events[0]).toStrictEqual(partUpdate('msg_a', 'text_delta', { delta: 'Hi' }));
  expect(events[1]).toStrictEqual({ type: 'thread.item.added', item: assistant('msg:1') });
  expect(events).toHaveLength(6);
});

test('citations of chunks become annotations: once, also before the first word', async () => {
  const both = [citation('https://a.example/', 2), citation('https://b.example/', 4, '')];
  const events = await collect([
    started,
    chunk({ content: 'Said', annotations: both.slice(0, 1) }),
    text('Said'),
    chunk({ annotations: both }),
    chunk({ annotations: [{ type: 'url_citation' }, null, 'x', { ...citation('', 1), url_citation: { url: 1 } }] }),
    done(said({ type: 'output_text', text: 'Said' })),
  ]);
  const annotations = [annotation('https://a.example/', 2), annotation('https://b.example/', 4, 'https://b.example/')];
  expect(events).toStrictEqual([
    { type: 'thread.item.added', item: assistant('msg:1') },
    partUpdate('msg:1', 'added', { content: part }),
    partUpdate('msg:1', 'annotation_added', { annotation_index: 0, annotation: annotations[0] }),
    partUpdate('msg:1', 'text_delta', { delta: 'Said' }),
    partUpdate('msg:1', 'annotation_added', { annotation_index: 1, annotation: annotations[1] }),
    partUpdate('msg:1', 'done', { content: { ...part, text: 'Said' } }),
    {
      type: 'thread.item.done',
      item: { ...assistant('msg:1'), content: [{ type: 'output_text', text: 'Said', annotations }] },
    },
  ]);
});

test('a refusal in chunks streams as text', async () => {
  const events = await collect([started, chunk({ refusal: 'I ' }), chunk({ refusal: 'cannot' }), done()]);
  expect(events.slice(2)).toStrictEqual([
    partUpdate('msg:1', 'text_delta', { delta: 'I ' }),
    partUpdate('msg:1', 'text_delta', { delta: 'cannot' }),
    partUpdate('msg:1', 'done', { content: { ...part, text: 'I cannot' } }),
    { type: 'thread.item.done', item: assistant('msg:1', 'I cannot') },
  ]);
});

test.each(['reasoning', 'reasoning_content'])('%s in chunks shows that it thinks, not what', async (field) => {
  const events = await collect([
    started,
    chunk({ [field]: 'secret' }),
    chunk({ [field]: ' thoughts' }),
    chunk({ [field]: '', content: 'So' }),
    text('So'),
  ]);
  expect(events.slice(0, 3)).toStrictEqual([
    { type: 'thread.item.added', item: workflow('wf:1', { type: 'reasoning', tasks: [], expanded: false }) },
    {
      type: 'thread.item.done',
      item: workflow('wf:1', { type: 'reasoning', tasks: [], summary: { duration: 0 }, expanded: false }),
    },
    { type: 'thread.item.added', item: assistant('msg:1') },
  ]);
});

test('other raw events are passed over', async () => {
  const other = [null, 'text', { choices: 'x' }, { choices: [] }, { choices: [{ index: 1, delta: { refusal: 'x' } }] }];
  const events = other.map((event) => modelEvent({ type: 'model', event }));
  expect(await collect([started, ...events, chunk({ refusal: 1, annotations: 'x', reasoning: {} })])).toEqual([]);
});
