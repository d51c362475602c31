import { Agent, type AgentInputItem, Runner } from '@openai/agents';
import { assistantMessage, ScriptedModel } from '@openai/agents/testing';
import { expect, test } from 'vitest';
import type { ClientToolCallItem, ThreadItem, UserMessageItem } from '../../../../protocol/item.ts';
import {
  type AgentInput,
  type AgentInputContent,
  ThreadItemConverter,
  type UserMessageTag,
} from '../../../../server/chatkit/agents/thread-item-converter.ts';

const base = { id: 'x_1', thread_id: 'thr_1', created_at: '2026-01-01T00:00:00Z' };
const converter = new ThreadItemConverter();

function said(text: string, more: Partial<UserMessageItem> = {}): UserMessageItem {
  const content = [{ type: 'input_text' as const, text }];
  return { ...base, type: 'user_message', content, attachments: [], inference_options: {}, ...more };
}
const answered = (...texts: string[]): ThreadItem => ({
  ...base,
  type: 'assistant_message',
  content: texts.map((text) => ({
    type: 'output_text',
    text,
    annotations: [{ type: 'annotation', source: { type: 'file', title: 'a', filename: 'a' } }],
  })),
});
const tag = (id: string, text: string): UserMessageTag => ({
  type: 'input_tag',
  id,
  text,
  data: { secret: null },
  interactive: false,
});

const text = (words: string) => ({ type: 'input_text', text: words });
const user = (...content: object[]) => ({ type: 'message', role: 'user', content });
const thought = { type: 'thought' as const, status_indicator: 'none' as const, content: 'hm' };
const custom = { type: 'custom' as const, status_indicator: 'none' as const };

const cases: [string, ThreadItem, object[]][] = [
  ['a user message', said('Hi'), [user(text('Hi'))]],
  ['an empty user message', said(''), []],
  [
    'an assistant message, without annotations',
    answered('One', 'Two'),
    [
      {
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [
          { type: 'output_text', text: 'One' },
          { type: 'output_text', text: 'Two' },
        ],
      },
    ],
  ],
  ['an assistant message that says nothing', answered(), []],
  [
    'a widget',
    { ...base, type: 'widget', widget: { type: 'Card', children: [] } },
    [user(text('The user was shown the widget "x_1": {"type":"Card","children":[]}'))],
  ],
  [
    'a task',
    { ...base, type: 'task', task: { ...custom, title: 'Book', content: 'Room 1' } },
    [user(text('The user was shown that this was done: Book: Room 1'))],
  ],
  ['a task without words', { ...base, type: 'task', task: { ...custom, title: '' } }, []],
  ['a thought', { ...base, type: 'task', task: thought }, []],
  [
    'a workflow',
    {
      ...base,
      type: 'workflow',
      workflow: {
        type: 'custom',
        tasks: [{ ...custom, title: 'A' }, thought, { ...custom, content: 'B' }],
        expanded: false,
      },
    },
    [user(text('The user was shown that this was done: A')), user(text('The user was shown that this was done: B'))],
  ],
  [
    'hidden context',
    { ...base, type: 'hidden_context_item', content: 'Order 7' },
    [user(text('Context that the user does not see: Order 7'))],
  ],
  [
    'hidden context of the SDK',
    { ...base, type: 'sdk_hidden_context', content: 'Stopped' },
    [user(text('Context that the user does not see: Stopped'))],
  ],
  [
    'structured input',
    {
      ...base,
      type: 'structured_input',
      status: 'answered',
      inputs: [
        { type: 'freeform', id: '1', question: 'Name?', answer: { values: ['Ada', 'Lovelace'], skipped: false } },
        { type: 'freeform', id: '2', question: 'Age?', answer: { values: [], skipped: true } },
        { type: 'multiple_choice', id: '3', question: 'Size?', options: [], multiple: false },
      ],
    },
    [
      user(
        text(
          'The user was asked questions, which are answered:\n- Name?: Ada, Lovelace\n- Age?: skipped\n- Size?: unanswered',
        ),
      ),
    ],
  ],
  [
    'a generated image',
    { ...base, type: 'generated_image', image: { id: 'ig', url: 'https://i.example/1' } },
    [user(text('The user was shown this generated image:'), { type: 'input_image', image: 'https://i.example/1' })],
  ],
  ['an image that was not made', { ...base, type: 'generated_image' }, []],
  ['the end of a turn', { ...base, type: 'end_of_turn' }, []],
];
test.each(cases)('%s', async (_what, item, input) => {
  expect(await converter.toAgentInput(item)).toStrictEqual(input);
});

