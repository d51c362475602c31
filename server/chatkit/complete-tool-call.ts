import { refuse } from './errors.ts';
import type { Store } from './store.ts';

/** The reference looks at no more of the newest items for calls that nobody will answer any more. */
const LOOK_BACK = 20;

/**
 * Writes the output into the pending client tool call that the thread ends with, and drops other pending ones: their
 * turns are over, and a model must see no call without a result. Throws `ChatKitError('not_pending')` when the newest
 * item is no such call: it was answered before, or the conversation went on.
 */
export async function completeToolCall<Context>(
  store: Store<Context>,
  context: Context,
  threadId: string,
  output: unknown,
): Promise<void> {
  const page = await store.loadItems(context, threadId, { limit: LOOK_BACK, order: 'desc' });
  const [newest, ...older] = page?.data ?? [];
  if (newest?.type !== 'client_tool_call' || newest.status !== 'pending')
    return refuse('not_pending', 'this thread waits for no tool output');
  await store.saveItem(context, threadId, { ...newest, status: 'completed', output });
  for (const item of older)
    if (item.type === 'client_tool_call' && item.status === 'pending')
      await store.deleteItem(context, threadId, item.id);
}
