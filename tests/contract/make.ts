import type { AssistantMessageItem, UserMessageItem } from '../../protocol/item.ts';
import type { ThreadMetadata } from '../../protocol/thread.ts';
import type { PageRequest, Store } from '../../server/chatkit/store.ts';
import type { Context } from '../../server/context.ts';

export const T0 = '2026-11-24T10:00:00.000Z';
export const T1 = '2026-11-24T10:00:01.000Z';

/** A context of its own for each test, so that all tests can share one store. */
export function makeContext(site = `site${++count}`, owner = 'v_aaaaaaaaaaaaaaaaaaaaaa'): Context {
  return {
    site: {
      id: site,
      name: 'A site',
      origins: ['https://example.com'],
      epoch: 0,
      settings: { prompts: [], theme: 'auto', pageContext: 'page', identity: { mode: 'none' }, mcpServers: [] },
    },
    owner,
    metadata: {},
    signal: new AbortController().signal,
  };
}
let count = 0;

export function makeThread(id: string, createdAt = T0): ThreadMetadata {
  return { id, created_at: createdAt, status: { type: 'active' }, metadata: {} };
}

export function makeMessage(threadId: string, id: string, text = 'Hello', createdAt = T0): UserMessageItem {
  return {
    type: 'user_message',
    id,
    thread_id: threadId,
    created_at: createdAt,
    content: [{ type: 'input_text', text }],
    attachments: [],
    inference_options: {},
  };
}

export function makeAnswer(threadId: string, id: string, text: string, createdAt = T0): AssistantMessageItem {
  return {
    type: 'assistant_message',
    id,
    thread_id: threadId,
    created_at: createdAt,
    content: [{ type: 'output_text', text, annotations: [] }],
  };
}

/** Saves a thread with these items, which become its own, and returns its id. */
export async function seedThread(
  store: Store<Context>,
  context: Context,
  items: UserMessageItem[],
  threadId = `thr_${context.site.id}`,
): Promise<string> {
  await store.saveThread(context, makeThread(threadId));
  for (const item of items) await store.saveItem(context, threadId, { ...item, thread_id: threadId });
  return threadId;
}

/** The ids of one page of items; undefined where there is no such page. */
export async function idsOf(
  store: Store<Context>,
  context: Context,
  threadId: string,
  page: PageRequest,
): Promise<string[] | undefined> {
  return (await store.loadItems(context, threadId, page))?.data.map(({ id }) => id);
}
