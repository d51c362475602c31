import { readdir, utimes } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ThreadStreamEvent } from '../../protocol/event.ts';
import type { Attachment } from '../../protocol/item.ts';
import { openSession, type SiteClient } from './site-client.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

async function announce(client: SiteClient, size: number): Promise<Attachment> {
  const params = { name: 'lease.txt', size, mime_type: 'text/plain' };
  return (await (await client.post({ type: 'attachments.create', params })).json()) as Attachment;
}

function uploadOf({ upload_descriptor }: Attachment) {
  if (!upload_descriptor) throw new Error('nothing to upload to');
  return upload_descriptor;
}

async function files(): Promise<string[]> {
  const entries = await readdir(join(stack.dataDir, 'files'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

test('a file is uploaded, sent, quoted, still there after a power cut, and gone with its thread', async () => {
  const text = 'The rent is 900 euro a month.\n\nNotice must be given three months before the end.\n';
  const client = await openSession(stack);
  const made = await announce(client, text.length);
  const { url, method, headers } = uploadOf(made);
  expect((await fetch(url, { method, headers, body: text })).status).toBe(200);

  const events: ThreadStreamEvent[] = await Array.fromAsync(await client.ask('How long is the notice?', [made.id]));
  const answer = events.findLast((event) => event.type === 'thread.item.done')?.item;
  if (answer?.type !== 'assistant_message') throw new Error('no answer');
  expect(answer.content[0]?.text).toContain('> Notice must be given three months before the end.');
  expect(answer.content[0]?.annotations.map(({ source }) => source)).toMatchObject([
    { type: 'file', filename: 'lease.txt' },
  ]);

  // An upload that the power cut finds half-way.
  const half = uploadOf(await announce(client, 1_000));
  const sent = request(half.url, { method: half.method, headers: half.headers });
  sent.on('error', () => {});
  sent.write('half of it');
  await vi.waitFor(async () => expect(await files()).toHaveLength(2));
  await stack.kill();
  for (const path of await files()) await utimes(path, 1_000, 1_000);
  await stack.restart();
  await vi.waitFor(async () => expect(await files()).toHaveLength(1));

  const again = await openSession(stack, client.visitorToken);
  expect(await (await again.get(`/v1/files/${made.id}`)).text()).toBe(text);
  const stranger = await openSession(stack);
  expect((await stranger.get(`/v1/files/${made.id}`)).status).toBe(404);

  await again.post({ type: 'threads.delete', params: { thread_id: answer.thread_id } });
  expect((await again.get(`/v1/files/${made.id}`)).status).toBe(404);
  expect(await files()).toEqual([]);
}, 60_000);
