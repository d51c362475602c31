import { setImmediate } from 'node:timers/promises';
import {
  Agent,
  type AgentOptions,
  defineToolInputGuardrail,
  defineToolOutputGuardrail,
  type RunContext,
  Runner,
  type RunStreamEvent,
  type StreamEvent,
  ToolGuardrailFunctionOutputFactory,
  ToolInputGuardrailTripwireTriggered,
  tool,
} from '@openai/agents';
import { assistantMessage, functionCall, modelError, modelStream, ScriptedModel } from '@openai/agents/testing';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ThreadStreamEvent } from '../../../../protocol/event.ts';
import { streamAgentResponse } from '../../../../server/chatkit/agents/stream-agent-response.ts';
import { CustomStreamError } from '../../../../server/chatkit/errors.ts';
import { makeContext } from '../../../contract/store.ts';
import {
  assistant,
  collect,
  makeAgentContext,
  message,
  NOW,
  raw,
  rawAdded,
  rawDone,
  runItem,
  type TestAgentContext,
  update,
  withShortIds,
  workflow,
} from './scripted-run.ts';

async function* noEvents(): AsyncGenerator<RunStreamEvent> {}

const runner = new Runner({ tracingDisabled: true });

/** The events of a real run of an agent, and what it threw. */
async function runAgent(
  options: Partial<AgentOptions<TestAgentContext>> & { model: ScriptedModel },
  context: TestAgentContext,
  onEvent: (event: ThreadStreamEvent) => void = () => {},
) {
  const agent = new Agent<TestAgentContext>({ name: 'Test', ...options });
  const { signal } = context.requestContext;
  const run = await runner.run(agent, 'Hi', { stream: true, context, signal });
  const events: ThreadStreamEvent[] = [];
  let error: unknown;
  try {
    for await (const event of streamAgentResponse(context, run)) {
      events.push(event);
      onEvent(event);
    }
  } catch (thrown) {
    error = thrown;
  }
  return { events: withShortIds(events), error };
}

function contextOf(run: RunContext | undefined): TestAgentContext {
  return run?.context as TestAgentContext;
}

/** A tool without parameters. */
function makeTool(name: string, execute: (context: TestAgentContext) => unknown) {
  return tool({
    name,
    description: name,
    parameters: z.object({}),
    execute: (_input, run) => execute(contextOf(run)),
  });
}

const types = (events: ThreadStreamEvent[]) =>
  events.map((event) => (event.type === 'thread.item.updated' ? event.update.type : event.type));

const MESSAGE = [
  'thread.item.added',
  'assistant_message.content_part.added',
  'assistant_message.content_part.text_delta',
  'assistant_message.content_part.done',
  'thread.item.done',
];

describe('what tools stream', () => {
  test('comes out at once, while the run waits for the tool', async () => {
    const { context } = await makeAgentContext();
    const seen = Promise.withResolvers<void>();
    const look = makeTool('look', async (own) => {
      own.stream({ type: 'progress_update', text: 'Looking' });
      // Only what is streamed before the tool has an answer lets it answer.
      await seen.promise;
      return 'found';
    });
    const model = new ScriptedModel([[functionCall('look', {}, { callId: 'call_1' })], [assistantMessage('Done')]]);
    const { events, error } = await runAgent({ model, tools: [look] }, context, (event) => {
      if (event.type === 'progress_update') seen.resolve();
    });
    expect(error).toBeUndefined();
    expect(types(events)).toEqual(['progress_update', ...MESSAGE]);
  });

  test('keeps its place between the events of the run, however late the reader is', async () => {
    const { context } = await makeAgentContext();
    const look = makeTool('look', (own) => {
      own.addWorkflowTask({ type: 'custom', title: 'Looking' });
      own.endWorkflow();
      return 'found';
    });
    const model = new ScriptedModel([
      [assistantMessage('I look.'), functionCall('look', {}, { callId: 'call_1' })],
      [assistantMessage('Found.')],
    ]);
    const agent = new Agent<TestAgentContext>({ name: 'Test', model, tools: [look] });
    const run = await runner.run(agent, 'Hi', { stream: true, context });
    const reader = streamAgentResponse(context, run);
    const events: ThreadStreamEvent[] = [(await reader.next()).value as ThreadStreamEvent];
    await run.completed;
    for await (const event of reader) events.push(event);
    expect(types(events)).toEqual([...MESSAGE, 'thread.item.added', 'thread.item.done', ...MESSAGE]);
  });

  test('before the run, and in its last moment, is not lost', async () => {
    const { context } = await makeAgentContext();
    context.stream({ type: 'progress_update', text: 'first' });
    const last = () => context.stream({ type: 'progress_update', text: 'last' });
    expect(await collect([last], {}, context)).toEqual([
      { type: 'progress_update', text: 'first' },
      { type: 'progress_update', text: 'last' },
    ]);
  });
});

