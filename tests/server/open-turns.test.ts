import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ThreadStreamEvent } from '../../protocol/event.ts';
import { decodeSse } from '../../protocol/sse.ts';
import { makeSite, ORIGIN } from './auth/make-auth.ts';
import { CREATE } from './chatkit/scripted-server.ts';
import { makeApp } from './make-app.ts';

// An answer that is under way ends with the right that it began with, and what it said is kept.

let stack: Awaited<ReturnType<typeof makeApp>>;

beforeAll(async () => {
  stack = await makeApp(async function* ({ id }, _, { signal }) {
    const created_at = new Date().toISOString();
    const item = { id: `msg_${id}`, thread_id: id, created_at, type: 'assistant_message' as const, content: [] };
    const part = { type: 'output_text' as const, text: 'So far', annotations: [] };
    yield { type: 'thread.item.added', item: { ...item, content: [part] } };
    // As long as anybody listens.
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  });
});
afterAll(() => stack.close());

/** Begins an answer; resolves once its first words have come. */
async function begin(session: string) {
  const response = await stack.post('/chatkit', session, CREATE);
  if (!response.body) throw new Error('no body');
  const events = decodeSse(response.body)[Symbol.asyncIterator]();
  const seen: ThreadStreamEvent[] = [];
  while (seen.at(-1)?.type !== 'thread.item.added') {
    const { value, done } = await events.next();
    if (done) throw new Error('it ended before the answer');
    seen.push(value);
  }
  const rest = async (): Promise<string[]> =>
    (await Array.fromAsync({ [Symbol.asyncIterator]: () => events })).map(({ type }) => type);
  return { rest };
}

const end = (session: string) =>
  stack.app.request('/v1/session', {
    method: 'DELETE',
    headers: { origin: ORIGIN, authorization: `Bearer ${session}` },
  });

test('B28 who logs out ends the own answers, and no one else’s', async () => {
  const [mine, other] = [await stack.session(), await stack.session()];
  const [first, second, theirs] = [await begin(mine), await begin(mine), await begin(other)];
  const response = await end(mine);
  expect(response.status).toBe(204);
  expect(await response.text()).toBe('');
  for (const { rest } of [first, second]) expect((await rest()).at(-1)).toBe('error');
  await end(other);
  expect((await theirs.rest()).at(-1)).toBe('error');
  expect((await end(mine)).status).toBe(401);
});

test('A38 a site that is suspended, or whose sessions were ended, has no answers any more when they are checked', async () => {
  for (const [name, change] of [
    ['suspended', { settings: { ...makeSite().settings, suspended: true } }],
    ['another epoch', { epoch: 7 }],
  ] as const) {
    const session = await stack.session();
    const { rest } = await begin(session);
    await stack.turns.endUnentitled();
    await stack.sites.ensure(makeSite(change));
    await stack.turns.endUnentitled();
    expect((await rest()).at(-1), name).toBe('error');
    expect((await stack.post('/chatkit', session, CREATE)).status, name).toBe(401);
    await stack.sites.ensure(makeSite({ epoch: 'epoch' in change ? change.epoch : 0 }));
  }
});

test('an answer goes on while its right is there, and while nobody can say', async () => {
  const session = await stack.session();
  const { rest } = await begin(session);
  await stack.turns.endUnentitled();
  stack.disk.failure = new Error('away');
  await stack.turns.endUnentitled();
  delete stack.disk.failure;
  await end(session);
  // One thing came: the end that was asked for.
  expect(await rest()).toEqual(['error']);
});
