import { createHmac } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../tools/chromium.ts';
import { ChatWindow } from './chat-window.ts';
import { runSite } from './run-site.ts';
import { type Stack, startStack } from './stack.ts';

// Who is asking, through the whole product: users of the demo site, proven by a secret that it shares with the server.

const SECRET = 'a secret of the demo site, which nobody else has';
const ISSUER = 'https://login.pelorin.example';
const VISITOR_KEY = 'pagewise:demo:visitor';

let browser: Browser;
let stack: Stack;
let context: BrowserContext;

beforeAll(async () => {
  [browser, stack] = await Promise.all([launchChromium(), startStack()]);
  await runSite(stack, 'set', 'demo', 'identity=secret', `issuer=${ISSUER}`, `secret=${SECRET}`, 'claims=plan');
});
afterAll(async () => {
  await browser.close();
  await stack.close();
});
beforeEach(async () => {
  context = await browser.newContext();
});
afterEach(() => context.close());

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What the site's own server signs for a user who has logged in there. */
function userToken(sub: string): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: ISSUER, aud: 'demo', sub, iat: now, exp: now + 300, name: sub };
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`;
}

async function visit(inContext = context): Promise<ChatWindow> {
  const page = await inContext.newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(`${stack.demoUrl}/pricing.html`);
  return new ChatWindow(page);
}

const visitorToken = (page: Page) => page.evaluate((key) => localStorage.getItem(key), VISITOR_KEY);
async function expectNothing(chat: ChatWindow): Promise<void> {
  await chat.panel.getByText('How can Pelorin help?').waitFor();
  await chat.button('Chat history').click();
  await chat.panel.getByText('No chats yet').waitFor();
  await chat.button('Back to chat').click();
}

async function expectInHistory(chat: ChatWindow, count: number): Promise<void> {
  await chat.button('Chat history').click();
  const threads = chat.panel.getByRole('region', { name: 'Chat history' }).getByRole('listitem');
  await threads.first().waitFor();
  expect(await threads.count()).toBe(count);
  await chat.button('Back to chat').click();
}

/** A thief has copied what this origin stored, and opens the same page elsewhere. */
async function steal(stored: string | null): Promise<[ChatWindow, BrowserContext]> {
  const elsewhere = await browser.newContext();
  await elsewhere.addInitScript(
    ([key = '', value = '']) => {
      if (!localStorage.getItem(key)) localStorage.setItem(key, value);
    },
    [VISITOR_KEY, stored ?? ''],
  );
  return [await visit(elsewhere), elsewhere];
}

test('C1 who signs in takes the chats along: on screen, after a reload and in another browser', async () => {
  const chat = await visit();
  await chat.open();
  await chat.ask('How much does Cutter cost?');
  expect(await chat.call('identify', userToken('ann'))).toBe('done');
  await chat.asked('How much does Cutter cost?').waitFor();
  await chat.ask('And Clipper?');
  await chat.page.reload();
  await chat.composer.waitFor();
  await chat.asked('And Clipper?').waitFor();

  const elsewhere = await browser.newContext();
  try {
    const other = await visit(elsewhere);
    expect(await other.call('identify', userToken('ann'))).toBe('done');
    await other.open();
    await expectInHistory(other, 1);
  } finally {
    await elsewhere.close();
  }
});

test('C3 after a logout the browser knows nothing of the user, and the old visitor token opens nothing', async () => {
  const chat = await visit();
  await chat.call('identify', userToken('bob'));
  await chat.open();
  await chat.ask('How much does Cutter cost?');
  const token = await visitorToken(chat.page);
  expect(await chat.call('logout')).toBe('done');
  await expectNothing(chat);
  expect(await visitorToken(chat.page)).not.toBe(token);

  const [thief, elsewhere] = await steal(token);
  try {
    await thief.open();
    await expectNothing(thief);
    expect(await visitorToken(thief.page)).not.toBe(token);
  } finally {
    await elsewhere.close();
  }
});

test('C4 another user in the same browser sees nothing of the last one; the last one’s chats stay theirs', async () => {
  const chat = await visit();
  await chat.call('identify', userToken('cid'));
  await chat.open();
  await chat.ask('How much does Cutter cost?');
  expect(await chat.call('identify', userToken('dot'))).toBe('done');
  await expectNothing(chat);
  await chat.ask('How much does Clipper cost?');
  expect(await chat.call('identify', userToken('cid'))).toBe('done');
  await expectInHistory(chat, 1);
  expect(await chat.panel.innerText()).not.toContain('Clipper cost');
});

test('two tabs: one signs in, both are the user; one logs out, both are nobody', async () => {
  const [first, second] = [await visit(), await visit()];
  await Promise.all([first.open(), second.open()]);
  expect(await visitorToken(first.page)).toBe(await visitorToken(second.page));
  await first.ask('How much does Cutter cost?');
  expect(await first.call('identify', userToken('eve'))).toBe('done');
  await second.asked('How much does Cutter cost?').waitFor();
  await second.ask('And Clipper?');
  expect(await first.call('logout')).toBe('done');
  await expectNothing(first);
  await expectNothing(second);
  await second.ask('How long is the free trial?');
  await expectInHistory(second, 1);
});

test('C5 a visitor token that somebody planted or copied reads nothing once the user has signed in', async () => {
  const attacker = await visit();
  await attacker.open();
  const planted = await visitorToken(attacker.page);
  const [victim, elsewhere] = await steal(planted);
  try {
    await victim.open();
    expect(await visitorToken(victim.page)).toBe(planted);
    expect(await victim.call('identify', userToken('fay'))).toBe('done');
    await victim.ask('How much does Cutter cost?');
    await attacker.page.reload();
    await attacker.composer.waitFor();
    await expectNothing(attacker);
    expect(await visitorToken(attacker.page)).not.toBe(planted);
  } finally {
    await elsewhere.close();
  }
});

test('a forged user token makes nobody of the visitor: the panel says so, and the site’s own token mends it', async () => {
  const chat = await visit();
  await chat.open();
  await chat.ask('How much does Cutter cost?');
  const [head, , signature] = userToken('gus').split('.');
  const forged = [head, Buffer.from('{"sub":"ann"}').toString('base64url'), signature].join('.');
  expect(await chat.call('identify', forged)).toBe('token_invalid');
  await chat.panel.getByRole('alert').waitFor();
  expect(await chat.asked('How much does Cutter cost?').count()).toBe(0);
  expect(await chat.call('identify', userToken('gus'))).toBe('done');
  await chat.composer.waitFor();
  await expectInHistory(chat, 1);
});

test('where a sign-in is required the panel leads to the site’s login, and opens for who has been there', async () => {
  await runSite(stack, 'set', 'demo', 'require-sign-in=true', `sign-in-url=${stack.demoUrl}/login`);
  try {
    const chat = await visit();
    await chat.launcher.click();
    await chat.panel.getByText('Please sign in to Pelorin to use the chat.').waitFor();
    const login = chat.panel.getByRole('link', { name: 'Sign in' });
    expect(await login.getAttribute('href')).toBe(`${stack.demoUrl}/login`);
    expect(await chat.call('identify', userToken('hal'))).toBe('done');
    await chat.composer.waitFor();
    await chat.ask('How much does Cutter cost?');
    expect(await chat.call('logout')).toBe('done');
    await login.waitFor();
    expect(await visitorToken(chat.page)).toBeNull();
  } finally {
    await runSite(stack, 'set', 'demo', 'require-sign-in=', 'sign-in-url=');
  }
});

test('a sign-in that was proven too long ago opens nothing; its visitor may go on as nobody', async () => {
  const chat = await visit();
  await chat.call('identify', userToken('ida'));
  await chat.open();
  await chat.ask('How much does Cutter cost?');
  // A third of a second: over before the command has ended.
  await runSite(stack, 'set', 'demo', 'sign-in-hours=0.0001');
  try {
    await chat.page.reload();
    await chat.panel.getByText('Your sign-in has ended. Sign in to Pelorin again to see your chats.').waitFor();
    await chat.button('Go on without signing in').click();
    await expectNothing(chat);
  } finally {
    await runSite(stack, 'set', 'demo', 'sign-in-hours=');
  }
});
