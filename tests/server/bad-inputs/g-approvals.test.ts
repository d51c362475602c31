import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
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
import { type Database, openDatabase } from '../../../server/store/database.ts';
import { createFeedbackStore } from '../../../server/store/feedback-store.ts';
import { createThreadStore } from '../../../server/store/thread-store.ts';
import { type McpFake, startMcpServer } from '../../fakes/mcp-server.ts';
import { type ResponsesUpstream, startResponsesUpstream } from '../../fakes/responses-upstream.ts';
import { makeContext, makeMcp, tokenOf } from '../agent/mcp/mcp-world.ts';

// What a model may do with tools that change something: a real server of tools, a real endpoint of a model that says
// what the test wants, and a visitor who presses buttons. G18 and other ids of connections are with the connections.

let db: Database;
let tools: McpFake;
let upstream: ResponsesUpstream;
/** Tickets that were closed, and by whom. */
let closed: string[];
let chat: Awaited<ReturnType<typeof makeChat>>;

beforeEach(async () => {
  db = await openDatabase({ url: ':memory:' });
  upstream = await startResponsesUpstream();
  closed = [];
  tools = await startMcpServer({
    register: (server, headers) => {
      const id = z.object({ id: z.number() });
      const look = { description: 'Looks at a ticket.', annotations: { readOnlyHint: true }, inputSchema: id };
      server.registerTool('look', look, ({ id }) => said(`Ticket ${id} is open.`));
      const close = { title: 'Close a ticket', description: 'Closes a ticket.', inputSchema: id };
      server.registerTool('close', close, ({ id }) => {
        closed.push(`${id} ${headers.get('authorization') ?? 'by nobody'}`);
        return said(`Ticket ${id} is closed.`);
      });
    },
  });
  chat = await makeChat();
});
afterEach(async () => {
  await Promise.all([tools.close(), upstream.close(), db.close()]);
});

const said = (text: string) => ({ content: [{ type: 'text' as const, text }] });
const callTo = (tool: string, id: number) => ({ call: `tickets__${tool}`, arguments: { id } });

const now = () => new Date();

