import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ThreadItem } from '../../protocol/item.ts';
import type { Page } from '../../protocol/thread.ts';
import { openSession, type SiteClient } from './site-client.ts';
import { type Stack, startStack } from './stack.ts';

const ROUNDS = 50;
const VISITORS_AT_ONCE = 3;
const LONGEST_LIFE_MS = 60;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

test('50 times killed at a random moment after an acknowledgement, the server has every acknowledged message', async () => {
  const acknowledged = new Map<string, string>();
  let visitorToken: string | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const client = await openSession(stack, visitorToken);
    visitorToken = client.visitorToken;
    const lives = Array.from({ length: VISITORS_AT_ONCE }, () => askUntilCut(client, round, acknowledged));
    await Promise.race(lives.map(({ first }) => first));
    // The random moment is what is tested.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST_LIFE_MS));
    await stack.kill();
    await Promise.all(lives.map(({ cut }) => cut));
    await stack.restart();
  }
  expect(acknowledged.size).toBeGreaterThanOrEqual(ROUNDS);
  const client = await openSession(stack, visitorToken);
  for (const [itemId, threadId] of acknowledged) {
    const response = await client.post({ type: 'items.list', params: { thread_id: threadId, order: 'asc' } });
    const { data } = (await response.json()) as Page<ThreadItem>;
    expect(data.map(({ id }) => id)).toContain(itemId);
  }
}, 240_000);

/** Asks again and again, and notes each message that the server announced as stored, until the connection breaks. */
function askUntilCut(client: SiteClient, round: number, acknowledged: Map<string, string>) {
  const { promise: first, resolve } = Promise.withResolvers<void>();
  const run = async (): Promise<void> => {
    for (;;)
      for await (const event of await client.ask(`Question of round ${round}`))
        if (event.type === 'thread.item.done' && event.item.type === 'user_message') {
          acknowledged.set(event.item.id, event.item.thread_id);
          resolve();
        }
  };
  return { first, cut: run().catch(() => resolve()) };
}
