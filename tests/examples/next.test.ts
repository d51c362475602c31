import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../tools/chromium.ts';
import { runSite } from '../e2e/run-site.ts';
import { type Stack, startStack } from '../e2e/stack.ts';
import { freePort } from '../fakes/free-port.ts';
import { startHostedChatKit } from '../fakes/hosted-chatkit.ts';
import { startResponsesUpstream } from '../fakes/responses-upstream.ts';
import { type Example, openExample } from './example.ts';

// The Next.js app as its owner makes it: built against `pagewise` as npm packs it, beside the real server, which knows
// the app's users by the secret that both have.

const SECRET = 'a secret of the shop and its chat server, 32 bytes at least';
const COOKIE = '__Host-user-token';

let browser: Browser;
let stack: Stack;
let example: Example;
let siteUrl: string;
let context: BrowserContext;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  [browser, stack] = await Promise.all([launchChromium(), startStack({ DEMO_PORT: '0' })]);
  const port = await freePort();
  siteUrl = `http://localhost:${port}`;
  const identity = ['identity=secret', `issuer=${siteUrl}`, `identity.secret=${SECRET}`, 'direct-user-token=true'];
  await runSite(stack, 'add', 'shop', siteUrl, ...identity);
  example = openExample('next', {
    PAGEWISE_URL: stack.chatUrl,
    USER_TOKEN_SECRET: SECRET,
    USER_TOKEN_ISSUER: siteUrl,
    NEXT_TELEMETRY_DISABLED: '1',
  });
  await example.run('next', 'build');
  await example.serve(`${siteUrl}/login`, 'next', 'start', '--port', String(port));
});
afterAll(async () => {
  await browser.close();
  await example.close();
  await stack.close();
});

beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  page = await context.newPage();
  complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
});
afterEach(() => context.close());

const composer = (): Locator => page.getByRole('textbox', { name: 'Message' });
const log = (): Locator => page.getByRole('log');