test('what a tool that outlasts its run streams comes out while there is a reader', async () => {
  const { context } = await makeAgentContext();
  const say = (text: string) => context.stream({ type: 'progress_update', text });
  say('1');
  const seen: unknown[] = [];
  for await (const event of streamAgentResponse(context, noEvents())) {
    seen.push(event);
    // By then the run has ended.
    await setImmediate();
    if (seen.length < 4) say(`${seen.length + 1}`);
  }
  expect(seen).toEqual(['1', '2', '3', '4'].map((text) => ({ type: 'progress_update', text })));
});

describe('a workflow that is open when the run ends', () => {
  const open = workflow('wf:1', { type: 'reasoning', tasks: [], expanded: false });
  const reasoning = rawAdded({ type: 'reasoning', id: 'rs_1', summary: [] });

  test('is stored without an event', async () => {
    const { context, items } = await makeAgentContext();
    expect(types(await collect(reasoning, {}, context))).toEqual(['thread.item.added']);
    expect(withShortIds(await items())).toEqual([open]);
  });

  test.each([false, true])('goes on in the next run (after a client tool call: %s)', async (hasCall) => {
    const { context } = await makeAgentContext();
    const saveItem = context.store.saveItem.bind(context.store, context.requestContext, 'thr_1');
    await saveItem({ id: 'older', thread_id: 'thr_1', created_at: NOW, type: 'end_of_turn' });
    await saveItem({
      id: 'wf_open',
      thread_id: 'thr_1',
      created_at: NOW,
      type: 'workflow',
      workflow: { type: 'reasoning', tasks: [], expanded: false },
    });
    if (hasCall)
      await saveItem({
        id: 'tc_1',
        thread_id: 'thr_1',
        created_at: NOW,
        type: 'client_tool_call',
        status: 'completed',
        call_id: 'call_1',
        name: 'pick',
        arguments: {},
      });
    const summary = { type: 'response.reasoning_summary_text.done', item_id: 'rs_2', summary_index: 0, text: 'More' };
    const steps = [
      ...rawAdded({ type: 'reasoning', id: 'rs_2', summary: [] }),
      ...raw(summary),
      ...rawAdded(message('msg_a')),
    ];
    const events = await collect(steps, {}, context);
    const more = { type: 'thought', status_indicator: 'none', content: 'More' };
    const done = workflow('wf_open', { type: 'reasoning', tasks: [more], summary: { duration: 0 }, expanded: false });
    expect(events).toEqual([
      update('wf_open', { type: 'workflow.task.added', task_index: 0, task: more }),
      { type: 'thread.item.done', item: done },
      { type: 'thread.item.added', item: assistant('msg_a') },
    ]);
  });

  test('does not go on behind other items', async () => {
    const { context } = await makeAgentContext();
    const saveItem = context.store.saveItem.bind(context.store, context.requestContext, 'thr_1');
    await saveItem({
      id: 'wf_old',
      thread_id: 'thr_1',
      created_at: NOW,
      type: 'workflow',
      workflow: { type: 'custom', tasks: [], expanded: false },
    });
    await saveItem({ id: 'end', thread_id: 'thr_1', created_at: NOW, type: 'end_of_turn' });
    await collect([], {}, context);
    expect(context.workflowItem).toBeUndefined();
  });
});

