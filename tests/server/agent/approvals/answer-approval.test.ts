import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { applyEvent } from '../../../../protocol/apply-event.ts';
import type { ThreadStreamEvent } from '../../../../protocol/event.ts';
import type { WidgetItem } from '../../../../protocol/item.ts';
import { decodeSse } from '../../../../protocol/sse.ts';
import type { Thread } from '../../../../protocol/thread.ts';
import { createAnswerApproval } from '../../../../server/agent/approvals/answer-approval.ts';
import type { AskedCall } from '../../../../server/agent/approvals/approval.ts';
import { createAskFirst } from '../../../../server/agent/approvals/ask-first.ts';
import { readCallRecord } from '../../../../server/agent/approvals/call-record.ts';
import { toOpenTurn } from '../../../../server/agent/history.ts';
import { AgentContext } from '../../../../server/chatkit/agents/agent-context.ts';
import { parseRequest } from '../../../../server/chatkit/parse-request.ts';
import { Turn } from '../../../../server/chatkit/turn.ts';
import type { Context } from '../../../../server/context.ts';
import { PagewiseServer, type PagewiseServerDeps } from '../../../../server/pagewise-server.ts';
import { createApprovalStore } from '../../../../server/store/approval-store.ts';
import { type Database, openDatabase } from '../../../../server/store/database.ts';
import { createFeedbackStore } from '../../../../server/store/feedback-store.ts';
import { createThreadStore } from '../../../../server/store/thread-store.ts';
import { createVisitorStore } from '../../../../server/store/visitor-store.ts';
import { makeAnswer, makeContext } from '../../../contract/make.ts';

const T0 = Date.parse('2026-11-24T10:00:00.000Z');
const CLOSE: AskedCall = {
  server: 'tickets',
  tool: 'close_ticket',
  title: 'Close a ticket',
  args: { id: 7, note: 'Solved "today"', tags: ['a'] },
};
const CALL = { server: 'tickets', tool: 'close_ticket', args: CLOSE.args };

let db: Database;
let context: Context;
let clock: number;
/** What really went out to the tool. */
let made: unknown[];
let answerCall: () => Promise<{ text: string; isError: boolean; isUnknown?: true }>;
let wanted: AskedCall;
let told: string[];
let logged: unknown[];
let chat: ReturnType<typeof makeChat>;

beforeEach(async () => {
  db = await openDatabase({ url: ':memory:' });
  context = makeContext();
  clock = T0;
  made = [];
  answerCall = async () => ({ text: 'Ticket 7 is closed.', isError: false });
  wanted = CLOSE;
  told = [];
  logged = [];
  chat = makeChat();
});
afterEach(() => db.close());

const actionOf = (card: WidgetItem | undefined, button = 'confirm') =>
  (card?.widget[button] as { action: { type: string; payload: object } } | undefined)?.action;

const now = () => new Date(clock++);

/** The tool: what it is asked for is noted, and takes as long as a test says. */
const callTool = async (call: object, { signal }: Context) => {
  made.push(call);
  const aborted = once(signal, 'abort').then(() => {
    throw signal.reason;
  });
  return Promise.race([answerCall(), aborted]);
};

