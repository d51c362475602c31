import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../../tools/chromium.ts';
import { axeViolations } from '../../axe-violations.ts';
import { ChatWindow } from '../../e2e/chat-window.ts';
import { SITE_TOKEN } from '../embed/two-origins.ts';
import { LOGIN, type SigningInServer, startSigningInServer } from './signing-in-server.ts';

// Who is asking, as the browser tells it: the built files against a server with users.

let browser: Browser;
let server: SigningInServer;
let context: BrowserContext;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), startSigningInServer()]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});
beforeEach(async () => {
  server.requiresSignIn = false;
  server.received.length = 0;
  for (const user of ['', 'ann', 'ben', 'forged'])
    server.pages.set(`/${user}`, {
      html: `<!doctype html><html lang="en"><head><title>Plans</title><link rel="icon" href="data:,"></head><body><main><h1>Plans</h1></main>
        <script async src="${server.chat}/widget.js" data-site-token="${SITE_TOKEN}" data-user-token="${user}"></script></body></html>`,
    });
  context = await browser.newContext();
});
afterEach(() => context.close());

async function visit(path = '/', inContext = context): Promise<ChatWindow> {
  const page = await inContext.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(server.page + path);
  return new ChatWindow(page);
}

const empty = async (chat: ChatWindow): Promise<void> => {
  await chat.panel.getByText('What would you like to know?').waitFor();
};

const sessions = () => server.received.filter(({ path }) => path === '/v1/session');

test('a user of the tag is not told to anybody before the first click, then with the first session', async () => {
  const chat = await visit('/ann');
  expect(await chat.call('identify', 'ben')).toBe('done');
  expect(sessions()).toEqual([]);
  await chat.open();
  expect(sessions().map(({ body }) => body)).toEqual([{ user_token: 'ben' }]);
  expect(await chat.page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]))).not.toContain(
    '"ben"',
  );
});

test('C1 who signs in keeps the conversation on screen; the old visitor token opens nothing', async () => {
  const chat = await visit();
  await chat.open();
  await chat.ask('What did I ask as nobody?');
  const before = await chat.page.evaluate(() => localStorage.getItem('pagewise:site_test:visitor'));
  expect(await chat.call('identify', 'ann')).toBe('done');
  await chat.asked('What did I ask as nobody?').waitFor();
  expect(server.visitors.has(before ?? '')).toBe(false);
  // The same user once more, with a fresh token: a question half typed stays.
  await chat.composer.fill('half a question');
  expect(await chat.call('identify', 'ann')).toBe('done');
  expect(await chat.composer.inputValue()).toBe('half a question');
});

test('C4 another user in the same browser sees nothing of the last one, without a logout between them', async () => {
  const chat = await visit('/ann');
  await chat.open();
  await chat.ask('A secret of Ann');
  expect(await chat.call('identify', 'ben')).toBe('done');
  await empty(chat);
  expect(await chat.asked('A secret of Ann').count()).toBe(0);
  await chat.button('Chat history').click();
  await chat.panel.getByText('No chats yet').waitFor();
  // Nor on the next page.
  await chat.page.goto(`${server.page}/ben`);
  await chat.composer.waitFor();
  await empty(chat);
});

test('C3 after a logout there is nothing on screen or in storage, and the visitor is over at the server', async () => {
  const chat = await visit('/ann');
  await chat.open();
  await chat.ask('A secret of Ann');
  const token = await chat.page.evaluate(() => localStorage.getItem('pagewise:site_test:visitor'));
  expect(await chat.call('logout')).toBe('done');
  await empty(chat);
  expect(server.visitors.has(token ?? '')).toBe(false);
  expect(sessions().map(({ method }) => method)).toContain('DELETE');
  await chat.button('Chat history').click();
  await chat.panel.getByText('No chats yet').waitFor();
});

test('a logout on a page that never opened the chat ends the visitor of the pages before', async () => {
  const chat = await visit('/ann');
  await chat.open();
  await chat.button('Close').click();
  const [token] = [...server.visitors.keys()].slice(-1);
  await chat.page.goto(`${server.page}/`);
  expect(await chat.call('logout')).toBe('done');
  expect(server.visitors.has(token ?? '')).toBe(false);
  expect(await chat.page.evaluate(() => localStorage.length)).toBe(0);
});

