import { beforeEach, expect, test, vi } from 'vitest';
import type { WidgetItem } from '../../../../protocol/item.ts';
import type { WidgetAction } from '../../../../widget/element/state/run-action.ts';
import { en } from '../../../../widget/element/strings/en.ts';
import { RequestFailure } from '../../../../widget/element/transport/request-failure.ts';
import {
  added,
  answer,
  base,
  createScriptedChat,
  done,
  question,
  type ScriptedChat,
  threadOf,
  toolCall,
} from './scripted-chat.ts';

const widget = (value: string): WidgetItem => ({
  ...base,
  id: 'msg_w',
  type: 'widget',
  widget: { type: 'Card', children: [{ type: 'Text', id: 'note', value }] },
});
const save: WidgetAction = { type: 'save', payload: { id: 7 }, handler: 'server', streaming: true };

let script: ScriptedChat;

beforeEach(async () => {
  script = createScriptedChat();
  script.answers['threads.get_by_id'] = threadOf(question, widget('Draft'));
  await script.chat.openThread('thr_1');
  script.requests.length = 0;
  script.heard.length = 0;
});

const items = () => script.chat.state.get().thread?.items.data;
const names = () => script.heard.map(([name]) => name);
const settle = () => new Promise(setImmediate);

// Shows 68.
test('sends type and payload alone, as a turn of its own, and takes the replaced widget', async () => {
  script.streams = [[{ type: 'thread.item.replaced', item: widget('Saved') }]];
  const config = { ...save, loadingBehavior: 'self' };
  await script.chat.runAction(config, widget('Draft'));
  expect(script.requests).toEqual([
    {
      type: 'threads.custom_action',
      params: { thread_id: 'thr_1', item_id: 'msg_w', action: { type: 'save', payload: { id: 7 } } },
    },
  ]);
  expect(names()).toEqual(['chatkit.response.start', 'chatkit.response.end']);
  expect(items()).toEqual([question, widget('Saved')]);
  // No question was asked: nothing is scrolled to the top.
  expect(script.chat.state.get().turnsStarted).toBe(0);
});

test('folds what a turn does to a widget: grown text, another node, another root', async () => {
  script.streams = [
    [
      {
        type: 'thread.item.updated',
        item_id: 'msg_w',
        update: { type: 'widget.streaming_text.value_delta', component_id: 'note', delta: ' 2', done: false },
      },
      {
        type: 'thread.item.updated',
        item_id: 'msg_w',
        update: {
          type: 'widget.component.updated',
          component_id: 'note',
          component: { type: 'Title', id: 'note', value: 'Two' },
        },
      },
    ],
    [
      {
        type: 'thread.item.updated',
        item_id: 'msg_w',
        update: { type: 'widget.root.updated', widget: { type: 'Basic', children: [] } },
      },
    ],
  ];
  await script.chat.sendAction({ type: 'more' }, 'msg_w');
  expect(items()?.[1]).toMatchObject({ widget: { type: 'Card', children: [{ type: 'Title', value: 'Two' }] } });
  await script.chat.sendAction({ type: 'clear' });
  expect(items()?.[1]).toMatchObject({ widget: { type: 'Basic', children: [] } });
  expect(script.requests[1]).toEqual({
    type: 'threads.custom_action',
    params: { thread_id: 'thr_1', action: { type: 'clear' } },
  });
});

test('runs the client tool that an action leads to', async () => {
  script.handlers.onClientTool = () => ({ ok: true });
  script.streams = [[done(toolCall('tc_1'))], [done(answer('Read.'))]];
  await script.chat.sendAction({ type: 'read' });
  expect(script.requests.map(({ type }) => type)).toEqual(['threads.custom_action', 'threads.add_client_tool_output']);
  expect(names()).toEqual(['chatkit.response.start', 'chatkit.response.end']);
});

test('blocks a turn while another streams, but neither one answer nor the host page', async () => {
  const { promise: wait, resolve: release } = Promise.withResolvers<void>();
  script.streams = [[added(answer('')), { wait }, done(answer('Because'))]];
  script.answers['threads.sync_custom_action'] = { updated_item: widget('Ticked') };
  const onWidgetAction = vi.fn();
  script.handlers.onWidgetAction = onWidgetAction;
  const sent = script.chat.send({ content: question.content });
  await settle();
  await script.chat.runAction(save, widget('Draft'));
  await script.chat.runAction({ ...save, streaming: false }, widget('Draft'));
  await script.chat.runAction({ ...save, handler: 'client' }, widget('Draft'));
  expect(script.requests.map(({ type }) => type)).toEqual(['threads.add_user_message', 'threads.sync_custom_action']);
  expect(onWidgetAction.mock.calls).toEqual([
    [
      { type: 'save', payload: { id: 7 } },
      { id: 'msg_w', widget: widget('Draft').widget },
    ],
  ]);
  expect(items()?.[1]).toEqual(widget('Ticked'));
  release();
  await sent;
  expect(items()?.slice(1)).toEqual([widget('Ticked'), answer('Because')]);
});