/** A server over the database whose agent wants one call for every message, and says so when it may go on. */
function makeChat() {
  const store = createThreadStore(db);
  const approvals = createApprovalStore(db);
  const createAgentContext = (thread: Thread | AgentContext<Context>['thread'], requestContext: Context) =>
    new AgentContext({ thread, store, requestContext, now });
  const askFirst = createAskFirst(approvals);
  const respond: PagewiseServerDeps['respond'] = async function* (thread, item, who) {
    const agentContext = createAgentContext(thread, who);
    if (item) {
      told.push(await askFirst(wanted, agentContext));
      while (!agentContext.queue.isEmpty) yield* (await agentContext.queue.take()) as ThreadStreamEvent[];
      return;
    }
    yield {
      type: 'thread.item.done',
      item: makeAnswer(thread.id, `msg_on_${clock}`, 'Going on.', now().toISOString()),
    };
  };
  const log = { error: (fields: object) => void logged.push(fields) };
  const server = new PagewiseServer({
    store,
    now,
    respond,
    answerApproval: createAnswerApproval({ approvals, store, callTool, respond, createAgentContext, log }),
    feedback: createFeedbackStore(db),
    reportError: (error) => void logged.push(error),
  });
  let shown: Thread | undefined;

  async function start(type: string, params: object, as = context): Promise<Turn> {
    const turn = await server.process(parseRequest({ type, params }), { ...as, metadata: {} });
    if (!(turn instanceof Turn)) throw new Error(`${type} did not stream`);
    return turn;
  }
  async function send(type: string, params: object, as = context): Promise<ThreadStreamEvent[]> {
    const turn = await start(type, params, as);
    const events = await Array.fromAsync(decodeSse(turn.read()));
    for (const event of events) {
      if (event.type === 'thread.created') shown = event.thread;
      else if (shown) shown = applyEvent(shown, event);
    }
    await turn.finished;
    return events;
  }
  const threadId = () => shown?.id ?? '';
  const cards = () => (shown?.items.data ?? []).filter((item) => item.type === 'widget');
  return {
    approvals,
    threadId,
    cards,
    start,
    shown: () => shown?.items.data ?? [],
    stored: async () => (await store.loadItems(context, threadId(), { limit: 100, order: 'desc' }))?.data ?? [],
    storedCard: async (card: WidgetItem) => (await store.loadItem(context, threadId(), card.id)) as WidgetItem,
    ask(text: string) {
      const input = { content: [{ type: 'input_text', text }], attachments: [], inference_options: {} };
      return shown
        ? send('threads.add_user_message', { thread_id: threadId(), input })
        : send('threads.create', { input });
    },
    /** As the button says, or with something else in its place. */
    press(card: WidgetItem | undefined, button = 'confirm', change: object = {}, as = context) {
      const params = { thread_id: threadId(), item_id: card?.id, action: actionOf(card, button), ...change };
      return send('threads.custom_action', params, as);
    },
  };
}

const types = (events: ThreadStreamEvent[]) => events.map(({ type }) => type);
const outcomeOf = (card: WidgetItem | undefined): unknown => {
  const last = (card?.widget['children'] as { children?: { value?: string }[] }[] | undefined)?.at(-1);
  return last?.children?.[1]?.value;
};
const noteOf = async () => (await chat.stored()).flatMap((item) => readCallRecord(item) ?? []);

describe('a call that changes something', () => {
  test('G19 is not made but shown, with every argument, and the model is told', async () => {
    const events = await chat.ask('Please close my ticket');
    expect(made).toEqual([]);
    expect(told).toEqual([
      'Nothing has been done yet. The visitor sees the call with its exact arguments and is asked to approve or decline it.',
    ]);
    const [card] = chat.cards();
    const hash = expect.stringMatching(/^[\w-]{43}$/) as string;
    expect(card?.widget).toEqual({
      type: 'Card',
      size: 'md',
      status: { text: 'May I do this for you?', icon: 'square-code' },
      children: [
        { type: 'Title', value: 'Close a ticket', size: 'sm' },
        { type: 'Caption', value: 'tickets · close_ticket' },
        argument('id', '7'),
        argument('note', '"Solved \\"today\\""'),
        argument('tags', '["a"]'),
      ],
      confirm: { label: 'Approve', action: { type: 'pagewise.approve', payload: { hash } } },
      cancel: { label: 'Decline', action: { type: 'pagewise.decline', payload: { hash } } },
    });
    // What the model is told of it stays on the server.
    expect(JSON.stringify(events)).not.toContain('has not decided');
    expect(await noteOf()).toEqual([
      `The visitor was asked to approve this call and has not decided. Nothing has been done. ${JSON.stringify(CALL)}`,
    ]);
  });

  test.each([
    ['请关闭工单', '可以为您执行此操作吗？', '同意'],
    ['チケットを閉じて', 'この操作を実行してもよいですか？', '承認する'],
  ])('is asked about in the language of the question: %s', async (question, asks, approve) => {
    await chat.ask(question);
    expect(chat.cards()[0]?.widget).toMatchObject({ status: { text: asks }, confirm: { label: approve } });
  });

  test('G19 is shown as it is: what cannot be seen stands there as its number', async () => {
    wanted = { ...CLOSE, title: 'Close\u202etekcit', args: { 'to\u200b': 'a\u2066b\n\u0000\ud800' } };
    await chat.ask('Please close my ticket');
    const texts = JSON.stringify(chat.cards()[0]?.widget['children']);
    expect(texts).toContain('Close\\\\u{202e}tekcit');
    expect(texts).toContain('to\\\\u{200b}');
    expect(texts).toContain('a\\\\u{2066}b');
    expect(texts).not.toMatch(/[\u200b\u202e\u2066]/);
    await chat.press(chat.cards()[0]);
    expect(made).toEqual([{ ...CALL, args: wanted.args }]);
  });

  test('is not asked about when it is longer than anybody reads', async () => {
    wanted = { ...CLOSE, args: { note: 'x'.repeat(8_000) } };
    await chat.ask('Please close my ticket');
    expect(chat.cards()).toEqual([]);
    expect(told[0]).toContain('the arguments are longer than 8000 characters');
  });
});

