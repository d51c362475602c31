import type { WidgetItem } from '../../../protocol/item.ts';
import type { AgentContext } from '../../chatkit/agents/agent-context.ts';
import type { Context } from '../../context.ts';
import { type ApprovalStore, type AskedCall, hashCall } from './approval.ts';
import { writeApprovalCard } from './approval-card.ts';
import { APPROVAL_PHRASES } from './approval-phrases.ts';
import { writeCallRecord } from './call-record.ts';
import { languageOfThread } from './thread-language.ts';

/** More than a visitor reads before saying yes. */
const MAX_ARGS_CHARS = 8_000;
const TITLE_CHARS = 200;
/** Where the visitor's question stands: a turn has few items. */
const LOOK_BACK = 20;

const ASKED =
  'Nothing has been done yet. The visitor sees the call with its exact arguments and is asked to approve or decline it.';
const TOO_LONG = `Nothing was done, and the visitor was not asked: the arguments are longer than ${MAX_ARGS_CHARS} characters.`;

/**
 * Makes what a tool does in place of a call that changes something: the visitor is asked in the thread, by a card, and
 * the model is told so. The run has to stop then; the call is made when the visitor's click comes back.
 */
export function createAskFirst(approvals: ApprovalStore) {
  return async function askFirst(call: AskedCall, agentContext: AgentContext<Context>): Promise<string> {
    const { thread, requestContext, store } = agentContext;
    const { server, tool, title } = call;
    const json = JSON.stringify(call.args);
    if (json.length > MAX_ARGS_CHARS) return TOO_LONG;
    // As it will be read again: what cannot be written down is neither shown nor made.
    const args = JSON.parse(json) as AskedCall['args'];
    const asked: AskedCall = { server, tool, title: title.slice(0, TITLE_CHARS), args };

    const id = agentContext.generateId('message');
    const hash = hashCall(requestContext, thread.id, id, asked);
    const now = agentContext.now();
    const approval = { call: asked, hash, createdAt: now.getTime() };
    if (!(await approvals.saveApproval(requestContext, thread.id, id, approval)))
      throw new Error('the thread was deleted while it was answered');
    const items = await store.loadItems(requestContext, thread.id, { limit: LOOK_BACK, order: 'desc' });
    const phrases = APPROVAL_PHRASES[languageOfThread(items?.data ?? [])];
    const card: WidgetItem = {
      type: 'widget',
      id,
      thread_id: thread.id,
      created_at: now.toISOString(),
      widget: writeApprovalCard(asked, hash, phrases),
    };
    agentContext.stream({ type: 'thread.item.done', item: card });
    agentContext.stream({ type: 'thread.item.done', item: writeCallRecord(card, asked, 'asked') });
    return ASKED;
  };
}
