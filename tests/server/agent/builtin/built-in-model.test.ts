import { Agent, Runner } from '@openai/agents';
import { expect, test } from 'vitest';
import { BuiltInModel } from '../../../../server/agent/builtin/built-in-model.ts';
import { writeModelInput } from '../../../../server/agent/model-input.ts';
import { toPassages } from '../../../../server/agent/passages.ts';

const TEXT = `# Ferry guide

The ferry crosses the bay every day of the year.

## Fares

| Ticket | Adult | Child |
| --- | --- | --- |
| Single | €4 | €2 |
| Return | €7 | €3 |

## Bicycles

To book a place for a bicycle, run:

\`\`\`
ferry book --bike
\`\`\`

## 行李

每位乘客可以免费携带一件二十公斤以内的行李。

## 忘れ物

忘れ物は港の窓口で 30 日間保管します。`;

const runner = new Runner({ tracingDisabled: true });

async function ask(question: string, signal?: AbortSignal): Promise<{ text: string; deltas: string[] }> {
  const input = writeModelInput({
    question,
    page: {
      url: 'https://ferry.example/',
      title: 'Ferry guide',
      description: 'All about the ferry.',
      headings: [],
      lang: 'en',
    },
    passages: toPassages(TEXT),
    files: [],
    history: [{ from: 'visitor', text: 'How much is a return ticket?' }],
  });
  const agent = new Agent({ name: 'a', model: new BuiltInModel() });
  const run = await runner.run(agent, input, { stream: true, ...(signal && { signal }) });
  const deltas: string[] = [];
  for await (const event of run)
    if (event.type === 'raw_model_stream_event' && event.data.type === 'output_text_delta')
      deltas.push(event.data.delta);
  return { text: deltas.join(''), deltas };
}

test('a row comes as a table with its header, cited', async () => {
  const { text, deltas } = await ask('How much does a single ticket cost for adults?');
  expect(text).toContain('| Ticket | Adult | Child |\n| --- | --- | --- |\n| Single | €4 | €2 [2] |');
  expect(deltas.length).toBeGreaterThan(3);
});

test('a command comes whole with the line that introduces it, the marker outside the fence', async () => {
  const { text } = await ask('How can I book a bicycle place?');
  expect(text).toContain('> To book a place for a bicycle, run: [4]');
  expect(text).toContain('```\nferry book --bike\n```\n\n[5]');
});

test('the answer has the language of the question, also when the page has several', async () => {
  expect((await ask('可以带多重的行李？')).text).toMatch(/^页面在“行李”一节写道：\n\n> 每位乘客.*\[6\]$/s);
  expect((await ask('忘れ物は何日間保管されますか？')).text).toMatch(
    /^「忘れ物」に次のように.*30 日間保管します。 \[7\]$/s,
  );
});

test.each([
  ['Does the captain speak Portuguese?', /does not say/],
  ['船上有免税香烟卖吗？', /没有提到/],
  ['船長の名前を教えてください', /書かれていません/],
])('what the page does not say is declined without a quotation: %s', async (question, words) => {
  const { text } = await ask(question);
  expect(text).toMatch(words);
  expect(text).not.toMatch(/\[\d+\]/);
});

test('a greeting is greeted, thanks are answered, and a summary is title, description, beginning and headings', async () => {
  expect((await ask('Hello!')).text).toContain('“Ferry guide”');
  expect((await ask('谢谢')).text).toBe('不客气。');
  for (const question of ['What is this page about?', "What's on this page?", 'What can I find here?']) {
    const { text } = await ask(question);
    for (const words of ['Ferry guide', 'All about the ferry.', 'every day of the year. [1]', '- Fares', '- Bicycles'])
      expect(text).toContain(words);
  }
});

test('a follow-up borrows the words of the question before', async () => {
  expect((await ask('And for a child?')).text).toContain('| Return | €7 | €3 [3] |');
});

test('stops between two deltas when it is aborted', async () => {
  const stop = new AbortController();
  const input = writeModelInput({ question: 'Hello!', passages: [], files: [], history: [] });
  const request = { input, tools: [], signal: stop.signal } as unknown as Parameters<
    BuiltInModel['getStreamedResponse']
  >[0];
  const seen: string[] = [];
  await expect(
    (async () => {
      for await (const event of new BuiltInModel().getStreamedResponse(request)) {
        seen.push(event.type);
        if (event.type === 'output_text_delta') stop.abort();
      }
    })(),
  ).rejects.toThrow(/abort/i);
  expect(seen).toStrictEqual(['response_started', 'output_text_delta']);
});