describe('a visitor who approves', () => {
  beforeEach(() => chat.ask('Please close my ticket'));

  test('has exactly that call made, as a step, and the agent goes on', async () => {
    const events = await chat.press(chat.cards()[0]);
    expect(made).toEqual([CALL]);
    expect(types(events)).toEqual([
      'stream_options',
      'thread.item.added',
      'thread.item.done',
      'thread.item.replaced',
      'thread.item.done',
    ]);
    expect(chat.shown().map(({ type }) => type)).toEqual(['user_message', 'widget', 'workflow', 'assistant_message']);
    expect(chat.shown()[2]).toMatchObject({
      workflow: { type: 'custom', tasks: [{ type: 'custom', title: 'Close a ticket', status_indicator: 'complete' }] },
    });
    const [card] = chat.cards();
    expect(card?.widget).not.toHaveProperty('confirm');
    expect(card?.widget).not.toHaveProperty('cancel');
    expect(outcomeOf(card)).toBe('You approved it, and it was done.');
    expect(await chat.storedCard(card as WidgetItem)).toEqual(card);
  });

  test('lets the model know what came of it, as data, in this turn and in later ones', async () => {
    await chat.press(chat.cards()[0]);
    const note = `The visitor approved this call, and it was made once. This is what the tool answered. ${JSON.stringify({ ...CALL, result: 'Ticket 7 is closed.' })}`;
    const beforeAnswer = (await chat.stored()).slice(1);
    expect(toOpenTurn(beforeAnswer, undefined)?.since).toEqual([{ from: 'note', text: note }]);
    await chat.ask('Thanks');
    const question = (await chat.stored()).find((item) => item.type === 'user_message');
    expect(toOpenTurn(await chat.stored(), question)?.history).toContainEqual({ from: 'note', text: note });
  });

  test.each([
    [
      'the tool answers with an error',
      async () => ({ text: 'No such ticket.', isError: true }),
      'You approved it, and it failed.',
    ],
    [
      'nobody knows what came of it',
      async () => {
        throw new Error('lost');
      },
      'You approved it. Whether it was done is not known, and it is not tried again.',
    ],
  ])('reads it when %s', async (_, answer, outcome) => {
    answerCall = answer;
    const events = await chat.press(chat.cards()[0]);
    expect(outcomeOf(chat.cards()[0])).toBe(outcome);
    expect(events.at(-1)).toMatchObject({ item: { type: 'assistant_message' } });
    await chat.press(chat.cards()[0], 'confirm', { action: { type: 'pagewise.approve', payload: { hash: '' } } });
    expect(made).toHaveLength(1);
  });

  test('G20 has it made once, however often and from wherever the click comes', async () => {
    const [card] = chat.cards();
    const action = actionOf(card);
    const another = makeChat();
    const params = { thread_id: chat.threadId(), item_id: card?.id, action };
    const presses = [chat, chat, another, another].map(({ start }) => start('threads.custom_action', params));
    for (const turn of await Promise.allSettled(presses))
      if (turn.status === 'fulfilled') await turn.value.finished;
      else expect(turn.reason).toMatchObject({ code: 'thread_busy' });
    expect(made).toHaveLength(1);
    const again = await chat.press(card, 'confirm');
    expect(types(again)).toEqual(['stream_options', 'thread.item.replaced']);
    expect(outcomeOf(chat.cards()[0])).toBe('You approved it, and it was done.');
    // And no second thought.
    await chat.press(card, 'cancel', { action: { ...action, type: 'pagewise.decline' } });
    expect(outcomeOf(chat.cards()[0])).toBe('You approved it, and it was done.');
    expect(made).toHaveLength(1);
  });

  test('and leaves has it made to its end, and finds what came of it', async () => {
    const { promise, resolve } = Promise.withResolvers<{ text: string; isError: boolean }>();
    answerCall = () => promise;
    const [card] = chat.cards();
    const params = { thread_id: chat.threadId(), item_id: card?.id, action: actionOf(card) };
    const turn = await chat.start('threads.custom_action', params);
    await expect.poll(() => made.length).toBe(1);
    turn.cancel();
    await turn.finished;
    resolve({ text: 'Ticket 7 is closed.', isError: false });
    await expect
      .poll(async () => outcomeOf(await chat.storedCard(card as WidgetItem)))
      .toBe('You approved it, and it was done.');
  });
});

