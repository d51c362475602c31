import { Agent, Runner, tool } from '@openai/agents';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createOpenAIModel } from '../../../server/agent/openai-model.ts';
import { type ChatCompletionsDialect, startChatCompletionsUpstream } from '../../fakes/chat-completions-upstream.ts';
import type { Step } from '../../fakes/script.ts';
import type { Upstream } from '../../fakes/upstream.ts';

let upstream: Upstream | undefined;
afterEach(() => upstream?.close());

const asked: string[] = [];
const weather = tool({
  name: 'weather',
  description: 'The weather of a city.',
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => {
    asked.push(city);
    return `Sunny in ${city}.`;
  },
});

/** Begins a run against an endpoint of this dialect. */
async function start(dialect: ChatCompletionsDialect, steps: Step[], signal?: AbortSignal) {
  upstream = await startChatCompletionsUpstream(dialect);
  upstream.steps.push(...steps);
  asked.length = 0;
  const model = createOpenAIModel({ openaiBaseUrl: upstream.baseUrl }, 'chat_completions', 'fake');
  const agent = new Agent({
    name: 'A',
    instructions: 'Help.',
    model,
    tools: [weather],
    modelSettings: { store: false },
  });
  const question = ['Hello!', 'What is the weather?'].map((content) => ({ role: 'user' as const, content }));
  const result = await new Runner({ tracingDisabled: true }).run(agent, question, {
    stream: true,
    ...(signal && { signal }),
  });
  return { result, requests: upstream.requests };
}

/** Runs to the end: what it ends with, and the messages that the endpoint was sent, round for round. */
async function run(dialect: ChatCompletionsDialect, ...steps: Step[]) {
  const { result, requests } = await start(dialect, steps);
  let text = '';
  for await (const delta of result.toTextStream()) text += delta;
  await result.completed;
  return { text, output: result.finalOutput, messages: requests.map(({ body }) => body['messages']) };
}

const DIALECTS: [string, ChatCompletionsDialect][] = [
  ['as OpenAI does', {}],
  ['without usage and [DONE]', { withoutUsage: true, withoutDone: true }],
  ['without an id', { id: null }],
  ['with the same id for everything', { id: 'chatcmpl-1' }],
  ['taking no field that it does not know', { refusedFields: ['store', 'stream_options'] }],
  ['refusing two turns of a user in a row', { strictTurns: true }],
];

test.each(DIALECTS)('an endpoint that speaks %s is understood', async (_name, dialect) => {
  const { text, output, messages } = await run(dialect, { answer: ['It is ', 'sunny.'] });
  expect([text, output, messages.length]).toStrictEqual(['It is sunny.', 'It is sunny.', 1]);
});

test('a call and its output go back in the next round', async () => {
  const { output, messages } = await run(
    { strictTurns: true },
    { answer: ['Let me look.', { call: 'weather', arguments: { city: 'Rome' } }] },
    { answer: ['Sunny.'] },
  );
  expect(output).toBe('Sunny.');
  expect(asked).toStrictEqual(['Rome']);
  const call = { id: expect.stringMatching(/^call_/), type: 'function' };
  expect(messages[1]).toStrictEqual([
    { role: 'system', content: 'Help.' },
    { role: 'user', content: 'Hello!\n\nWhat is the weather?' },
    {
      role: 'assistant',
      content: 'Let me look.',
      tool_calls: [{ ...call, function: { name: 'weather', arguments: '{"city":"Rome"}' } }],
    },
    { role: 'tool', tool_call_id: call.id, content: 'Sunny in Rome.' },
  ]);
});

test.each([
  ['no id', ''],
  ['the same id', 'call_0'],
])('every call is answered once when the endpoint gives calls %s', async (_name, callId) => {
  const { output, messages } = await run(
    { callId },
    {
      answer: [
        { call: 'weather', arguments: { city: 'Rome' } },
        { call: 'weather', arguments: { city: 'Oslo' } },
      ],
    },
    { answer: [{ call: 'weather', arguments: { city: 'Lima' } }] },
    { answer: ['Sunny.'] },
  );
  expect(output).toBe('Sunny.');
  expect(asked).toStrictEqual(['Rome', 'Oslo', 'Lima']);
  const last = messages[2] as { role: string; tool_calls?: { id: string }[]; tool_call_id?: string; content: string }[];
  const calls = last.flatMap(({ tool_calls = [] }) => tool_calls.map(({ id }) => id));
  const answers = last.flatMap(({ tool_call_id, content }) => (tool_call_id ? [[tool_call_id, content]] : []));
  expect(new Set(calls).size).toBe(3);
  expect(answers).toStrictEqual([
    [calls[0], 'Sunny in Rome.'],
    [calls[1], 'Sunny in Oslo.'],
    [calls[2], 'Sunny in Lima.'],
  ]);
});

test.each(['reasoning_content', 'reasoning'] as const)(
  'thoughts are passed on as they come, in %s',
  async (thoughts) => {
    const stop = new AbortController();
    const { result } = await start({ thoughts }, [{ stallAfter: [{ thought: ['Let me ', 'see.'] }] }], stop.signal);
    let seen = '';
    for await (const event of result) {
      if (event.type !== 'raw_model_stream_event' || event.data.type !== 'model') continue;
      const { choices } = event.data.event as { choices: { delta: Record<string, string> }[] };
      seen += choices[0]?.delta[thoughts] ?? '';
      if (seen === 'Let me see.') stop.abort();
    }
    expect(seen).toBe('Let me see.');
  },
);

test('an answer without a reason to end is tried again before its first token', async () => {
  const { output, messages } = await run({}, { endAfter: [] }, { answer: ['Sunny.'] });
  expect([output, messages.length]).toStrictEqual(['Sunny.', 2]);
});

test('an answer that was cut at its greatest length is kept', async () => {
  expect((await run({}, { answer: ['It is'], incomplete: 'length' })).output).toBe('It is');
});