const pending = (id: string, call_id: string) => ({
  type: 'thread.item.done',
  item: {
    id,
    thread_id: 'thr_1',
    created_at: NOW,
    type: 'client_tool_call',
    status: 'pending',
    call_id,
    name: 'pick_color',
    arguments: { n: 2 },
  },
});

const call = (id: string | undefined, callId: string) =>
  runItem('tool_called', { type: 'function_call', id, callId, name: 'pick_color', arguments: '{}' });

describe('a client tool call', () => {
  test('is asked for when the run has ended, under the ids of the model', async () => {
    const { context } = await makeAgentContext();
    const pick = makeTool('pick_color', (own) => {
      own.clientToolCall = { name: 'pick_color', arguments: { n: 2 } };
      return '';
    });
    const model = new ScriptedModel([[functionCall('pick_color', {}, { callId: 'call_9', id: 'fc_9' })]]);
    const options = { model, tools: [pick], toolUseBehavior: { stopAtToolNames: ['pick_color'] } };
    const { events, error } = await runAgent(options, context);
    expect(error).toBeUndefined();
    expect(events).toStrictEqual([pending('fc_9', 'call_9')]);
    // It was asked for once: another run with this context does not ask again.
    expect(await collect([], {}, context)).toEqual([]);
  });

  test.each([
    ['the newest function call counts', [call('fc_1', 'call_1'), call('fc_2', 'call_2')], 'fc_2', 'call_2'],
    ['ids that name nothing are replaced', [call('FAKE_ID', 'call_1')], 'tc:1', 'call_1'],
    ['no function was called', [], 'tc:1', 'tc:2'],
    [
      'a call of a hosted tool came after it',
      [call('fc_1', 'call_1'), runItem('tool_called', { type: 'hosted_tool_call', id: 'ws_1', name: 'web_search' })],
      'tc:1',
      'tc:2',
    ],
  ])('%s', async (_what, steps, id, callId) => {
    const { context } = await makeAgentContext();
    context.clientToolCall = { name: 'pick_color', arguments: { n: 2 } };
    expect(await collect(steps, {}, context)).toStrictEqual([pending(id, callId)]);
  });

  test('leaves an open workflow open, which is stored before it', async () => {
    const { context, items } = await makeAgentContext();
    context.clientToolCall = { name: 'pick_color', arguments: { n: 2 } };
    context.addWorkflowTask({ type: 'custom', title: 'Look' });
    expect(types(await collect([], {}, context))).toEqual(['thread.item.added', 'thread.item.done']);
    expect(await items()).toMatchObject([{ type: 'workflow' }]);
  });
});

const guarded = (guard: object) =>
  tool({
    name: 'look',
    description: '',
    parameters: z.object({}),
    ...guard,
    execute: (_input, run) => {
      contextOf(run).addWorkflowTask({ type: 'custom', title: 'Looking' });
      return 'secret';
    },
  });

