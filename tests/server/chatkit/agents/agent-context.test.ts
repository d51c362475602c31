import { expect, test } from 'vitest';
import type { ThreadItem } from '../../../../protocol/item.ts';
import { collect, makeAgentContext, NOW, update, workflow } from './scripted-run.ts';

const custom = { type: 'custom', status_indicator: 'none' };
const base = { thread_id: 'thr_1', created_at: NOW };

test('a custom workflow is shown from its first task on, with the task in it', async () => {
  const { context } = await makeAgentContext();
  const indexes: number[] = [];
  const events = await collect(
    [
      () => context.startWorkflow({ type: 'custom' }),
      () => void indexes.push(context.addWorkflowTask({ type: 'custom', title: 'Find' })),
      () => void indexes.push(context.addWorkflowTask({ type: 'file', title: 'Read', status_indicator: 'loading' })),
      () => context.updateWorkflowTask({ type: 'web_search', status_indicator: 'complete' }, 1),
      () => context.endWorkflow({ title: 'Booked', icon: 'check' }, true),
    ],
    {},
    context,
  );
  const find = { ...custom, title: 'Find' };
  const search = { type: 'web_search', status_indicator: 'complete', queries: [], sources: [] };
  expect(indexes).toEqual([0, 1]);
  expect(events).toStrictEqual([
    { type: 'thread.item.added', item: workflow('wf:1', { type: 'custom', tasks: [find], expanded: false }) },
    update('wf:1', {
      type: 'workflow.task.added',
      task_index: 1,
      task: { type: 'file', title: 'Read', status_indicator: 'loading', sources: [] },
    }),
    update('wf:1', { type: 'workflow.task.updated', task_index: 1, task: search }),
    {
      type: 'thread.item.done',
      item: workflow('wf:1', {
        type: 'custom',
        tasks: [find, search],
        summary: { title: 'Booked', icon: 'check' },
        expanded: true,
      }),
    },
  ]);
});

test('a task without a workflow begins one, and another one after that has ended', async () => {
  const { context } = await makeAgentContext();
  const events = await collect(
    [
      // All before anything is read: each workflow ends once, and in its order.
      () => {
        context.addWorkflowTask({ type: 'custom', title: 'A' });
        context.endWorkflow();
        context.addWorkflowTask({ type: 'custom', title: 'B' });
        context.endWorkflow();
        context.endWorkflow();
      },
    ],
    {},
    context,
  );
  expect(events.map((event) => 'item' in event && [event.type, event.item.id])).toEqual([
    ['thread.item.added', 'wf:1'],
    ['thread.item.done', 'wf:1'],
    ['thread.item.added', 'wf:2'],
    ['thread.item.done', 'wf:2'],
  ]);
});

test('a workflow that starts ends the one that is open; a reasoning one is shown without a task', async () => {
  const { context } = await makeAgentContext();
  context.startWorkflow({ type: 'reasoning', expanded: true });
  context.startWorkflow({ type: 'custom', tasks: [{ type: 'thought', content: 'hm' }] });
  expect(await collect([], {}, context)).toStrictEqual([
    { type: 'thread.item.added', item: workflow('wf:1', { type: 'reasoning', tasks: [], expanded: true }) },
    {
      type: 'thread.item.done',
      item: workflow('wf:1', { type: 'reasoning', tasks: [], summary: { duration: 0 }, expanded: false }),
    },
    {
      type: 'thread.item.added',
      item: workflow('wf:2', {
        type: 'custom',
        tasks: [{ type: 'thought', status_indicator: 'none', content: 'hm' }],
        expanded: false,
      }),
    },
  ]);
});

test.each([
  ['2026-01-01T00:00:02.500Z', 7],
  ['2026-01-01T02:00:02.500+02:00', 7],
  ['2026-01-01T00:00:11Z', 0],
  ['not a date', 0],
])('a workflow begun at %s took %i whole seconds', async (created_at, duration) => {
  const { context } = await makeAgentContext();
  context.stream({
    type: 'thread.item.added',
    item: {
      ...base,
      id: 'wf_1',
      type: 'workflow',
      created_at,
      workflow: { type: 'custom', tasks: [], expanded: false },
    },
  });
  context.endWorkflow();
  expect((await collect([], {}, context))[1]).toMatchObject({
    item: { id: 'wf_1', workflow: { summary: { duration } } },
  });
});

