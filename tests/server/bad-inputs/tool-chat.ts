import { applyEvent } from '../../../protocol/apply-event.ts';
import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import type { WidgetItem } from '../../../protocol/item.ts';
import { decodeSse } from '../../../protocol/sse.ts';
import type { Thread, ThreadMetadata } from '../../../protocol/thread.ts';
import { createAnswerApproval } from '../../../server/agent/approvals/answer-approval.ts';
import { createAskFirst } from '../../../server/agent/approvals/ask-first.ts';
import { createModel } from '../../../server/agent/create-model.ts';
import { createRespond } from '../../../server/agent/respond.ts';
import { AgentContext } from '../../../server/chatkit/agents/agent-context.ts';
import { streamAgentResponse } from '../../../server/chatkit/agents/stream-agent-response.ts';
import { parseRequest } from '../../../server/chatkit/parse-request.ts';
import { Turn } from '../../../server/chatkit/turn.ts';
import type { Context } from '../../../server/context.ts';
import { PagewiseServer } from '../../../server/pagewise-server.ts';
import { createApprovalStore } from '../../../server/store/approval-store.ts';
import type { Database } from '../../../server/store/database.ts';
import { createFeedbackStore } from '../../../server/store/feedback-store.ts';
import { createThreadStore } from '../../../server/store/thread-store.ts';
import type { ResponsesUpstream } from '../../fakes/responses-upstream.ts';
import { makeMcp } from '../agent/mcp/mcp-world.ts';

const now = () => new Date();

export interface ToolChatOptions {
  db: Database;
  upstream: ResponsesUpstream;
  context: Context;
  /** Hosts of the servers of tools. */
  allow: string[];
}

/** The whole server, with tools of a site's own servers, as a visitor's panel talks to it. */
export function makeToolChat({ db, upstream, context, allow }: ToolChatOptions) {
  const logged: unknown[] = [];
  const store = createThreadStore(db);
  const approvals = createApprovalStore(db);
  const mcp = makeMcp(allow);
  const createAgentContext = (thread: ThreadMetadata, requestContext: Context) =>
    new AgentContext({ thread, store, requestContext, now });
  const log = { warn: (...line: unknown[]) => logged.push(line), error: () => {} };
  const respond = createRespond({
    store,
    ...createModel({ openaiApiKey: 'sk-x', openaiBaseUrl: upstream.baseUrl, model: 'fake', modelApi: 'responses' }),
    mcp,
    askFirst: createAskFirst(approvals),
    createAgentContext,
    streamAgentResponse,
    log,
  });
  const server = new PagewiseServer({
    store,
    now,
    respond,
    answerApproval: createAnswerApproval({
      approvals,
      store,
      callTool: mcp.call,
      respond,
      createAgentContext,
      log,
    }),
    feedback: createFeedbackStore(db),
    reportError: () => {},
  });
  let shown: Thread | undefined;
  const streamed: ThreadStreamEvent[] = [];
  async function send(type: string, params: object): Promise<ThreadStreamEvent[]> {
    const turn = await server.process(parseRequest({ type, params }), { ...context, metadata: {} });
    if (!(turn instanceof Turn)) throw new Error(`${type} did not stream`);
    const events = await Array.fromAsync(decodeSse(turn.read()));
    streamed.push(...events);
    for (const event of events) {
      if (event.type === 'thread.created') shown = event.thread;
      else if (shown) shown = applyEvent(shown, event);
    }
    await turn.finished;
    return events;
  }
  const items = () => shown?.items.data ?? [];
  const inThread = () => ({ thread_id: shown?.id ?? '' });
  return {
    logged,
    /** All that the visitor's browser was sent. */
    streamed,
    items,
    cards: () => items().filter((item) => item.type === 'widget'),
    ask(text: string) {
      const input = { content: [{ type: 'input_text', text }], attachments: [], inference_options: {} };
      return shown ? send('threads.add_user_message', { ...inThread(), input }) : send('threads.create', { input });
    },
    press(card: WidgetItem | undefined, button = 'confirm') {
      const { action } = (card?.widget[button] ?? {}) as { action?: object };
      return send('threads.custom_action', { ...inThread(), item_id: card?.id, action });
    },
  };
}

export type ToolChat = ReturnType<typeof makeToolChat>;