describe('nothing is made', () => {
  beforeEach(() => chat.ask('Please close my ticket'));

  test('G19 when the visitor declines, and the agent goes on', async () => {
    const events = await chat.press(chat.cards()[0], 'cancel');
    expect(types(events)).toEqual(['stream_options', 'thread.item.replaced', 'thread.item.done']);
    expect(outcomeOf(chat.cards()[0])).toBe('You declined. Nothing was done.');
    expect((await noteOf())[0]).toContain('The visitor declined this call. Nothing was done.');
    await chat.press(chat.cards()[0], 'confirm', { action: { type: 'pagewise.approve', payload: { hash: 'x' } } });
    expect(made).toEqual([]);
  });

  test.each([
    [5 * 60_000 - 10, 'You approved it, and it was done.'],
    [5 * 60_000 + 1, 'The question is too old to be approved. Nothing was done.'],
  ])('G19 %i ms after the question: %s', async (later, outcome) => {
    clock += later;
    await chat.press(chat.cards()[0]);
    expect(outcomeOf(chat.cards()[0])).toBe(outcome);
  });

  test('G19 for arguments that are not those that were shown', async () => {
    const [card] = chat.cards();
    await db.write([
      {
        sql: `UPDATE approvals SET call = replace(call, '"id":7', '"id":8') WHERE site_id = ? AND owner = ?`,
        args: [context.site.id, context.owner],
      },
    ]);
    await chat.press(card);
    expect(made).toEqual([]);
    expect(outcomeOf(chat.cards()[0])).toBe('The question is too old to be approved. Nothing was done.');
  });

  test('G19 for what a model asks for next: each call has a question of its own', async () => {
    wanted = { ...CLOSE, args: { ...CLOSE.args, id: 8 } };
    await chat.ask('And the other one');
    const [first, second] = chat.cards();
    await chat.press(second, 'confirm', { action: actionOf(first) });
    expect(made).toEqual([]);
    await chat.press(first);
    expect(made).toEqual([CALL]);
  });

  test.each<[string, (card: WidgetItem) => object]>([
    ['without a card', () => ({ item_id: null })],
    ['on another hash', () => ({ action: { type: 'pagewise.approve', payload: { hash: 'x' } } })],
    ['without a hash', () => ({ action: { type: 'pagewise.approve' } })],
    ['on no object', () => ({ action: { type: 'pagewise.approve', payload: 'yes' } })],
    ['with a call of its own', () => ({ action: { type: 'pagewise.approve', payload: { ...CALL } } })],
    ['of another type', (card) => ({ action: { type: 'pagewise.approved', payload: actionOf(card)?.payload } })],
  ])('G19 by an action %s', async (_, change) => {
    const [card] = chat.cards();
    await chat.press(card, 'confirm', change(card as WidgetItem));
    expect(made).toEqual([]);
  });

  test.each([
    ['somebody else', () => makeContext(context.site.id, 'v_foreign')],
    ['another site', () => makeContext(undefined, context.owner)],
  ])('G19 for %s', async (_, make) => {
    await expect(chat.press(chat.cards()[0], 'confirm', {}, make())).rejects.toMatchObject({ code: 'not_found' });
    expect(made).toEqual([]);
  });

  test('G19 by a user for what the visitor was asked that they were before', async () => {
    const key = { tokenHash: 'next', siteId: context.site.id, origin: 'https://example.com' };
    await createVisitorStore(db).replaceVisitor({ siteId: key.siteId, id: context.owner, newOwner: 'u_ada' }, key, {
      id: 'v_next',
      seenAt: 0,
    });
    context = { ...context, owner: 'u_ada' };
    await chat.press(chat.cards()[0]);
    expect(made).toEqual([]);
    expect(outcomeOf(chat.cards()[0])).toBe('The question is too old to be approved. Nothing was done.');
  });
});

