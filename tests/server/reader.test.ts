import { once } from 'node:events';
import { request } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PagewiseServerDeps } from '../../server/pagewise-server.ts';
import { ORIGIN } from './auth/make-auth.ts';
import { answer, CREATE, delta } from './chatkit/scripted-server.ts';
import { makeApp } from './make-app.ts';

// What a reader does to a turn through a real socket: only there have bytes a place to pile up.

let respond: PagewiseServerDeps['respond'];
let stack: Awaited<ReturnType<typeof makeApp>>;
let server: ReturnType<typeof createAdaptorServer>;
let port: number;

beforeAll(async () => {
  stack = await makeApp((...args) => respond(...args));
  server = createAdaptorServer({ fetch: stack.app.fetch });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  port = address.port;
});
afterAll(async () => {
  server.close();
  await stack.close();
});

async function open(token: string) {
  const sent = request({
    port,
    path: '/chatkit',
    method: 'POST',
    headers: { origin: ORIGIN, authorization: `Bearer ${token}` },
  });
  sent.on('error', () => {});
  sent.end(JSON.stringify(CREATE));
  const [response] = (await once(sent, 'response')) as [import('node:http').IncomingMessage];
  response.on('error', () => {});
  return { sent, response };
}

async function storedAnswers(token: string): Promise<string> {
  const list = await stack.post('/chatkit', token, { type: 'threads.list', params: {} });
  const { data } = (await list.json()) as { data: { id: string }[] };
  const items = { type: 'items.list', params: { thread_id: data[0]?.id } };
  return (await stack.post('/chatkit', token, items)).text();
}

test('one that hangs up ends the answer, and what was said is kept', async () => {
  const token = await stack.session();
  const ended = Promise.withResolvers<void>();
  respond = async function* ({ id }, _item, { signal }) {
    yield { type: 'thread.item.added', item: answer(id, 'msg_hung', 'Half an answer') };
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    ended.resolve();
  };
  const { sent, response } = await open(token);
  await once(response, 'data');
  sent.destroy();
  await ended.promise;
  await stack.turns.settled();
  expect(await storedAnswers(token)).toContain('Half an answer');
});

test('one that stops reading holds up nothing and is dropped', async () => {
  const token = await stack.session();
  let made = 0;
  respond = async function* ({ id }, _item, { signal }) {
    yield { type: 'thread.item.added', item: answer(id, 'msg_slow', 'Endless') };
    // Each event leaves the loop free once, as a model's would, so that the socket can take what it wants.
    for (; !signal.aborted && made < 100_000; made += 1) {
      yield delta('msg_slow', 'x'.repeat(1_000));
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const { sent, response } = await open(token);
  response.pause();
  await stack.turns.settled();
  sent.destroy();
  expect(made).toBeLessThan(100_000);
  expect(await storedAnswers(token)).toContain('Endless');
});