test('takes one answer without a turn, whether it changes something or not', async () => {
  script.answers['threads.sync_custom_action'] = {};
  await script.chat.runAction({ ...save, streaming: false }, widget('Draft'));
  expect(items()).toEqual([question, widget('Draft')]);
  expect(names()).toEqual([]);
});

test('shows and reports what goes wrong with one answer, and lets a running turn go on', async () => {
  script.answers['threads.sync_custom_action'] = new RequestFailure(500);
  script.handlers.onClientTool = () => ({});
  const { promise: wait, resolve: release } = Promise.withResolvers<void>();
  script.streams = [[{ wait }, done(toolCall('tc_1'))], [done(answer('Because'))]];
  const sent = script.chat.sendAction({ type: 'read' });
  await settle();
  await script.chat.runAction({ ...save, streaming: false }, widget('Draft'));
  release();
  await sent;
  expect(items()?.at(-1)).toEqual(answer('Because'));
  expect(script.chat.state.get().failure?.describe(en)).toBe(en.unavailable);
  expect(names().filter((name) => name === 'chatkit.error')).toHaveLength(1);
});

test('drops an answer that comes when another thread is shown', async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  script.answers['threads.sync_custom_action'] = promise;
  const acted = script.chat.runAction({ ...save, streaming: false }, widget('Draft'));
  script.answers['threads.get_by_id'] = { ...threadOf(question), id: 'thr_2' };
  await script.chat.openThread('thr_2');
  resolve({ updated_item: widget('Late') });
  await acted;
  expect(items()).toEqual([question]);
});

test('reports a host page without a handler, and one that throws', async () => {
  const client: WidgetAction = { ...save, handler: 'client' };
  await script.chat.runAction(client, widget('Draft'));
  script.handlers.onWidgetAction = () => Promise.reject(new Error('no cart'));
  await script.chat.runAction(client, widget('Draft'));
  const messages = script.heard.map(([, detail]) => (detail as { error: Error }).error.message);
  expect(messages).toEqual([expect.stringContaining('widgets.onAction'), 'no cart']);
  expect(script.requests).toEqual([]);
});

test('rejects with what ended the turn of an action, and resolves after a stop', async () => {
  script.streams = [
    [{ type: 'error', code: 'custom', message: 'Sold out.', allow_retry: false }],
    [{ fail: new RequestFailure(503) }],
    [added(answer('Half'))],
    [{ wait: new Promise(() => {}) }],
  ];
  await expect(script.chat.sendAction({ type: 'buy' })).rejects.toThrow('Sold out.');
  await expect(script.chat.sendAction({ type: 'buy' })).rejects.toThrow('503');
  await expect(script.chat.sendAction({ type: 'buy' })).rejects.toThrow('the stream ended');
  const sent = script.chat.sendAction({ type: 'buy' });
  script.chat.stop();
  await sent;
  await script.chat.openThread(null);
  await expect(script.chat.sendAction({ type: 'buy' })).rejects.toThrow('needs a thread');
});

test('tries a failed action again as it was, and not the question before it', async () => {
  script.streams = [[{ type: 'error', code: 'stream.error', allow_retry: true }], []];
  await script.chat.runAction(save, widget('Draft'));
  expect(script.chat.state.get().failure?.retry).toBe('turn');
  script.chat.retry();
  await settle();
  expect(script.requests[1]).toEqual(script.requests[0]);
  expect(items()).toEqual([question, widget('Draft')]);

  // Without a failure "again" means the answer; in another thread the action is none of its own.
  script.chat.retry();
  await settle();
  expect(script.requests.at(-1)?.type).toBe('threads.retry_after_item');
});

// Shows 93.
test('keeps how far an image is while its turn runs', async () => {
  const { promise: wait, resolve: release } = Promise.withResolvers<void>();
  const image = { id: 'ig_1', url: 'data:image/png;base64,AA==' };
  script.streams = [
    [
      added({ ...base, id: 'msg_i', type: 'generated_image' }),
      {
        type: 'thread.item.updated',
        item_id: 'msg_i',
        update: { type: 'generated_image.updated', image, progress: 0.5 },
      },
      { wait },
      done({ ...base, id: 'msg_i', type: 'generated_image', image }),
    ],
  ];
  const sent = script.chat.sendAction({ type: 'draw' });
  await settle();
  await settle();
  expect(script.chat.state.get().turn?.imageProgress).toEqual({ msg_i: 0.5 });
  expect(items()?.at(-1)).toMatchObject({ image });
  release();
  await sent;
});
