import { fileSearchTool, imageGenerationTool, tool, webSearchTool } from '@openai/agents';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Annotation } from '../../../../protocol/item.ts';
import type { Step } from '../../../fakes/script.ts';
import { APIS, AT, drive, message, workflow } from './drive-model.ts';

// What an agent says reaches a reader alike, whichever API its model speaks: the real models, their real client, and
// an endpoint over HTTP. Where an API has no words for something, what comes instead is written down here.

const thought = (content: string) => ({ status_indicator: 'none', type: 'thought', content });
const clockTask = (status_indicator: string) => ({ status_indicator, type: 'custom', title: 'Looking at the clock' });
const image = (base64: string) => ({ id: 'item 2', url: `data:image/png;base64,${base64}` });
/** An update of the first item. */
const updated = (update: object) => ({ type: 'thread.item.updated', item_id: 'item 1', update });

describe.each(APIS)('behind %s', (api) => {
  test('text streams, delta for delta', async () => {
    const { events, error } = await drive(api, [{ answer: ['Hi', ' there', '!'] }]);
    expect(events).toStrictEqual(message('item 1', 'Hi', ' there', '!'));
    expect(error).toBeUndefined();
  });

  test('a tool is called between two messages, and its output goes back', async () => {
    const cities: string[] = [];
    const weather = tool({
      name: 'weather',
      description: 'The weather of a city.',
      parameters: z.object({ city: z.string() }),
      execute: ({ city }) => {
        cities.push(city);
        return `Sunny in ${city}.`;
      },
    });
    const steps: Step[] = [
      { answer: ['Let me look.', { call: 'weather', arguments: { city: 'Rome' } }] },
      { answer: ['Sun', 'ny.'] },
    ];
    const { events, requests } = await drive(api, steps, { tools: [weather] });
    expect(events).toStrictEqual([...message('item 1', 'Let me look.'), ...message('item 2', 'Sun', 'ny.')]);
    expect(cities).toStrictEqual(['Rome']);
    expect(requests).toHaveLength(2);
    expect(JSON.stringify(requests[1]?.body)).toContain('Sunny in Rome.');
  });

  test('a call is a task where the server gives it a title', async () => {
    const now = tool({ name: 'now', description: 'The time.', parameters: z.object({}), execute: () => 'noon' });
    const { events } = await drive(api, [{ answer: [{ call: 'now', arguments: {} }] }, { answer: ['Noon.'] }], {
      tools: [now],
      tasks: { functionCall: () => 'Looking at the clock' },
    });
    expect(events).toStrictEqual([
      { type: 'thread.item.added', item: workflow('custom', [clockTask('loading')]) },
      updated({ type: 'workflow.task.updated', task_index: 0, task: clockTask('complete') }),
      { type: 'thread.item.done', item: workflow('custom', [clockTask('complete')], { duration: 0 }) },
      ...message('item 2', 'Noon.'),
    ]);
  });

  test('a refusal streams as the words that it is', async () => {
    const { events, error } = await drive(api, [{ answer: [{ refusal: ['I can', 'not.'] }] }]);
    expect(events).toStrictEqual(message('item 1', 'I can', 'not.'));
    expect(error).toBeUndefined();
  });

  test('a citation of a page is an annotation behind the words before it', async () => {
    const page = { url: 'https://news.example/a', title: 'News' };
    const { events } = await drive(api, [{ answer: ['Rain', { cite: page }, ' and wind.', { cite: page }] }]);
    const annotation = (index: number): Annotation => ({ type: 'annotation', source: { type: 'url', ...page }, index });
    expect(events).toStrictEqual(message('item 1', 'Rain', annotation(4), ' and wind.', annotation(14)));
  });

  test('a tripped input guardrail takes back what was said meanwhile', async () => {
    const shown = Promise.withResolvers<void>();
    const { events, error } = await drive(api, [{ answer: ['Hi', ' there'] }], {
      inputGuardrails: [
        { name: 'no', execute: () => shown.promise.then(() => ({ tripwireTriggered: true, outputInfo: {} })) },
      ],
      onEvent: (event) => event.type === 'thread.item.updated' && 'delta' in event.update && shown.resolve(),
    });
    expect(error).toMatchObject({ name: 'InputGuardrailTripwireTriggered' });
    expect(events.pop()).toStrictEqual({ type: 'thread.item.removed', item_id: 'item 1' });
    // How far the model came until then is a matter of luck.
    expect(events.length).toBeGreaterThanOrEqual(3);
    expect(events).toStrictEqual(message('item 1', 'Hi', ' there').slice(0, events.length));
  });

  test('a tripped output guardrail takes back the answer', async () => {
    const { events, error } = await drive(api, [{ answer: ['The key is ', '42.'] }], {
      outputGuardrails: [{ name: 'no', execute: async () => ({ tripwireTriggered: true, outputInfo: {} }) }],
    });
    expect(error).toMatchObject({ name: 'OutputGuardrailTripwireTriggered' });
    expect(events).toStrictEqual([
      ...message('item 1', 'The key is ', '42.'),
      { type: 'thread.item.removed', item_id: 'item 1' },
    ]);
  });

  test('a connection that breaks leaves what was said open, and says so to the visitor', async () => {
    const { events, error } = await drive(api, [{ cutAfter: ['Half an', ' answer'] }]);
    expect(events).toStrictEqual(message('item 1', 'Half an', ' answer').slice(0, -2));
    expect(error).toMatchObject({ name: 'CustomStreamError', message: 'The answer broke off. Please try again.' });
  });
});

