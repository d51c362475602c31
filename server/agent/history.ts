import type { ThreadItem, UserMessageItem } from '../../protocol/item.ts';
import { READ_PAGE } from '../../protocol/page-tools.ts';
import { readCallRecord } from './approvals/call-record.ts';
import type { HistoryEntry } from './model-input.ts';

/** How far back a model looks: items to load, and characters to keep of them (6,000 tokens of four). */
export const HISTORY_MAX_ITEMS = 40;
const HISTORY_MAX_CHARS = 24_000;

/** The turn that a responder is asked to go on with. */
export interface OpenTurn {
  question: UserMessageItem;
  /** What was said before the question. */
  history: HistoryEntry[];
  /** What the turn has had the page read for, besides the question: arguments of a model, answered by a client. */
  lookedFor: string[];
  /** What was said and done since the question, when a call that the visitor was asked about is among it. */
  since: HistoryEntry[];
}

/**
 * Finds the turn in the newest items of a thread: that of the message to answer, else of the visitor's newest one.
 * `undefined` when there is none.
 */
export function toOpenTurn(newestFirst: ThreadItem[], item: UserMessageItem | undefined): OpenTurn | undefined {
  const question = item ?? newestFirst.find((other) => other.type === 'user_message');
  if (!question) return undefined;
  const start = newestFirst.findIndex(({ id }) => id === question.id);
  const lookedFor = newestFirst.slice(0, item ? 0 : start).flatMap((call) => queryOf(call) ?? []);
  const since = item ? [] : toSince(newestFirst.slice(0, start));
  return { question, history: toHistory(newestFirst, question), lookedFor: lookedFor.toReversed(), since };
}

/** Without a call a turn goes on where its client has read more of the page: it begins anew then, with more passages. */
function toSince(newestFirst: ThreadItem[]): HistoryEntry[] {
  if (!newestFirst.some((item) => readCallRecord(item) !== undefined)) return [];
  return newestFirst.flatMap((item) => toEntry(item) ?? []).toReversed();
}

function queryOf(item: ThreadItem): string | undefined {
  if (item.type !== 'client_tool_call' || item.name !== READ_PAGE || item.status !== 'completed') return undefined;
  return typeof item.arguments.query === 'string' ? item.arguments.query : '';
}

/** What was said before `question`, oldest first; of too much, the newest. `newestFirst` is as a store pages. */
export function toHistory(newestFirst: ThreadItem[], question: UserMessageItem): HistoryEntry[] {
  const entries: HistoryEntry[] = [];
  let left = HISTORY_MAX_CHARS;
  // On a retry the question is not the newest item for sure, and what came after it is not its past.
  const start = newestFirst.findIndex((item) => item.id === question.id) + 1;
  for (const item of newestFirst.slice(start)) {
    const entry = toEntry(item);
    if (!entry) continue;
    left -= entry.text.length;
    if (left < 0) break;
    entries.unshift(entry);
  }
  return entries;
}

/** The words a visitor typed, tags as `@name`. */
export function textOfUserMessage(item: UserMessageItem): string {
  return item.content.map((part) => (part.type === 'input_tag' ? `@${part.text}` : part.text)).join('');
}

function toEntry(item: ThreadItem): HistoryEntry | undefined {
  if (item.type === 'user_message') {
    const files = item.attachments.map(({ name }) => name);
    return { from: 'visitor', text: textOfUserMessage(item), ...(files.length > 0 && { files }) };
  }
  if (item.type === 'assistant_message')
    return { from: 'assistant', text: item.content.map(({ text }) => text).join('\n') };
  if (item.type === 'sdk_hidden_context') return { from: 'note', text: item.content };
  const call = readCallRecord(item);
  return call === undefined ? undefined : { from: 'note', text: call };
}