describe('a guardrail', () => {
  const trips = { tripwireTriggered: true, outputInfo: {} };
  const stop = ToolGuardrailFunctionOutputFactory.throwException();
  const input = defineToolInputGuardrail({ name: 'input', run: () => Promise.resolve(stop) });
  const output = defineToolOutputGuardrail({ name: 'output', run: () => Promise.resolve(stop) });

  test('of the output takes back the whole answer', async () => {
    const { context } = await makeAgentContext();
    const model = new ScriptedModel([[assistantMessage('secret')]]);
    const guardrail = { name: 'output', execute: () => Promise.resolve(trips) };
    const { events, error } = await runAgent({ model, outputGuardrails: [guardrail] }, context);
    expect(types(events)).toEqual([...MESSAGE, 'thread.item.removed']);
    expect(events.at(-1)).toStrictEqual({ type: 'thread.item.removed', item_id: 'msg:1' });
    expect(error).toMatchObject({ name: 'OutputGuardrailTripwireTriggered' });
  });

  test('of the input takes back what was said meanwhile', async () => {
    const { context } = await makeAgentContext();
    const begun = Promise.withResolvers<void>();
    const never = Promise.withResolvers<void>();
    async function* said(): AsyncGenerator<StreamEvent> {
      yield { type: 'response_started' };
      yield { type: 'output_text_delta', delta: 'sec' };
      await never.promise;
    }
    const guardrail = { name: 'input', runInParallel: true, execute: () => begun.promise.then(() => trips) };
    const model = new ScriptedModel([modelStream(said())]);
    const { events, error } = await runAgent({ model, inputGuardrails: [guardrail] }, context, (event) => {
      if (event.type === 'thread.item.updated') begun.resolve();
      // The run ends when its model does.
      if (event.type === 'thread.item.updated') never.resolve();
    });
    expect(types(events)).toEqual([...MESSAGE.slice(0, 3), 'thread.item.removed']);
    expect(error).toMatchObject({ name: 'InputGuardrailTripwireTriggered' });
  });

  test.each([
    ['input', guarded({ inputGuardrails: [input] }), [...MESSAGE]],
    ['output', guarded({ outputGuardrails: [output] }), [...MESSAGE, 'thread.item.added']],
  ])('of the %s of a tool takes back message, workflow and call', async (_what, look, shown) => {
    const { context, items } = await makeAgentContext();
    const model = new ScriptedModel([
      [assistantMessage('I look.'), functionCall('look', {}, { callId: 'c', id: 'fc_1' })],
    ]);
    const { events, error } = await runAgent({ model, tools: [look] }, context);
    const removed = events.filter((event) => event.type === 'thread.item.removed').map(({ item_id }) => item_id);
    expect(types(events).filter((type) => type !== 'thread.item.removed')).toEqual(shown);
    expect(removed.toSorted()).toEqual(shown.length === MESSAGE.length ? ['fc_1', 'msg:1'] : ['fc_1', 'msg:1', 'wf:1']);
    expect(error).toMatchObject({ name: expect.stringContaining('GuardrailTripwireTriggered') });
    // Nothing of it is stored or goes on in a later run.
    expect(await items()).toEqual([]);
    expect(context.workflowItem).toBeUndefined();
  });
});

async function* said(): AsyncGenerator<StreamEvent> {
  yield { type: 'response_started' };
  yield { type: 'output_text_delta', delta: 'Half' };
  yield { type: 'output_text_delta', delta: ' of it' };
}

async function* saysAndTrips() {
  const summary = { type: 'response.reasoning_summary_text.done', item_id: 'rs_1', summary_index: 0, text: 'secret' };
  yield* raw(summary);
  throw new ToolInputGuardrailTripwireTriggered('no', {
    guardrail: { type: 'tool_input', name: 'no' },
    output: ToolGuardrailFunctionOutputFactory.throwException(),
  });
}

test('a guardrail takes back a workflow that goes on from an earlier run, and what was still to be said', async () => {
  const { context } = await makeAgentContext();
  await context.store.saveItem(context.requestContext, 'thr_1', {
    id: 'wf_open',
    thread_id: 'thr_1',
    created_at: NOW,
    type: 'workflow',
    workflow: { type: 'reasoning', tasks: [], expanded: false },
  });
  const progress = { type: 'progress_update' as const, text: '…' };
  context.stream(progress);
  const events: ThreadStreamEvent[] = [];
  await expect(async () => {
    for await (const event of streamAgentResponse(context, saysAndTrips())) {
      events.push(event);
      // By then the run has ended.
      await setImmediate();
      if (event.type === 'thread.item.updated') context.stream(progress);
    }
  }).rejects.toThrow('no');
  expect(types(events)).toEqual(['progress_update', 'workflow.task.added', 'thread.item.removed']);
  expect(events[2]).toEqual({ type: 'thread.item.removed', item_id: 'wf_open' });
  expect(await collect([], {}, context)).toEqual([]);
});