describe('behind responses', () => {
  test('thoughts are tasks of a workflow that ends where the answer begins', async () => {
    const { events } = await drive('responses', [{ answer: [{ thought: ['Let me', ' see.'] }, 'Hi'] }]);
    expect(events).toStrictEqual([
      { type: 'thread.item.added', item: workflow('reasoning', []) },
      updated({ type: 'workflow.task.added', task_index: 0, task: thought('Let me') }),
      updated({ type: 'workflow.task.updated', task_index: 0, task: thought('Let me see.') }),
      updated({ type: 'workflow.task.updated', task_index: 0, task: thought('Let me see.') }),
      { type: 'thread.item.done', item: workflow('reasoning', [thought('Let me see.')], { duration: 0 }) },
      ...message('item 2', 'Hi'),
    ]);
  });

  test('an image becomes clearer, and is one item', async () => {
    const item = { id: 'item 1', ...AT, type: 'generated_image' };
    const { events } = await drive(
      'responses',
      [{ answer: [{ image: 'REQ=', partial: ['QUE=', 'QkI='] }, 'There.'] }],
      {
        tools: [imageGenerationTool({ partialImages: 2 })],
      },
    );
    expect(events).toStrictEqual([
      { type: 'thread.item.added', item },
      updated({ type: 'generated_image.updated', image: image('QUE='), progress: 0 }),
      updated({ type: 'generated_image.updated', image: image('QkI='), progress: 0.5 }),
      { type: 'thread.item.done', item: { ...item, image: image('REQ=') } },
      ...message('item 3', 'There.'),
    ]);
  });

  test('hosted searches are tasks where they are asked for, and nothing else', async () => {
    const web = { webSearch: 'plums', found: ['https://fruit.example/plums'] };
    const files = { fileSearch: 'soups', found: ['menu.pdf'] };
    const tools = [webSearchTool(), fileSearchTool(['vs_1'])];
    const unasked = await drive('responses', [{ answer: [web, files, 'Hi'] }], { tools });
    expect(unasked.events).toStrictEqual(message('item 1', 'Hi'));

    const tasks = { webSearch: true, fileSearch: true };
    const { events } = await drive('responses', [{ answer: [web, files, 'Hi'] }], { tools, tasks });
    const page = { type: 'url', title: 'fruit.example', url: 'https://fruit.example/plums' };
    const file = { type: 'file', title: 'menu.pdf', filename: 'menu.pdf' };
    const searching = { status_indicator: 'loading', type: 'web_search', queries: [], sources: [] };
    const looking = { status_indicator: 'loading', type: 'file', sources: [] };
    const searched = {
      status_indicator: 'complete',
      type: 'web_search',
      title_query: 'plums',
      queries: ['plums'],
      sources: [page],
    };
    const looked = { status_indicator: 'complete', type: 'file', title: 'soups', sources: [file] };
    expect(events).toStrictEqual([
      { type: 'thread.item.added', item: workflow('custom', [searching]) },
      updated({ type: 'workflow.task.updated', task_index: 0, task: searched }),
      updated({ type: 'workflow.task.added', task_index: 1, task: looking }),
      updated({ type: 'workflow.task.updated', task_index: 1, task: looked }),
      { type: 'thread.item.done', item: workflow('custom', [searched, looked], { duration: 0 }) },
      ...message('item 2', 'Hi'),
    ]);
  });

  test('a citation of a file has its name', async () => {
    const { events } = await drive('responses', [{ answer: ['Soup', { cite: { file: 'menu.pdf' } }] }]);
    const source = { type: 'file' as const, title: 'menu.pdf', filename: 'menu.pdf' };
    expect(events).toStrictEqual(message('item 1', 'Soup', { type: 'annotation', source, index: 4 }));
  });
});

describe('behind chat_completions', () => {
  test.each(['reasoning_content', 'reasoning'] as const)('that it thinks is shown, not what: %s', async (thoughts) => {
    const steps: Step[] = [{ answer: [{ thought: ['Let me', ' see.'] }, 'Hi'] }];
    const { events } = await drive('chat_completions', steps, { dialect: { thoughts } });
    expect(events).toStrictEqual([
      { type: 'thread.item.added', item: workflow('reasoning', []) },
      { type: 'thread.item.done', item: workflow('reasoning', [], { duration: 0 }) },
      ...message('item 2', 'Hi'),
    ]);
  });

  test.each([
    ['images', imageGenerationTool()],
    ['web search', webSearchTool()],
    ['file search', fileSearchTool(['vs_1'])],
  ])('hosted tools are a fault of the agent, told before anything is sent: %s', async (_name, hosted) => {
    const { events, error, requests } = await drive('chat_completions', [], { tools: [hosted] });
    expect(String(error)).toContain('Hosted tools are not supported with the ChatCompletions API');
    expect([events, requests]).toStrictEqual([[], []]);
  });

  test('an answer that the endpoint filtered out is the refusal that the SDK makes of it', async () => {
    const { events } = await drive('chat_completions', [{ answer: [], incomplete: 'content_filter' }]);
    expect(events).toStrictEqual(message('item 1', "Response withheld by the provider's content filter."));
  });
});
