import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import type { ThreadItem } from '../../../protocol/item.ts';
import type { IdKind } from '../store.ts';

/** Items whose id comes from a model endpoint, and what an id of ours is made for. */
const KINDS: Partial<Record<ThreadItem['type'], IdKind>> = {
  assistant_message: 'message',
  client_tool_call: 'tool_call',
};

export interface UnusedIdsOptions {
  /** Whether the thread has an item of this id. */
  isUsed: (itemId: string) => Promise<boolean>;
  makeId: (kind: IdKind) => string;
}

/**
 * The same events, but an item that begins under an id which the thread has already gets one of ours: there are
 * endpoints that count from 1 in every response, and storing the item would overwrite an earlier answer.
 */
export async function* withUnusedIds(
  events: AsyncIterable<ThreadStreamEvent>,
  { isUsed, makeId }: UnusedIdsOptions,
): AsyncGenerator<ThreadStreamEvent> {
  const begun = new Set<string>();
  const renamed = new Map<string, string>();
  for await (const event of events) {
    if (event.type === 'thread.item.added' || event.type === 'thread.item.done') {
      const { id, type } = event.item;
      const kind = KINDS[type];
      if (kind && !begun.has(id) && (await isUsed(id))) renamed.set(id, makeId(kind));
      begun.add(id);
    }
    yield rename(event, renamed);
  }
}

function rename(event: ThreadStreamEvent, renamed: Map<string, string>): ThreadStreamEvent {
  if ('item' in event) {
    const id = renamed.get(event.item.id);
    return id === undefined ? event : { ...event, item: { ...event.item, id } };
  }
  const id = 'item_id' in event ? renamed.get(event.item_id) : undefined;
  return id === undefined ? event : ({ ...event, item_id: id } as ThreadStreamEvent);
}