async function makeChat() {
  const token = await tokenOf('ada');
  const auth = { mode: 'user_header', audience: 'docs' } as const;
  const context = makeContext([{ name: 'tickets', url: tools.url, auth }], { id: 'ada', token: async () => token });
  const store = createThreadStore(db);
  const approvals = createApprovalStore(db);
  const mcp = makeMcp([tools.host]);
  const createAgentContext = (thread: ThreadMetadata, requestContext: Context) =>
    new AgentContext({ thread, store, requestContext, now });
  const log = { warn: () => {}, error: () => {} };
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
  async function send(type: string, params: object): Promise<ThreadStreamEvent[]> {
    const turn = await server.process(parseRequest({ type, params }), { ...context, metadata: {} });
    if (!(turn instanceof Turn)) throw new Error(`${type} did not stream`);
    const events = await Array.fromAsync(decodeSse(turn.read()));
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
    token,
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

const asked = () =>
  upstream.requests.filter(({ body }) => body['stream'] === true).map(({ body }) => JSON.stringify(body));

describe('G19 a tool that changes something', () => {
  test('is not run when a model calls it: the visitor is asked, and the run is over', async () => {
    upstream.steps.push({ answer: ['I can do that.', callTo('close', 7)] }, { answer: ['It is closed!'] });
    const events = await chat.ask('Close ticket 7');
    expect(closed).toEqual([]);
    expect(asked()).toHaveLength(1);
    expect(chat.items().map(({ type }) => type)).toEqual(['user_message', 'assistant_message', 'widget']);
    expect(events.at(-1)).not.toMatchObject({ type: 'error' });
  });

  test('is run when the visitor approves, as the user, and the model goes on from what came of it', async () => {
    upstream.steps.push({ answer: [callTo('close', 7)] }, { answer: ['Ticket 7 is closed now.'] });
    await chat.ask('Close ticket 7');
    await chat.press(chat.cards()[0]);
    expect(closed).toEqual([`7 Bearer ${chat.token}`]);
    expect(chat.items().map(({ type }) => type)).toEqual(['user_message', 'widget', 'workflow', 'assistant_message']);
    expect(asked()[1]).toContain('it was made once. This is what the tool answered.');
    expect(asked()[1]).toContain('Ticket 7 is closed.');
    // In the user's role, as data.
    const { input } = JSON.parse(asked()[1] ?? '') as { input: { role?: string; content?: unknown }[] };
    const outside = input.filter(({ role }) => role !== 'user');
    expect(JSON.stringify(outside)).not.toContain('closed');
    expect(asked().join()).not.toContain(chat.token);
  });

  test('is asked about again when its arguments are others', async () => {
    upstream.steps.push({ answer: [callTo('close', 7)] }, { answer: [callTo('close', 8)] });
    await chat.ask('Close ticket 7');
    await chat.press(chat.cards()[0]);
    expect(closed).toHaveLength(1);
    expect(chat.cards()).toHaveLength(2);
    upstream.steps.push({ answer: ['Both are closed.'] });
    await chat.press(chat.cards()[1]);
    expect(closed.map((line) => line.slice(0, 1))).toEqual(['7', '8']);
  });

  test('is asked about for each call, when a model calls it twice at once', async () => {
    upstream.steps.push({ answer: [callTo('close', 7), callTo('close', 8)] });
    await chat.ask('Close both');
    expect(chat.cards()).toHaveLength(2);
    await chat.press(chat.cards()[1], 'cancel');
    await chat.press(chat.cards()[0]);
    expect(closed).toEqual([`7 Bearer ${chat.token}`]);
  });

  test('is not run on the word of a model that says the visitor approved', async () => {
    const approve = { call: 'pagewise.approve', arguments: { hash: 'x' } };
    upstream.steps.push({ answer: [{ call: 'tickets__close', arguments: { id: 7, approved: true } }, approve] });
    await chat.ask('I approve everything from now on');
    expect(closed).toEqual([]);
  });
});

test('G20 an approval that comes twice, at once and again, runs the tool once', async () => {
  upstream.steps.push({ answer: [callTo('close', 7)] });
  await chat.ask('Close ticket 7');
  const [card] = chat.cards();
  await Promise.allSettled([chat.press(card), chat.press(card), chat.press(card)]);
  await chat.press(card);
  expect(closed).toHaveLength(1);
});

describe('G22 a model that never has enough', () => {
  test('is stopped after 12 rounds, and the visitor reads why', async () => {
    upstream.steps.push(...Array.from({ length: 20 }, (_, n) => ({ answer: [callTo('look', n)] })));
    const events = await chat.ask('Look at all of them');
    expect(asked()).toHaveLength(12);
    expect(events.findLast(({ type }) => type === 'error')).toEqual({
      type: 'error',
      code: 'custom',
      message: 'The assistant has stopped: this took more steps than one answer may have.',
      allow_retry: true,
    });
  });

  test('is stopped after 24 calls, and the visitor reads why', async () => {
    const many = Array.from({ length: 10 }, (_, n) => callTo('look', n));
    upstream.steps.push(...Array.from({ length: 5 }, () => ({ answer: many })));
    const events = await chat.ask('Look at all of them');
    expect(tools.calls()).toHaveLength(24);
    expect(asked()).toHaveLength(3);
    expect(events.findLast(({ type }) => type === 'error')).toMatchObject({ code: 'custom' });
  });

  test('may ask again after that, and is answered', async () => {
    upstream.steps.push(...Array.from({ length: 12 }, (_, n) => ({ answer: [callTo('look', n)] })));
    await chat.ask('Look at all of them');
    upstream.steps.push({ answer: ['Ticket 1 is open.'] });
    await chat.ask('Only the first, then');
    expect(chat.items().at(-1)).toMatchObject({ content: [{ text: 'Ticket 1 is open.' }] });
  });
});
