import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ThreadStreamEvent } from '../../protocol/event.ts';
import { startChatCompletionsUpstream } from '../fakes/chat-completions-upstream.ts';
import type { Upstream } from '../fakes/upstream.ts';
import { openSession } from './site-client.ts';
import { type Stack, startStack } from './stack.ts';

let upstream: Upstream;
let stack: Stack;
beforeAll(async () => {
  // As strict and as sparing as such endpoints get.
  upstream = await startChatCompletionsUpstream({
    id: null,
    withoutDone: true,
    withoutUsage: true,
    strictTurns: true,
    refusedFields: ['store', 'stream_options'],
  });
  stack = await startStack({
    OPENAI_BASE_URL: upstream.baseUrl,
    MODEL: 'llama',
    MODEL_API: 'chat_completions',
    TRANSCRIBE_MODEL: 'whisper-small',
  });
});
afterAll(async () => {
  await stack.close();
  await upstream.close();
});

test('an endpoint that speaks Chat Completions answers, names the thread, and writes down what is dictated', async () => {
  expect(stack.output()).toContain(`Model         llama at ${new URL(upstream.baseUrl).host}, Chat Completions API\n`);
  upstream.title = 'Ripe plums';
  upstream.steps.push({ answer: ['In ', 'August.'] });
  upstream.transcripts.push({ text: 'When are plums ripe?' });
  const client = await openSession(stack);

  const spoken = await client.post({
    type: 'input.transcribe',
    params: { audio_base64: btoa('sound'), mime_type: 'audio/webm;codecs=opus' },
  });
  const { text } = (await spoken.json()) as { text: string };
  expect(text).toBe('When are plums ripe?');

  const events: ThreadStreamEvent[] = [];
  for await (const event of await client.ask(text)) events.push(event);
  const answer = events.flatMap((event) => (event.type === 'thread.item.done' ? [event.item] : [])).at(-1);
  expect(answer).toMatchObject({ type: 'assistant_message', content: [{ text: 'In August.' }] });
  await expect
    .poll(async () => {
      const threads = await client.post({ type: 'threads.list', params: {} });
      return await threads.json();
    })
    .toMatchObject({ data: [{ title: 'Ripe plums' }] });
  expect(upstream.requests.map(({ path, body }) => [path, body['model']])).toStrictEqual([
    ['/v1/audio/transcriptions', 'whisper-small'],
    ['/v1/chat/completions', 'llama'],
    ['/v1/chat/completions', 'llama'],
  ]);
});