describe('the end of a run', () => {
  const item = { id: 'msg_a', role: 'assistant', type: 'message', content: [] };

  test('by a throw lets go of what is open, and takes nothing back', async () => {
    const { context, items } = await makeAgentContext();
    const fault = new Error('a bug');
    const events: ThreadStreamEvent[] = [];
    async function* run() {
      yield* rawAdded({ type: 'reasoning', id: 'rs_1', summary: [] });
      yield* rawAdded(item);
      context.addWorkflowTask({ type: 'custom' });
      throw fault;
    }
    await expect(async () => {
      for await (const event of streamAgentResponse(context, run())) events.push(event);
    }).rejects.toBe(fault);
    expect(types(events)).toEqual(['thread.item.added', 'thread.item.done', 'thread.item.added', 'thread.item.added']);
    expect(await items()).toEqual([]);
  });

  test('by a failure of the model is told in words for a visitor', async () => {
    const { context } = await makeAgentContext();
    const busy = Object.assign(new Error('a secret of the provider'), { status: 429 });
    const { error } = await runAgent({ model: new ScriptedModel([modelError(busy)]) }, context);
    expect(error).toMatchObject({
      name: 'CustomStreamError',
      message: 'The assistant is busy right now. Please try again in a moment.',
      allowRetry: true,
    });
  });

  test('by a tool that throws an error for the visitor is that error', async () => {
    const { context } = await makeAgentContext();
    const closed = new CustomStreamError('The shop is closed.');
    const buy = tool({
      name: 'buy',
      description: '',
      parameters: z.object({}),
      errorFunction: null,
      execute: () => Promise.reject(closed),
    });
    const model = new ScriptedModel([[functionCall('buy', {}, { callId: 'call_1' })]]);
    expect((await runAgent({ model, tools: [buy] }, context)).error).toBe(closed);
  });

  test('by a refusal is the end of an answer', async () => {
    const { context } = await makeAgentContext();
    const refusal = { ...assistantMessage(''), content: [{ type: 'refusal' as const, refusal: 'I cannot.' }] };
    const { events, error } = await runAgent({ model: new ScriptedModel([[refusal]]) }, context);
    expect(error).toBeUndefined();
    expect(events.at(-1)).toEqual({ type: 'thread.item.done', item: assistant('msg:1', 'I cannot.') });
  });

  test('by an abort leaves items unfinished, stores nothing and calls no tool of the client', async () => {
    const abort = new AbortController();
    const { context, items } = await makeAgentContext({ ...makeContext(), signal: abort.signal });
    context.clientToolCall = { name: 'pick_color', arguments: {} };
    const { events, error } = await runAgent({ model: new ScriptedModel([modelStream(said())]) }, context, (event) => {
      if (event.type !== 'thread.item.updated' || event.update.type !== MESSAGE[2] || abort.signal.aborted) return;
      context.startWorkflow({ type: 'reasoning' });
      abort.abort();
    });
    expect(error).toBeUndefined();
    expect(types(events)).not.toContain('thread.item.done');
    expect(await items()).toEqual([]);
  });

  test('by its reader stops the reading of the run', async () => {
    const { context } = await makeAgentContext();
    const gate = Promise.withResolvers<void>();
    const stopped = Promise.withResolvers<number>();
    async function* run() {
      let taken = 0;
      try {
        while (taken < 5) {
          yield* rawAdded(message(`msg_${++taken}`));
          await gate.promise;
        }
      } finally {
        stopped.resolve(taken);
      }
    }
    for await (const event of streamAgentResponse(context, run())) if ('item' in event) break;
    gate.resolve();
    expect(await stopped.promise).toBe(2);
  });

  test('a raw message that a model left open has no done', async () => {
    const { context } = await makeAgentContext();
    expect(await collect([...rawAdded(item), ...rawDone({ type: 'reasoning', id: 'rs' })], {}, context)).toEqual([
      { type: 'thread.item.added', item: assistant('msg_a') },
    ]);
  });
});

test('updates of the reader own items pass as they are', async () => {
  const { context } = await makeAgentContext();
  const root = { type: 'widget.root.updated' as const, widget: { type: 'Card', children: [] } };
  context.startWorkflow({ type: 'reasoning' });
  context.stream({ type: 'thread.item.updated', item_id: 'wid_1', update: root });
  context.stream({ type: 'thread.item.removed', item_id: 'wid_1' });
  expect((await collect([], {}, context)).slice(1)).toEqual([
    update('wid_1', root),
    { type: 'thread.item.removed', item_id: 'wid_1' },
  ]);
});