test('a summary that is there stays when a workflow ends without one', async () => {
  const { context } = await makeAgentContext();
  context.startWorkflow({ type: 'reasoning', summary: { title: 'Thinking' } });
  context.endWorkflow();
  expect((await collect([], {}, context))[1]).toMatchObject({ item: { workflow: { summary: { title: 'Thinking' } } } });
});

const others: [ThreadItem, boolean][] = [
  [{ ...base, id: 'x', type: 'end_of_turn' }, true],
  [{ ...base, id: 'x', type: 'sdk_hidden_context', content: '' }, true],
  [{ ...base, id: 'x', type: 'hidden_context_item' }, false],
  [{ ...base, id: 'x', type: 'client_tool_call', status: 'pending', call_id: 'c', name: 'n', arguments: {} }, false],
];
test.each(others)('of other items only those beside the answer leave a workflow open: $type', async (item, ends) => {
  for (const type of ['thread.item.added', 'thread.item.done'] as const) {
    const { context } = await makeAgentContext();
    context.startWorkflow({ type: 'reasoning' });
    context.stream({ type, item });
    const expected = ends ? ['thread.item.added', 'thread.item.done', type] : ['thread.item.added', type];
    expect((await collect([], {}, context)).map((event) => event.type)).toEqual(expected);
    expect(context.workflowItem === undefined).toBe(ends);
  }
});

test('a workflow streamed by hand is the one that tasks go to, until its own end', async () => {
  const { context } = await makeAgentContext();
  const item = {
    ...base,
    id: 'wf_own',
    type: 'workflow' as const,
    workflow: { type: 'custom' as const, tasks: [], expanded: false },
  };
  context.stream({ type: 'thread.item.added', item });
  expect(context.workflowItem).toEqual(item);
  context.stream({ type: 'thread.item.done', item });
  expect(context.workflowItem).toBeUndefined();
  expect((await collect([], {}, context)).map(({ type }) => type)).toEqual(['thread.item.added', 'thread.item.done']);
});

test('what is streamed is as it was then, however its object changes later', async () => {
  const { context } = await makeAgentContext();
  const task = { type: 'web_search' as const, queries: ['plums'] };
  const effect = { type: 'client_effect' as const, name: 'mark', data: { n: 1 } };
  context.addWorkflowTask(task);
  context.stream(effect);
  task.queries.push('pears');
  effect.data.n = 2;
  expect(context.workflowItem?.workflow.tasks).toMatchObject([{ queries: ['plums'] }]);
  expect(await collect([], {}, context)).toMatchObject([
    { item: { workflow: { tasks: [{ queries: ['plums'] }] } } },
    { data: { n: 1 } },
  ]);
});

test('an update fails without an open workflow and for a task that is not there', async () => {
  const { context } = await makeAgentContext();
  expect(() => context.updateWorkflowTask({ type: 'custom' }, 0)).toThrow('no workflow is open');
  context.startWorkflow({ type: 'custom', tasks: [{ type: 'custom' }] });
  expect(() => context.updateWorkflowTask({ type: 'custom' }, 1)).toThrow('the workflow has no task 1');
  expect(() => context.updateWorkflowTask({ type: 'custom' }, -1)).toThrow('the workflow has no task -1');
});

const card = (value: string) => ({ type: 'Card', children: [{ type: 'Text', id: 't', value }] });
async function* states() {
  yield card('');
  yield card('W');
}

test('a widget ends the open workflow, and grows while its states arrive', async () => {
  const { context } = await makeAgentContext();
  context.startWorkflow({ type: 'reasoning' });
  await context.streamWidget(states(), { copyText: 'W' });
  await context.streamWidget(card('static'));
  expect((await collect([], {}, context)).slice(1)).toMatchObject([
    { type: 'thread.item.done', item: { id: 'wf:1' } },
    { type: 'thread.item.added', item: { id: 'msg:1', type: 'widget', widget: card(''), copy_text: 'W' } },
    { type: 'thread.item.updated', item_id: 'msg:1', update: { component_id: 't', delta: 'W' } },
    { type: 'thread.item.done', item: { id: 'msg:1', widget: card('W'), copy_text: 'W' } },
    { type: 'thread.item.done', item: { id: 'msg:2', widget: card('static') } },
  ]);
});

test('ids have the prefix of their kind', async () => {
  const { context } = await makeAgentContext();
  expect(context.generateId('task')).toMatch(/^tsk_[0-9a-f]{32}$/);
  expect(context.generateId('tool_call')).toMatch(/^tc_[0-9a-f]{32}$/);
});
