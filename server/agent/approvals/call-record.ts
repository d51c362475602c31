import { z } from 'zod';
import type { HiddenContextItem, ThreadItem } from '../../../protocol/item.ts';
import type { AskedCall } from './approval.ts';
import type { Settlement } from './approval-phrases.ts';

/** What is kept of a tool's answer for the turns after it: a history is 24,000 characters. */
const RESULT_CHARS = 8_000;

const record = z.object({
  call: z.object({ server: z.string(), tool: z.string(), args: z.record(z.string(), z.unknown()) }),
  state: z.enum(['asked', 'done', 'failed', 'unknown', 'declined', 'expired']),
  result: z.string().exactOptional(),
});

const STATES: Record<Settlement | 'asked', string> = {
  asked: 'The visitor was asked to approve this call and has not decided. Nothing has been done.',
  done: 'The visitor approved this call, and it was made once. This is what the tool answered.',
  failed: 'The visitor approved this call, and it was made once. The tool answered with this error.',
  unknown: 'The visitor approved this call. Whether it was made is not known. It is not made again by itself.',
  declined: 'The visitor declined this call. Nothing was done.',
  expired: 'The visitor was asked to approve this call and answered too late. Nothing was done.',
};

/** What a model is to know of a call that needs approval: an item for it alone, beside the card that the visitor sees. */
export function writeCallRecord(
  card: { id: string; thread_id: string; created_at: string },
  { server, tool, args }: AskedCall,
  state: Settlement | 'asked',
  result?: string,
): HiddenContextItem {
  return {
    // One a card: what came of the call takes the place of what was known before.
    id: card.id.replace(/^[a-z]+_/, 'hcx_'),
    thread_id: card.thread_id,
    created_at: card.created_at,
    type: 'hidden_context_item',
    content: {
      call: { server, tool, args },
      state,
      ...(result !== undefined && { result: result.slice(0, RESULT_CHARS).toWellFormed() }),
    },
  };
}

/** The record in words and JSON, for a place of the input that is marked as data; `undefined`: the item is none. */
export function readCallRecord(item: ThreadItem): string | undefined {
  if (item.type !== 'hidden_context_item') return undefined;
  const { data } = record.safeParse(item.content);
  if (!data) return undefined;
  const { call, state, result } = data;
  return `${STATES[state]} ${JSON.stringify({ ...call, ...(result !== undefined && { result }) })}`;
}
