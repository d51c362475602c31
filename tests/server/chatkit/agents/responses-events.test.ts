import { expect, test } from 'vitest';
import { ResponseStreamConverter } from '../../../../server/chatkit/agents/response-stream-converter.ts';
import {
  assistant,
  collect,
  makeAgentContext,
  message,
  modelEvent,
  NOW,
  raw,
  rawAdded,
  rawDone,
  update,
  workflow,
} from './scripted-run.ts';

const at = { item_id: 'msg_a', output_index: 0, content_index: 0 };
const part = { type: 'output_text', text: '', annotations: [] };
const partUpdate = (type: string, change: object) =>
  update('msg_a', { type: `assistant_message.content_part.${type}`, content_index: 0, ...change });

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

test('a message: every delta once, its own id, all types that say nothing passed over', async () => {
  const ended = { ...part, text: 'Hi!' };
  const events = await collect([
    modelEvent({ type: 'response_started' }),
    ...raw({ type: 'response.created', response: {} }),
    ...rawAdded(message('msg_a')),
    ...raw({ type: 'response.content_part.added', ...at, part }),
    ...raw({ type: 'response.output_text.delta', ...at, delta: 'Hi' }),
    ...raw({ type: 'response.output_text.delta', ...at, delta: '!' }),
    ...raw({ type: 'response.output_text.done', ...at, text: 'Hi!' }),
    ...raw({ type: 'response.content_part.done', ...at, part: ended }),
    ...rawDone(message('msg_a', [ended])),
    ...rawAdded({ type: 'function_call', id: 'fc', call_id: 'c', name: 'f' }),
    ...rawDone({ type: 'web_search_call', id: 'ws' }),
    ...raw({ type: 'response.content_part.added', ...at, part: { type: 'reasoning_text', text: 'hm' } }),
    ...raw({ type: 'response.reasoning_text.delta', ...at, delta: 'hm' }),
    ...raw({ type: 'response.of_the_future' }),
    modelEvent({
      type: 'response_done',
      response: { id: 'resp', usage: {}, output: [message('msg_a', [ended])] },
    }),
    ...raw({ type: 'response.completed', response: {} }),
  ]);
  expect(events).toStrictEqual([
    { type: 'thread.item.added', item: assistant('msg_a') },
    partUpdate('added', { content: part }),
    partUpdate('text_delta', { delta: 'Hi' }),
    partUpdate('text_delta', { delta: '!' }),
    partUpdate('done', { content: ended }),
    { type: 'thread.item.done', item: assistant('msg_a', 'Hi!') },
  ]);
});

test('the end of a message has the time of its end', async () => {
  const { context, clock } = await makeAgentContext();
  const later = () => {
    clock.now = '2026-01-01T00:00:59.000Z';
  };
  const events = await collect([...rawAdded(message('msg_a')), later, ...rawDone(message('msg_a'))], {}, context);
  expect(events[1]).toMatchObject({ item: { created_at: '2026-01-01T00:00:59.000Z' } });
});

const added = (content_index: number, annotation_index: number, annotation: unknown) =>
  partUpdate('annotation_added', { content_index, annotation_index, annotation });

test('annotations are converted, nameless ones dropped, and counted per part without gaps', async () => {
  const events = await collect([
    ...citations.flatMap((annotation) => raw({ type: 'response.output_text.annotation.added', ...at, annotation })),
    ...raw({ type: 'response.output_text.annotation.added', ...at, content_index: 1, annotation: news }),
  ]);
  expect(events).toStrictEqual([
    added(0, 0, converted[0]),
    added(0, 1, converted[1]),
    added(0, 2, converted[2]),
    added(1, 0, converted[2]),
  ]);
});

test('the item at its end carries its annotations, and a refusal as text', async () => {
  const content = [
    { type: 'output_text', text: 'Hi!', annotations: citations },
    { type: 'refusal', refusal: 'No.' },
  ];
  expect(await collect(rawDone(message('msg_a', content)))).toMatchObject([
    {
      item: {
        content: [
          { type: 'output_text', text: 'Hi!', annotations: converted },
          { type: 'output_text', text: 'No.', annotations: [] },
        ],
      },
    },
  ]);
});

test('a refusal streams as text where it is asked for', async () => {
  const refusal = [
    ...raw({ type: 'response.content_part.added', ...at, part: { type: 'refusal', refusal: '' } }),
    ...raw({ type: 'response.refusal.delta', ...at, delta: 'No.' }),
    ...raw({ type: 'response.refusal.done', ...at, refusal: 'No.' }),
  ];
  expect(await collect(refusal, { refusals: true })).toStrictEqual([
    partUpdate('added', { content: part }),
    partUpdate('text_delta', { delta: 'No.' }),
    partUpdate('done', { content: { ...part, text: 'No.' } }),
  ]);
  expect(await collect(refusal)).toStrictEqual([partUpdate('added', { content: part })]);
});

test.each(['__fake_id__', 'FAKE_ID', '', undefined])('an id that names nothing is replaced: %s', async (id) => {
  const delta = { type: 'response.output_text.delta', ...at, item_id: id, delta: 'Hi' };
  const one = [...rawAdded(message(id as string)), ...raw(delta), ...rawDone(message(id as string))];
  const events = await collect([...one, ...one]);
  // One id for all events of an item; the next item, in the same place of the next response, has its own.
  expect(events.map((event) => ('item' in event ? event.item.id : 'item_id' in event && event.item_id))).toEqual([
    'msg:1',
    'msg:1',
    'msg:1',
    'msg:2',
    'msg:2',
    'msg:2',
  ]);
});

