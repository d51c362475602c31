import { expect, test } from 'vitest';
import { PlainClient } from '../../../server/agent/plain-client.ts';

type Body = Parameters<PlainClient['chat']['completions']['create']>[0];

/** The body as it would leave for this endpoint. */
async function bodyFor(baseURL: string, messages: Body['messages']): Promise<Record<string, unknown>> {
  let sent = '';
  const client = new PlainClient({
    apiKey: 'k',
    baseURL,
    fetch: async (_url, init) => {
      sent = await new Response(init?.body as BodyInit).text();
      return Response.json({ choices: [] });
    },
  });
  await client.chat.completions.create({
    model: 'm',
    store: false,
    stream: true,
    stream_options: { include_usage: true },
    messages,
  });
  return JSON.parse(sent) as Record<string, unknown>;
}

const text = (words: string) => ({ type: 'text' as const, text: words });
const picture = { type: 'image_url' as const, image_url: { url: 'data:image/png;base64,QUE=' } };

test('what only OpenAI knows is said to OpenAI alone', async () => {
  for (const url of ['https://api.openai.com/v1', 'https://eu.api.openai.com/v1'])
    expect(await bodyFor(url, [])).toMatchObject({ store: false, stream_options: { include_usage: true } });
  for (const url of ['https://api.mistral.ai/v1', 'https://notopenai.com/v1', 'https://api.openai.com.example/v1'])
    expect(await bodyFor(url, [])).toStrictEqual({ model: 'm', stream: true, messages: [] });
});

test('text is one string a message, and turns of a user are one message', async () => {
  const { messages } = await bodyFor('http://127.0.0.1/v1', [
    { role: 'system', content: [text('Be kind.')] },
    { role: 'user', content: [text('The page: '), text('{}')] },
    { role: 'user', content: 'Why, ' },
    { role: 'user', content: [text('really?')] },
    { role: 'assistant', content: [text('Let me '), text('look.')], tool_calls: [] },
    { role: 'tool', tool_call_id: 'a', content: '1' },
    { role: 'user', content: [text('And?')] },
  ]);
  expect(messages).toStrictEqual([
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: 'The page: {}\n\nWhy, \n\nreally?' },
    { role: 'assistant', content: 'Let me look.', tool_calls: [] },
    { role: 'tool', tool_call_id: 'a', content: '1' },
    { role: 'user', content: 'And?' },
  ]);
});

test('what is not text stays as it is', async () => {
  const refusal = { type: 'refusal' as const, refusal: 'No.' };
  const { messages } = await bodyFor('http://127.0.0.1/v1', [
    { role: 'user', content: 'What is this?' },
    { role: 'user', content: [text('Look: '), picture] },
    { role: 'assistant', content: null },
    { role: 'assistant', content: [refusal] },
  ]);
  expect(messages).toStrictEqual([
    { role: 'user', content: [text('What is this?'), text('Look: '), picture] },
    { role: 'assistant', content: null },
    { role: 'assistant', content: [refusal] },
  ]);
});