describe('R37 a server that dies', () => {
  beforeEach(() => chat.ask('Please close my ticket'));

  test('while the call is made leaves "unknown" behind, and the next one does not make it again', async () => {
    answerCall = () => new Promise(() => {});
    const [card] = chat.cards();
    const params = { thread_id: chat.threadId(), item_id: card?.id, action: actionOf(card) };
    await chat.start('threads.custom_action', params);
    await expect.poll(() => made.length).toBe(1);

    const next = makeChat();
    const outcome = 'You approved it. Whether it was done is not known, and it is not tried again.';
    expect(outcomeOf(await chat.storedCard(card as WidgetItem))).toBe(outcome);
    expect((await noteOf())[0]).toContain('Whether it was made is not known.');
    const turn = await next.start('threads.custom_action', params);
    const events = await Array.fromAsync(decodeSse(turn.read()));
    expect(events.map((event) => ('item' in event ? outcomeOf(event.item as WidgetItem) : event.type))).toEqual([
      'stream_options',
      outcome,
    ]);
    expect(made).toHaveLength(1);
  });

  test('or a server of tools that does: a call that was sent and got no answer is "unknown", and not made again', async () => {
    answerCall = async () => ({ text: 'Its server took too long to answer.', isError: true, isUnknown: true });
    const [card] = chat.cards();
    await chat.press(card);
    const outcome = 'You approved it. Whether it was done is not known, and it is not tried again.';
    expect(outcomeOf(chat.cards()[0])).toBe(outcome);
    expect((await noteOf())[0]).toContain('Whether it was made is not known.');
    await chat.press(card);
    expect(made).toHaveLength(1);
  });

  test('between the verdict and the call: the next click finds "unknown"', async () => {
    const [card] = chat.cards();
    const hash = (actionOf(card)?.payload as { hash: string } | undefined)?.hash ?? '';
    const decision = { verdict: 'approved', hash, at: clock, notBefore: 0 } as const;
    await chat.approvals.decide(context, chat.threadId(), card?.id ?? '', decision);
    await chat.press(card);
    expect(made).toEqual([]);
    expect(outcomeOf(chat.cards()[0])).toContain('Whether it was done is not known');
  });
});

test('a visitor who has asked something else meanwhile gets the call made, and no second answer', async () => {
  await chat.ask('Please close my ticket');
  const [card] = chat.cards();
  wanted = { ...CLOSE, tool: 'open_ticket' };
  await chat.ask('And open another');
  const events = await chat.press(card);
  expect(made).toEqual([CALL]);
  expect(types(events)).toEqual(['stream_options', 'thread.item.added', 'thread.item.done', 'thread.item.replaced']);
  expect((await noteOf()).join()).toMatch(/has not decided.*This is what the tool answered/s);
});

function argument(name: string, value: string) {
  return {
    type: 'Col',
    gap: 0,
    children: [
      { type: 'Caption', value: name },
      { type: 'Text', value, size: 'sm' },
    ],
  };
}
