import { expect, test } from 'vitest';
import { collect, makeAgentContext, message, raw, rawAdded, update, workflow } from './scripted-run.ts';

const reasoning = (id = 'rs_1') => rawAdded({ type: 'reasoning', id, summary: [] });
const delta = (text: string, summary_index = 0, item_id = 'rs_1') =>
  raw({ type: 'response.reasoning_summary_text.delta', item_id, summary_index, delta: text });
const done = (text: string, summary_index = 0, item_id = 'rs_1') =>
  raw({ type: 'response.reasoning_summary_text.done', item_id, summary_index, text });

const thought = (content: string) => ({ type: 'thought', status_indicator: 'none', content });
const added = (task_index: number, content: string) =>
  update('wf:1', { type: 'workflow.task.added', task_index, task: thought(content) });
const updated = (content: string) =>
  update('wf:1', { type: 'workflow.task.updated', task_index: 0, task: thought(content) });
const begun = {
  type: 'thread.item.added',
  item: workflow('wf:1', { type: 'reasoning', tasks: [], expanded: false }),
};

test('the first thought streams, later ones come whole, and the answer ends the workflow', async () => {
  const { context, clock } = await makeAgentContext();
  const later = () => {
    clock.now = '2026-01-01T00:00:13.900Z';
  };
  const events = await collect(
    [
      ...reasoning(),
      ...delta('Weigh'),
      ...delta('ing'),
      ...done('Weighing'),
      ...delta('Che', 1),
      ...done('Check', 1),
      ...reasoning('rs_2'),
      ...delta('Aga', 0, 'rs_2'),
      ...done('Again', 0, 'rs_2'),
      later,
      ...rawAdded(message('msg_a')),
    ],
    {},
    context,
  );
  expect(events).toStrictEqual([
    begun,
    added(0, 'Weigh'),
    updated('Weighing'),
    updated('Weighing'),
    added(1, 'Check'),
    added(2, 'Again'),
    {
      type: 'thread.item.done',
      item: workflow('wf:1', {
        type: 'reasoning',
        tasks: [thought('Weighing'), thought('Check'), thought('Again')],
        summary: { duration: 3 },
        expanded: false,
      }),
    },
    expect.objectContaining({ type: 'thread.item.added', item: expect.objectContaining({ id: 'msg_a' }) }),
  ]);
});

// The reference looks the index up by equality and says 0 twice.
test('equal thoughts have an index each', async () => {
  expect(await collect([...reasoning(), ...done('Same'), ...done('Same', 1)])).toStrictEqual([
    begun,
    added(0, 'Same'),
    added(1, 'Same'),
  ]);
});

test('a custom workflow that is open takes the thoughts, each when it is complete', async () => {
  const { context } = await makeAgentContext();
  context.addWorkflowTask({ type: 'custom', title: 'Look' });
  const events = await collect([...reasoning(), ...delta('Hm'), ...done('Hmm')], {}, context);
  expect(events).toMatchObject([
    { type: 'thread.item.added', item: { workflow: { type: 'custom', tasks: [{ title: 'Look' }] } } },
    added(1, 'Hmm'),
  ]);
});

test('a custom workflow without a task yet is shown from its first whole thought on', async () => {
  const { context } = await makeAgentContext();
  context.startWorkflow({ type: 'custom' });
  expect(await collect([...reasoning(), ...delta('Hm'), ...done('Hmm')], {}, context)).toStrictEqual([
    {
      type: 'thread.item.added',
      item: workflow('wf:1', { type: 'custom', tasks: [thought('Hmm')], expanded: false }),
    },
  ]);
});

test('without a workflow thoughts are left out; one whose workflow has ended goes to the open one as a whole', async () => {
  const { context } = await makeAgentContext();
  const events = await collect(
    [
      ...delta('lost'),
      ...done('lost'),
      ...reasoning(),
      ...delta('One'),
      () => context.endWorkflow(),
      () => context.startWorkflow({ type: 'reasoning' }),
      ...done('One more'),
    ],
    {},
    context,
  );
  expect(events.map((event) => ('update' in event ? [event.item_id, event.update.type] : event.type))).toEqual([
    'thread.item.added',
    ['wf:1', 'workflow.task.added'],
    'thread.item.done',
    'thread.item.added',
    ['wf:2', 'workflow.task.added'],
  ]);
});