test('A34 two tabs that start at once are one visitor; what one does to it, the other follows', async () => {
  const [first, second] = [await visit(), await visit()];
  await Promise.all([first.open(), second.open()]);
  expect(new Set(sessions().map(({ headers }) => headers.authorization)).size).toBe(1);
  const tokens = () =>
    Promise.all(
      [first, second].map(({ page }) => page.evaluate(() => localStorage.getItem('pagewise:site_test:visitor'))),
    );
  expect(new Set(await tokens()).size).toBe(1);
  await first.ask('Asked by nobody');
  expect(await first.call('identify', 'ann')).toBe('done');
  // The second tab has become Ann's too, and shows what she sees.
  await second.asked('Asked by nobody').waitFor();
  await second.ask('A secret of Ann');
  expect(await first.call('logout')).toBe('done');
  await empty(second);
  expect(await second.asked('A secret of Ann').count()).toBe(0);
  await second.ask('Asked by the next');
  expect(await second.log.innerText()).not.toContain('secret');
});

test('a stolen visitor token is worth nothing once its visitor has signed in or out', async () => {
  const chat = await visit();
  await chat.open();
  await chat.ask('Asked by nobody');
  const stolen = await chat.page.evaluate(() => JSON.stringify(localStorage));
  await chat.call('identify', 'ann');
  await chat.ask('A secret of Ann');
  const thief = await browser.newContext();
  try {
    await thief.addInitScript((stored) => Object.assign(localStorage, JSON.parse(stored)), stolen);
    const theirs = await visit('/', thief);
    await theirs.open();
    await empty(theirs);
    await theirs.button('Chat history').click();
    await theirs.panel.getByText('No chats yet').waitFor();
  } finally {
    await thief.close();
  }
});

test('a forged user is nobody: no conversation, not even the one of before', async () => {
  const chat = await visit();
  await chat.open();
  await chat.ask('Asked by nobody');
  expect(await chat.call('identify', 'forged')).toBe('token_invalid');
  await chat.panel.getByRole('alert').getByRole('button', { name: 'Try again' }).waitFor();
  expect(await chat.asked('Asked by nobody').count()).toBe(0);
});

test.each(['light', 'dark'] as const)(
  'where a sign-in is required the panel says so and leads there by keyboard, %s',
  async (colorScheme) => {
    server.requiresSignIn = true;
    const chat = await visit();
    await chat.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await chat.launcher.focus();
    await chat.page.keyboard.press('Enter');
    await chat.panel.getByText('Please sign in to Lumen Docs to use the chat.').waitFor();
    expect(await axeViolations(chat.page)).toEqual([]);
    expect(await chat.panel.getAttribute('aria-label')).toBe('Lumen Docs');
    for (const name of ['Close', 'Sign in']) {
      await chat.page.keyboard.press('Tab');
      expect(
        await chat.page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent || 'Close'),
      ).toBe(name);
    }
    await chat.page.route(LOGIN, (route) => route.fulfill({ contentType: 'text/html', body: '<h1>Login</h1>' }));
    await chat.page.keyboard.press('Enter');
    await chat.page.waitForURL(LOGIN);
  },
);

test('who signs in without a reload goes on where the panel asked for it', async () => {
  server.requiresSignIn = true;
  const chat = await visit();
  await chat.launcher.click();
  await chat.panel.getByText('Please sign in').waitFor();
  expect(await chat.call('identify', 'ann')).toBe('done');
  await chat.composer.waitFor();
  await chat.ask('Am I in?');
});

test('a sign-in that lapses ends the conversation on screen, and the visitor may go on as nobody', async () => {
  const chat = await visit('/ann');
  await chat.open();
  await chat.ask('A secret of Ann');
  const { answer } = server;
  let lapsed = true;
  server.answer = (request) =>
    lapsed && (request.path === '/chatkit' || (request.body as { visitor_token?: string } | undefined)?.visitor_token)
      ? { status: 401, body: { error: { code: 'user_token_required', message: '', sign_in: { site: 'Lumen Docs' } } } }
      : answer(request);
  try {
    await chat.composer.fill('And now?');
    await chat.composer.press('Enter');
    await chat.panel.getByText('Your sign-in has ended').waitFor();
    expect(await chat.asked('A secret of Ann').count()).toBe(0);
    lapsed = false;
    await chat.button('Go on without signing in').click();
    await empty(chat);
  } finally {
    server.answer = answer;
  }
});