const call = (more: Pick<ClientToolCallItem, 'status' | 'output'>): ThreadItem => ({
  ...base,
  type: 'client_tool_call',
  call_id: 'call_1',
  name: 'pick',
  arguments: { n: null },
  ...more,
});

test.each([
  [{ output: { colour: 'red' } }, '{"colour":"red"}'],
  [{ output: 'red' }, '"red"'],
  [{ output: null }, 'null'],
  [{}, 'null'],
])('a client tool call is a call and its result: %j', async (more, output) => {
  expect(await converter.toAgentInput(call({ status: 'completed', ...more }))).toStrictEqual([
    { type: 'function_call', status: 'completed', callId: 'call_1', name: 'pick', arguments: '{"n":null}' },
    { type: 'function_call_result', status: 'completed', callId: 'call_1', name: 'pick', output },
  ]);
});

test('a pending client tool call gives nothing', async () => {
  expect(await converter.toAgentInput([said('Hi'), call({ status: 'pending' })])).toStrictEqual([user(text('Hi'))]);
});

test('what is quoted goes with the last message of the user, whatever comes after it', async () => {
  const quoted = { quoted_text: 'so "they" say' };
  const items = [said('First', quoted), answered('One'), said('Second', quoted), call({ status: 'completed' })];
  const input = await converter.toAgentInput(items);
  expect(input.filter((item) => 'role' in item && item.role === 'user')).toStrictEqual([
    user(text('First')),
    user(text('Second')),
    user(text('The user\'s message above is about these quoted words: "so \\"they\\" say"')),
  ]);
});

test('attachments, tags and hidden objects need a hook that says what they are', async () => {
  const file = { type: 'file' as const, id: 'atc_1', name: 'a.txt', mime_type: 'text/plain' };
  await expect(converter.toAgentInput(said('Hi', { attachments: [file] }))).rejects.toThrow(
    'override ThreadItemConverter.attachment to give attachments such as atc_1 to a model',
  );
  await expect(converter.toAgentInput(said('Hi', { content: [tag('tag_1', 'Ada')] }))).rejects.toThrow(
    'override ThreadItemConverter.tag to tell a model what mentions such as tag_1 stand for',
  );
  const hidden: ThreadItem = { ...base, type: 'hidden_context_item', content: { order: 7 } };
  await expect(converter.toAgentInput(hidden)).rejects.toThrow(
    'override ThreadItemConverter.hiddenContext for content such as that of x_1, which is no string',
  );
});

class OwnConverter extends ThreadItemConverter {
  protected override async attachment({ name }: { name: string }): Promise<AgentInputContent> {
    return { type: 'input_file', file: 'data:text/plain,a', filename: name };
  }
  protected override async tag({ id, text: name }: UserMessageTag): Promise<AgentInputContent> {
    return { type: 'input_text', text: `${name} is ${id}` };
  }
  protected override async widget(): Promise<AgentInput> {
    return null;
  }
  protected override async endOfTurn(): Promise<AgentInput> {
    const end: AgentInputItem = { role: 'user', content: 'end' };
    return [end, end];
  }
}

test('attachments follow the words; each mention is explained once', async () => {
  const file = { type: 'file' as const, id: 'atc_1', name: 'a.txt', mime_type: 'text/plain' };
  const content = [{ type: 'input_text' as const, text: 'Ask ' }, tag('1', 'Ada'), tag('2', 'Ada'), tag('3', 'Bob')];
  const input = await new OwnConverter().toAgentInput(said('', { content, attachments: [file], quoted_text: 'q' }));
  expect(input).toStrictEqual([
    user(text('Ask @Ada@Ada@Bob'), { type: 'input_file', file: 'data:text/plain,a', filename: 'a.txt' }),
    user(text('The user\'s message above is about these quoted words: "q"')),
    user(text('What the @-mentions in the message above stand for:'), text('Ada is 1'), text('Bob is 3')),
  ]);
});

test('a hook may give nothing or many', async () => {
  const items: ThreadItem[] = [
    { ...base, type: 'widget', widget: { type: 'Card' } },
    { ...base, type: 'end_of_turn' },
  ];
  expect(await new OwnConverter().toAgentInput(items)).toEqual([
    { role: 'user', content: 'end' },
    { role: 'user', content: 'end' },
  ]);
});

test('a run takes all of it as its input', async () => {
  const model = new ScriptedModel([[assistantMessage('Fine')]]);
  const items = [...cases.map(([, item]) => item), call({ status: 'completed', output: 1 })];
  const input = await converter.toAgentInput(items);
  await new Runner({ tracingDisabled: true }).run(new Agent({ name: 'Test', model }), input);
  expect(model.lastCall?.request.input).toEqual(input);
});
