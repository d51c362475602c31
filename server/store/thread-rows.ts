import type { ThreadItem } from '../../protocol/item.ts';
import type { ThreadMetadata } from '../../protocol/thread.ts';
import type { StoredAttachment } from '../chatkit/store.ts';

/** A row that is not what this program writes: a bug or a foreign hand, never the caller's fault. */
export class RowError extends Error {
  override readonly name = 'RowError';
}

/** Milliseconds of an ISO 8601 stamp, for the order columns. Throws on anything else. */
export function toMillis(createdAt: string): number {
  const millis = Date.parse(createdAt);
  if (Number.isNaN(millis)) throw new RowError('created_at is not a date');
  return millis;
}

/** What each type of item must have besides its envelope. */
const ITEM_FIELDS: Record<ThreadItem['type'], Record<string, 'object' | 'array' | 'string'>> = {
  user_message: { content: 'array', attachments: 'array', inference_options: 'object' },
  assistant_message: { content: 'array' },
  client_tool_call: { status: 'string', call_id: 'string', name: 'string', arguments: 'object' },
  widget: { widget: 'object' },
  generated_image: {},
  structured_input: { status: 'string', inputs: 'array' },
  task: { task: 'object' },
  workflow: { workflow: 'object' },
  end_of_turn: {},
  hidden_context_item: {},
  sdk_hidden_context: { content: 'string' },
};

export function threadFromBody(body: unknown): ThreadMetadata {
  const thread = parseObject(body);
  requireFields(thread, { id: 'string', created_at: 'string', status: 'object', metadata: 'object' });
  return thread as unknown as ThreadMetadata;
}

export function itemFromBody(body: unknown): ThreadItem {
  const item = parseObject(body);
  requireFields(item, { id: 'string', thread_id: 'string', created_at: 'string', type: 'string' });
  const type = String(item['type']);
  if (!Object.hasOwn(ITEM_FIELDS, type)) throw new RowError('unknown type of item');
  requireFields(item, ITEM_FIELDS[type as ThreadItem['type']]);
  return item as unknown as ThreadItem;
}

export function attachmentFromBody(body: unknown): StoredAttachment {
  const attachment = parseObject(body);
  requireFields(attachment, { id: 'string', name: 'string', mime_type: 'string', type: 'string' });
  return attachment as unknown as StoredAttachment;
}

function parseObject(body: unknown): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(String(body));
  } catch (cause) {
    throw new RowError('body is not JSON', { cause });
  }
  if (kindOf(value) !== 'object') throw new RowError('body is not an object');
  return value as Record<string, unknown>;
}

function requireFields(value: Record<string, unknown>, fields: Record<string, 'object' | 'array' | 'string'>): void {
  for (const [name, kind] of Object.entries(fields))
    if (kindOf(value[name]) !== kind) throw new RowError(`${name} is not a kind of ${kind}`);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value;
}
