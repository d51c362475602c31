import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Database, openDatabase } from '../../../server/store/database.ts';
import { type McpFake, startMcpServer } from '../../fakes/mcp-server.ts';
import { type ResponsesUpstream, startResponsesUpstream } from '../../fakes/responses-upstream.ts';
import { makeContext, tokenOf } from '../agent/mcp/mcp-world.ts';
import { makeToolChat, type ToolChat } from './tool-chat.ts';

// What a model may do with tools that change something: a real server of tools, a real endpoint of a model that says
// what the test wants, and a visitor who presses buttons. G18 and other ids of connections are with the connections.

let db: Database;
let tools: McpFake;
let upstream: ResponsesUpstream;
/** Tickets that were closed, and by whom. */
let closed: string[];
let chat: ToolChat;
let token: string;

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
  token = await tokenOf('ada');
  const auth = { mode: 'user_header', audience: 'docs' } as const;
  const context = makeContext([{ name: 'tickets', url: tools.url, auth }], { id: 'ada', token: async () => token });
  chat = makeToolChat({ db, upstream, context, allow: [tools.host] });
});
afterEach(async () => {
  await Promise.all([tools.close(), upstream.close(), db.close()]);
});

const said = (text: string) => ({ content: [{ type: 'text' as const, text }] });
const callTo = (tool: string, id: number) => ({ call: `tickets__${tool}`, arguments: { id } });

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
    expect(closed).toEqual([`7 Bearer ${token}`]);
    expect(chat.items().map(({ type }) => type)).toEqual(['user_message', 'widget', 'workflow', 'assistant_message']);
    expect(asked()[1]).toContain('it was made once. This is what the tool answered.');
    expect(asked()[1]).toContain('Ticket 7 is closed.');
    // In the user's role, as data.
    const { input } = JSON.parse(asked()[1] ?? '') as { input: { role?: string; content?: unknown }[] };
    const outside = input.filter(({ role }) => role !== 'user');
    expect(JSON.stringify(outside)).not.toContain('closed');
    expect(asked().join()).not.toContain(token);
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
    expect(closed).toEqual([`7 Bearer ${token}`]);
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
