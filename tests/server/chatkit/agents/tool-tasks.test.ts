import type { RunStreamEvent } from '@openai/agents';
import { expect, test } from 'vitest';
import { streamAgentResponse } from '../../../../server/chatkit/agents/stream-agent-response.ts';
import { persist } from '../../../../server/chatkit/persist.ts';
import { collect, makeAgentContext, message, rawAdded, rawDone, runItem, update, workflow } from './scripted-run.ts';

const titles: Record<string, string> = { look: 'Looking it up' };
const tasks = { webSearch: true, fileSearch: true, functionCall: (name: string) => titles[name] };

const webSearch = (action?: object) => ({ type: 'web_search_call', id: 'ws_1', status: 'completed', action });
const fileSearch = (queries: string[], results?: object[]) => ({
  type: 'file_search_call',
  id: 'fs_1',
  queries,
  results,
});
const called = (name: string) => ({ type: 'function_call', id: 'fc_1', call_id: 'call_1', name, arguments: '' });
const runCalled = (name: string) => runItem('tool_called', { type: 'function_call', callId: 'call_1', name });
const returned = runItem('tool_output', { type: 'function_call_result', callId: 'call_1', name: 'look' });

const begun = (task: object) => ({
  type: 'thread.item.added',
  item: workflow('wf:1', { type: 'custom', tasks: [{ status_indicator: 'loading', ...task }], expanded: false }),
});
const ended = (task: object, task_index = 0) =>
  update('wf:1', { type: 'workflow.task.updated', task_index, task: { status_indicator: 'complete', ...task } });
const site = (url: string, title: string) => ({ type: 'url', title, url });

test.each([
  [
    {
      type: 'search',
      query: 'old',
      queries: ['apples', 'pears'],
      sources: [{ type: 'url', url: 'https://a.example/x' }],
    },
    { title_query: 'apples', queries: ['apples', 'pears'], sources: [site('https://a.example/x', 'a.example')] },
  ],
  [
    { type: 'search', query: 'apples' },
    { title_query: 'apples', queries: ['apples'], sources: [] },
  ],
  [
    { type: 'open_page', url: 'no url' },
    { queries: [], sources: [site('no url', 'no url')] },
  ],
  [
    { type: 'open_page', url: null },
    { queries: [], sources: [] },
  ],
  [undefined, { queries: [], sources: [] }],
])('a web search is a task that loads and completes: %j', async (action, task) => {
  expect(await collect([...rawAdded(webSearch()), ...rawDone(webSearch(action))], { tasks })).toStrictEqual([
    begun({ type: 'web_search', queries: [], sources: [] }),
    ended({ type: 'web_search', ...task }),
  ]);
});

test('a file search shows each file once', async () => {
  const results = [{ filename: 'a.pdf' }, { filename: 'a.pdf' }, {}, { filename: 'b.pdf' }];
  const events = await collect([...rawAdded(fileSearch([])), ...rawDone(fileSearch(['apples', 'pears'], results))], {
    tasks,
  });
  expect(events).toStrictEqual([
    begun({ type: 'file', sources: [] }),
    ended({
      type: 'file',
      title: 'apples, pears',
      sources: [
        { type: 'file', title: 'a.pdf', filename: 'a.pdf' },
        { type: 'file', title: 'b.pdf', filename: 'b.pdf' },
      ],
    }),
  ]);
});

test.each([
  ['the raw event', [...rawAdded(called('look')), runCalled('look')]],
  ['the run item, of models without raw events', [runCalled('look')]],
])('a function call with a title is a task from %s on', async (_from, steps: RunStreamEvent[]) => {
  const task = { type: 'custom', title: 'Looking it up' };
  expect(await collect([...steps, returned, returned], { tasks })).toStrictEqual([begun(task), ended(task)]);
});

test('calls that run at once each complete their own task', async () => {
  const events = await collect(
    [...rawAdded(webSearch()), ...rawAdded(called('look')), returned, ...rawDone(webSearch())],
    { tasks },
  );
  const look = { type: 'custom', title: 'Looking it up' };
  expect(events.slice(1)).toStrictEqual([
    update('wf:1', { type: 'workflow.task.added', task_index: 1, task: { status_indicator: 'loading', ...look } }),
    ended(look, 1),
    ended({ type: 'web_search', queries: [], sources: [] }),
  ]);
});

test('only what was asked for is shown', async () => {
  const all = [webSearch(), fileSearch([]), called('look'), { type: 'mcp_call', id: 'mcp_1' }];
  const steps = [...all.flatMap((item) => rawAdded(item).concat(rawDone(item))), runCalled('look'), returned];
  expect(await collect(steps)).toEqual([]);
  expect(await collect(steps, { tasks: { webSearch: false, functionCall: () => undefined } })).toEqual([]);
  expect(await collect(steps, { tasks: { fileSearch: true } })).toHaveLength(2);
});

async function* outlasting() {
  yield* rawAdded(called('look'));
  // The answer begins while the tool runs.
  yield* rawAdded(message('msg_a'));
  yield* rawDone(message('msg_a'));
  yield returned;
}

test('a call that outlasts its workflow is completed in the stored one', async () => {
  const { context, items } = await makeAgentContext();
  const { store, requestContext, thread } = context;
  const { signal } = requestContext;
  const events = persist(() => streamAgentResponse(context, outlasting(), { tasks }), {
    store,
    context: requestContext,
    thread,
    signal,
    onCancelled: () => Promise.resolve(),
    reportError: (error) => {
      throw error;
    },
  });
  const types = (await Array.fromAsync(events)).map(({ type }) => type);
  expect(types).toEqual([
    'thread.item.added',
    'thread.item.done',
    'thread.item.added',
    'thread.item.done',
    'thread.item.replaced',
  ]);
  expect(await items()).toMatchObject([
    { type: 'workflow', workflow: { tasks: [{ status_indicator: 'complete' }], summary: { duration: 0 } } },
    { type: 'assistant_message' },
  ]);
});
