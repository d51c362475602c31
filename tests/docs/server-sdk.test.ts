import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeSse } from '../../protocol/sse.ts';
import { startResponsesUpstream } from '../fakes/responses-upstream.ts';
import { blocksOf, type Snippets, writeSnippets } from './snippets.ts';

// The code of docs/server-sdk.md as a reader would copy it: each block into the file that its first line names, beside
// the package, type-checked and run.

const PAGE = 'server-sdk.md';
const ROOT = join(import.meta.dirname, '..', '..');
let snippets: Snippets;
let directory: string;

beforeAll(async () => {
  snippets = await writeSnippets(PAGE);
  directory = snippets.directory;
});
afterAll(() => snippets.close());

async function run(...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, args, { cwd: directory, stdio: ['ignore', 'pipe', 'ignore'] });
  const [output, [code]] = await Promise.all([readText(child.stdout), once(child, 'exit') as Promise<[number | null]>]);
  return { code, output };
}

test('every snippet is one of those below', async () => {
  expect(await blocksOf(PAGE)).toEqual(['ts // echo-server.ts', 'ts // agent-server.ts']);
});

test('the snippets compile', { timeout: 60_000 }, async () => {
  expect(await run(join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', directory)).toEqual({
    code: 0,
    output: '',
  });
});

async function ask(url: string, request: unknown): Promise<Response> {
  return fetch(url, { method: 'POST', body: JSON.stringify(request) });
}

const input = { content: [{ type: 'input_text', text: 'Hello' }], attachments: [], inference_options: {} };

async function listen(file: string, env: Record<string, string> = {}): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [join(directory, file)], {
    env: { PATH: process.env.PATH, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const chunk of child.stdout) {
    const port = /listening on (\d+)/.exec(String(chunk))?.[1];
    if (port) return { child, url: `http://127.0.0.1:${port}` };
  }
  throw new Error('it ended before it listened');
}

async function eventsOf(response: Response) {
  if (!response.body) throw new Error('no body');
  return Array.fromAsync(decodeSse(response.body));
}

test('the first server answers, keeps the thread, and refuses with a code', { timeout: 60_000 }, async () => {
  const { child, url } = await listen('echo-server.ts');
  try {
    const events = await eventsOf(await ask(url, { type: 'threads.create', params: { input } }));
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'thread.item.done',
        item: expect.objectContaining({
          content: [{ type: 'output_text', text: 'You said: Hello', annotations: [] }],
        }) as unknown,
      }),
    );
    const list = await (await ask(url, { type: 'threads.list', params: {} })).json();
    expect(list).toMatchObject({ data: [{ title: 'Hello' }], has_more: false });
    const refused = await ask(url, { type: 'threads.get_by_id', params: { thread_id: 'thr_nope' } });
    expect(refused.status).toBe(404);
    expect(await refused.json()).toEqual({ error: { code: 'not_found', message: 'there is no such thread' } });
  } finally {
    child.kill();
  }
});

const AGENT_MAIN = `
import { serve } from '@hono/node-server';
import { createMemoryStore, parseRequest, Turn } from 'pagewise/chatkit';
import { type Context, TravelServer } from './agent-server.ts';

const store = createMemoryStore<Context>(({ userId }) => userId);
const server = new TravelServer({ store, now: () => new Date(), reportError: console.error });
const fetch = async (request: Request) => {
  const result = await server.process(parseRequest(await request.json()), { userId: 'me', signal: request.signal });
  return result instanceof Turn ? new Response(result.read()) : Response.json(result.json);
};
serve({ fetch, port: 0 }, ({ port }) => console.log('listening on ' + port));
`;

test('the agent of the second one calls its tool, shows the widget and answers the button', {
  timeout: 60_000,
}, async () => {
  const upstream = await startResponsesUpstream();
  await writeFile(join(directory, 'agent-main.ts'), AGENT_MAIN);
  upstream.steps.push({ answer: [{ call: 'find_flight', arguments: { city: 'Oslo' } }] }, { answer: ['Tomorrow.'] });
  const { child, url } = await listen('agent-main.ts', {
    OPENAI_API_KEY: 'sk-docs',
    OPENAI_BASE_URL: upstream.baseUrl,
  });
  try {
    const events = await eventsOf(await ask(url, { type: 'threads.create', params: { input } }));
    const shown = events.flatMap((event) => (event.type === 'thread.item.done' ? [event.item] : []));
    expect(events).toContainEqual({ type: 'progress_update', text: 'Looking for flights to Oslo' });
    expect(shown.map(({ type }) => type)).toEqual(['user_message', 'widget', 'assistant_message']);
    expect(shown[1]).toMatchObject({ widget: { type: 'Card', children: [{ value: 'Zurich to Oslo' }, {}, {}] } });
    expect(shown[2]).toMatchObject({ content: [{ text: 'Tomorrow.' }] });
    const params = {
      thread_id: shown[1]?.thread_id,
      item_id: shown[1]?.id,
      action: { type: 'book', payload: { city: 'Oslo' } },
    };
    expect(await eventsOf(await ask(url, { type: 'threads.custom_action', params }))).toContainEqual({
      type: 'notice',
      level: 'info',
      message: 'Booked.',
    });
  } finally {
    child.kill();
    await upstream.close();
  }
});
