import { z } from 'zod';
import { APPROVE, DECLINE } from '../../../protocol/approval.ts';
import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import type { ThreadItem, UserMessageItem, WidgetItem } from '../../../protocol/item.ts';
import type { ThreadMetadata } from '../../../protocol/thread.ts';
import type { AgentContext } from '../../chatkit/agents/agent-context.ts';
import type { Action } from '../../chatkit/chatkit-handlers.ts';
import type { Store } from '../../chatkit/store.ts';
import type { Context } from '../../context.ts';
import type { Log } from '../../log.ts';
import { HISTORY_MAX_ITEMS } from '../history.ts';
import { APPROVAL_MS, type Approval, type ApprovalStore, type AskedCall, hashCall, type Verdict } from './approval.ts';
import { isOpenCard, writeSettledCard } from './approval-card.ts';
import { APPROVAL_PHRASES, type ApprovalPhrases, type Settlement } from './approval-phrases.ts';
import { writeCallRecord } from './call-record.ts';
import { languageOfThread } from './thread-language.ts';

export interface AnswerApprovalDeps {
  approvals: ApprovalStore;
  store: Store<Context>;
  /** Makes a call as whoever asks. A failure that is known is an outcome; so is that nobody knows. */
  callTool: (
    call: Omit<AskedCall, 'title'>,
    context: Context,
  ) => Promise<{ text: string; isError: boolean; isUnknown?: true }>;
  /** Lets the agent go on with the visitor's newest question. */
  respond: (
    thread: ThreadMetadata,
    item: UserMessageItem | undefined,
    context: Context,
  ) => AsyncIterable<ThreadStreamEvent>;
  createAgentContext: (thread: ThreadMetadata, context: Context) => AgentContext<Context>;
  log: Pick<Log, 'error'>;
}

/** A question to a visitor, and what the thread holds of it. */
interface Asked {
  card: WidgetItem;
  approval: Approval;
  phrases: ApprovalPhrases;
  context: Context;
}

const VERDICTS = new Map<string, Verdict>([
  [APPROVE, 'approved'],
  [DECLINE, 'declined'],
]);
/** The card comes back from a client, which may send anything. */
const payload = z.object({ hash: z.string().max(100) });

/** Whether an action is a visitor's answer to a question of ours. */
export function isVerdict({ type }: Action): boolean {
  return VERDICTS.has(type);
}

/**
 * Answers a click on a card that asks: exactly the call that was asked for is made, once, and the agent goes on. What
 * was asked of somebody else, elsewhere or too long ago is not made. A click that comes twice shows what came of the
 * first. Throws when there is no such question in the thread.
 */
export function createAnswerApproval(deps: AnswerApprovalDeps) {
  const { approvals, store, respond, createAgentContext } = deps;

  return async function* answerApproval(
    thread: ThreadMetadata,
    action: Action,
    card: WidgetItem | undefined,
    context: Context,
  ): AsyncGenerator<ThreadStreamEvent> {
    const verdict = VERDICTS.get(action.type);
    const { hash } = payload.parse(action.payload);
    const approval = card && (await approvals.loadApproval(context, thread.id, card.id));
    if (!verdict || !approval) throw new Error('there is no such question to a visitor');
    const newest = await store.loadItems(context, thread.id, { limit: HISTORY_MAX_ITEMS, order: 'desc' });
    const items = newest?.data ?? [];
    const agentContext = createAgentContext(thread, context);
    const asked: Asked = { card, approval, context, phrases: APPROVAL_PHRASES[languageOfThread(items)] };
    const at = agentContext.now().getTime();

    const isExact = hash === hashCall(context, thread.id, card.id, approval.call);
    const decision = { verdict, hash, at, notBefore: at - APPROVAL_MS };
    if (!isExact || !(await approvals.decide(context, thread.id, card.id, decision))) {
      yield { type: 'thread.item.replaced', item: await settleLate(deps, asked) };
      return;
    }
    if (verdict === 'declined') yield { type: 'thread.item.replaced', item: await settle(deps, asked, 'declined') };
    else yield* showCall(agentContext, approval, makeCall(deps, asked));
    // A visitor who has asked something else meanwhile has been answered: the model reads of it at the next question.
    if (isOfNewestQuestion(items, card)) yield* respond(thread, undefined, context);
  };
}

/** A step that runs while the call does, then the card with what came of it. */
async function* showCall(
  agentContext: AgentContext<Context>,
  { call }: Approval,
  made: Promise<WidgetItem>,
): AsyncGenerator<ThreadStreamEvent> {
  const step = (status_indicator: 'loading' | 'complete'): ThreadItem => ({
    id,
    thread_id: agentContext.thread.id,
    created_at,
    type: 'workflow',
    workflow: { type: 'custom', tasks: [{ type: 'custom', title: call.title, status_indicator }], expanded: false },
  });
  const id = agentContext.generateId('workflow');
  const created_at = agentContext.now().toISOString();
  yield { type: 'thread.item.added', item: step('loading') };
  const card = await made;
  yield { type: 'thread.item.done', item: step('complete') };
  yield { type: 'thread.item.replaced', item: card };
}

/**
 * Makes the call and writes down what came of it, also when the visitor has left meanwhile: it cannot be taken back.
 * Before it is made the thread says that its outcome is not known: a server that dies in between leaves that behind.
 */
async function makeCall(deps: AnswerApprovalDeps, asked: Asked): Promise<WidgetItem> {
  const card = await settle(deps, asked, 'unknown');
  const { server, tool, args } = asked.approval.call;
  try {
    const signal = new AbortController().signal;
    const { text, isError, isUnknown } = await deps.callTool({ server, tool, args }, { ...asked.context, signal });
    if (isUnknown) return card;
    return await settle(deps, asked, isError ? 'failed' : 'done', text);
  } catch (error) {
    deps.log.error({ err: error }, 'what came of an approved call is not known');
    return card;
  }
}

/** Writes into the thread what came of a question, for the visitor and for the model. Resolves the card. */
async function settle(
  { store }: AnswerApprovalDeps,
  { card, approval: { call }, phrases, context }: Asked,
  settlement: Settlement,
  result?: string,
): Promise<WidgetItem> {
  const settled: WidgetItem = { ...card, widget: writeSettledCard(call, settlement, phrases) };
  await store.saveItem(context, card.thread_id, writeCallRecord(card, call, settlement, result));
  await store.saveItem(context, card.thread_id, settled);
  return settled;
}

/** The card of a question that takes no verdict any more, as the thread has it, or else as it must be. */
async function settleLate(deps: AnswerApprovalDeps, asked: Asked): Promise<WidgetItem> {
  const { card, context } = asked;
  const { thread_id: threadId, id } = card;
  const shown = await deps.store.loadItem(context, threadId, id);
  if (shown?.type === 'widget' && !isOpenCard(shown.widget)) return shown;
  const verdict = (await deps.approvals.loadApproval(context, threadId, id))?.verdict;
  // Approved, and the thread does not know of it: the server died in that moment.
  return settle(deps, asked, verdict === 'approved' ? 'unknown' : (verdict ?? 'expired'));
}

function isOfNewestQuestion(newestFirst: ThreadItem[], card: WidgetItem): boolean {
  const question = newestFirst.findIndex(({ type }) => type === 'user_message');
  const asked = newestFirst.findIndex(({ id }) => id === card.id);
  return asked >= 0 && asked < question;
}