test('an id that an earlier item has is replaced', async () => {
  const delta = { type: 'response.output_text.delta', ...at, delta: 'Hi' };
  const one = [...rawAdded(message('msg_a')), ...raw(delta), ...rawDone(message('msg_a'))];
  const events = await collect([...one, ...one]);
  expect(events.map((event) => ('item' in event ? event.item.id : 'item_id' in event && event.item_id))).toEqual([
    'msg_a',
    'msg_a',
    'msg_a',
    'msg:1',
    'msg:1',
    'msg:1',
  ]);
});

test('two items that stream at once keep their ids apart', async () => {
  const events = await collect([
    ...rawAdded(message('__fake_id__'), 0),
    ...rawAdded(message('__fake_id__'), 1),
    ...raw({ type: 'response.output_text.delta', ...at, item_id: '__fake_id__', output_index: 1, delta: 'b' }),
    ...raw({ type: 'response.output_text.delta', ...at, item_id: '__fake_id__', output_index: 0, delta: 'a' }),
  ]);
  expect(events.slice(2)).toMatchObject([{ item_id: 'msg:2' }, { item_id: 'msg:1' }]);
});

const partial = (item_id: string, base64: string, index: number) =>
  raw({
    type: 'response.image_generation_call.partial_image',
    item_id,
    partial_image_b64: base64,
    partial_image_index: index,
  });
const call = (id: string, result: string | null = null) => ({ type: 'image_generation_call', id, result });
const image = (id: string, more: object = {}) => ({
  id,
  thread_id: 'thr_1',
  created_at: NOW,
  type: 'generated_image',
  ...more,
});
const shown = (id: string, url: string, progress: number) => ({
  type: 'generated_image.updated',
  image: { id, url },
  progress,
});

test('images that are made at once each grow in their own item; a failed one has no end', async () => {
  const events = await collect(
    [
      ...rawAdded(call('ig_1'), 0),
      ...rawAdded(call('ig_2'), 1),
      ...partial('ig_2', 'QUE=', 0),
      ...partial('ig_1', 'QkI=', 1),
      ...partial('ig_1', 'Q0M=', 9),
      ...rawDone(call('ig_1', 'REQ='), 0),
      ...rawDone(call('ig_2'), 1),
      ...partial('ig_unknown', 'QUE=', 0),
    ],
    { converter: new ResponseStreamConverter({ partialImages: 2 }) },
  );
  expect(events).toStrictEqual([
    { type: 'thread.item.added', item: image('msg:1') },
    { type: 'thread.item.added', item: image('msg:2') },
    update('msg:2', shown('ig_2', 'data:image/png;base64,QUE=', 0)),
    update('msg:1', shown('ig_1', 'data:image/png;base64,QkI=', 0.5)),
    update('msg:1', shown('ig_1', 'data:image/png;base64,Q0M=', 1)),
    {
      type: 'thread.item.done',
      item: image('msg:1', { image: { id: 'ig_1', url: 'data:image/png;base64,REQ=' } }),
    },
  ]);
});

test('an image leaves a workflow open, and without the number of partial ones its progress is 0', async () => {
  const events = await collect([
    ...rawAdded({ type: 'reasoning', id: 'rs_1', summary: [] }),
    ...rawAdded(call('ig_1')),
    ...partial('ig_1', 'QUE=', 1),
  ]);
  expect(events).toStrictEqual([
    { type: 'thread.item.added', item: workflow('wf:1', { type: 'reasoning', tasks: [], expanded: false }) },
    { type: 'thread.item.added', item: image('msg:1') },
    update('msg:1', shown('ig_1', 'data:image/png;base64,QUE=', 0)),
  ]);
});

test('a converter of your own is awaited, and the events keep their order', async () => {
  class Uploading extends ResponseStreamConverter {
    override async base64ImageToUrl(imageId: string, base64: string, partialIndex?: number) {
      // The first upload is the slowest.
      for (let ticks = partialIndex === undefined ? 0 : 20; ticks > 0; ticks--) await Promise.resolve();
      return `https://files.example/${imageId}/${partialIndex ?? 'final'}?${base64}`;
    }
    override async toAnnotation(citation: Parameters<ResponseStreamConverter['toAnnotation']>[0]) {
      const annotation = await super.toAnnotation(citation);
      return annotation && { ...annotation, source: { ...annotation.source, title: 'Mine' } };
    }
  }
  const events = await collect(
    [
      ...rawAdded(call('ig_1')),
      ...partial('ig_1', 'QUE=', 0),
      ...rawDone(call('ig_1', 'REQ=')),
      ...raw({ type: 'response.output_text.annotation.added', ...at, annotation: news }),
    ],
    { converter: new Uploading() },
  );
  expect(events.slice(1)).toMatchObject([
    { update: { image: { url: 'https://files.example/ig_1/0?QUE=' } } },
    { item: { image: { url: 'https://files.example/ig_1/final?REQ=' } } },
    { update: { annotation: { source: { type: 'url', title: 'Mine' } } } },
  ]);
});