async function signIn(name: 'Ada' | 'Bo', password = name === 'Ada' ? 'lighthouse' : 'breakwater'): Promise<void> {
  await page.goto(siteUrl);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function ask(question: string): Promise<void> {
  await composer().fill(question);
  await page.getByRole('button', { name: 'Send message' }).click({ trial: true });
  await composer().press('Enter');
}

/** Asks, and waits until the answer has ended with these words in it. */
async function answered(question: string, words: string): Promise<void> {
  await ask(question);
  await log().getByText(words).first().waitFor();
  await page.getByRole('button', { name: 'Stop answering' }).waitFor({ state: 'hidden' });
}

test('D15 a user signs in, and the token is in a cookie that no script and no page can read', async () => {
  await signIn('Ada', 'guessed');
  await page.getByText('do not go together').waitFor();
  await signIn('Ada');
  await composer().waitFor();

  const [cookie, ...others] = await context.cookies();
  expect(cookie).toMatchObject({ name: COOKIE, httpOnly: true, secure: true, sameSite: 'Lax', path: '/' });
  expect(others).toEqual([]);
  const token = cookie?.value ?? '';
  expect(token).toMatch(/^eyJ/);
  const seen = await page.evaluate(() =>
    JSON.stringify([
      document.cookie,
      document.documentElement.outerHTML,
      Object.entries(localStorage),
      Object.entries(sessionStorage),
    ]),
  );
  expect(seen).not.toContain(token);
  expect(complaints).toEqual([]);
});

test('the script of the element is in the HTML, before anything that the app runs', async () => {
  const html = await (await page.request.get(`${siteUrl}/login`)).text();
  expect(html).toContain(`${stack.chatUrl}/chatkit.js`);
  await signIn('Ada');
  await composer().waitFor();
  expect(await page.evaluate(() => document.querySelectorAll('openai-chatkit').length)).toBe(1);
});

test('the chat stays while its user goes from page to page, and each question is about the page shown', async () => {
  await signIn('Ada');
  await composer().waitFor();
  const documentOfThisVisit = await page.evaluateHandle(() => document);
  await answered('Within how many days can I send something back?', '60 days');
  await page.getByRole('link', { name: 'Delivery', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Delivery' }).waitFor();
  await answered('What does delivery to a berth cost?', '12 euros');
  expect(await log().innerText()).toContain('60 days');
  expect(await documentOfThisVisit.evaluate((seen) => seen === document)).toBe(true);
  expect(complaints).toEqual([]);
});

test('each user has a history of their own, here and in another browser', async () => {
  await signIn('Bo');
  await answered('How long can an anchor light be sent back?', '60 days');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await context.cookies()).toEqual([]);
  await signIn('Ada');
  await answered('Which order is a mooring line?', 'HS-2041');
  await page.getByRole('button', { name: 'Chat history' }).click();
  const history = page.getByRole('region', { name: 'Chat history' });
  await history.getByText('mooring line').first().waitFor();
  expect(await history.innerText()).not.toContain('anchor');

  await context.clearCookies();
  page = await (await browser.newContext()).newPage();
  await signIn('Bo');
  await page.getByRole('button', { name: 'Chat history' }).click();
  await page.getByRole('region', { name: 'Chat history' }).getByText('anchor').waitFor();
  await page.context().close();
});

test('D16 without the cookie the route answers 401 as JSON, and the page shows where to sign in', async () => {
  const refused = await page.request.post(`${siteUrl}/api/chatkit`, {
    headers: { origin: siteUrl, 'sec-fetch-site': 'same-origin' },
    data: { type: 'threads.list', params: {} },
  });
  expect(refused.status()).toBe(401);
  expect(await refused.json()).toMatchObject({ error: { code: 'user_token_required' } });

  await signIn('Ada');
  await composer().waitFor();
  await context.clearCookies();
  await ask('Are you there?');
  await page.getByRole('alert').getByText('You are signed out').waitFor();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('a script that cannot be loaded is said, in place of an empty column', async () => {
  await page.route('**/chatkit.js', (route) => route.abort());
  await signIn('Ada');
  await page.getByText('The chat could not be loaded').waitFor();
});

test('OpenAI’s element stands in the place of ours with the same options, the same fetch and the same route', async () => {
  const hosted = await startHostedChatKit();
  try {
    // In place of a second build with the other constant: the app asks for its script, and gets OpenAI's.
    await page.route('**/chatkit.js', async (route) =>
      route.fulfill({ contentType: 'text/javascript', body: await hosted.source() }),
    );
    await signIn('Bo');
    const frame = page.locator('openai-chatkit').frameLocator('iframe');
    await frame.getByRole('heading', { name: 'How can we help?' }).waitFor();
    await frame.getByRole('textbox', { name: 'Message' }).fill('Within how many days can I send something back?');
    await frame.getByRole('textbox', { name: 'Message' }).press('Enter');
    await frame.getByRole('log').getByText('60 days').waitFor();
    expect(complaints).toEqual([]);
  } finally {
    await hosted.close();
  }
});

test('an answer is shown while it is made, and stopped at the model when the visitor stops it', async () => {
  const upstream = await startResponsesUpstream();
  try {
    await stack.restart({ DEMO_PORT: '0', OPENAI_API_KEY: 'sk-example', OPENAI_BASE_URL: upstream.baseUrl });
    upstream.steps.push({ stallAfter: ['The first half ', 'is here'] });
    await signIn('Ada');
    await ask('Tell me everything');
    await log().getByText('The first half is here').waitFor();
    await page.getByRole('button', { name: 'Stop answering' }).click();
    await page.getByRole('button', { name: 'Stop answering' }).waitFor({ state: 'hidden' });
    await expect.poll(() => upstream.left).toBe(1);
    expect(JSON.stringify(upstream.requests.map(({ body }) => body))).not.toContain('eyJ');
  } finally {
    await upstream.close();
  }
});
