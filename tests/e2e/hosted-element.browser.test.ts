import type { Browser, ConsoleMessage, FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../tools/chromium.ts';
import { type HostedChatKit, startHostedChatKit } from '../fakes/hosted-chatkit.ts';
import { ChatWindow } from './chat-window.ts';
import { type Stack, startStack } from './stack.ts';

// `data-chatkit`: the element of somebody else in our panel, with our server. OpenAI's own script is not to be had in a
// test; a stand-in behaves as its published contract says.

const OPENAI = 'https://cdn.platform.openai.com/deployments/chatkit/chatkit.js';
const QUESTION = 'How long can I try the Cutter plan for free?';

let browser: Browser;
let stack: Stack;
let hosted: HostedChatKit;
let page: Page;
let chat: ChatWindow;
let warnings: string[];
let harm: string[];

beforeAll(async () => {
  browser = await launchChromium();
  stack = await startStack();
});
beforeEach(async () => {
  hosted = await startHostedChatKit();
  [warnings, harm] = [[], []];
});
afterEach(async () => {
  await page.context().close();
  await hosted.close();
  expect(harm).toEqual([]);
});
afterAll(async () => {
  await browser.close();
  await stack.close();
});

/** A page of the demo site whose tag has these attributes too, under the site's own policy or a given one. */
async function visit(attributes: string, policy?: string): Promise<void> {
  // A page that a test rewrites counts as one of the open net, which has to ask before it calls this machine.
  const permissions = ['local-network-access'];
  page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, permissions })).newPage();
  page.setDefaultTimeout(8_000);
  page.on('pageerror', (error) => harm.push(error.message));
  page.on('console', (message: ConsoleMessage) => {
    if (message.type() === 'warning') warnings.push(message.text());
  });
  await page.route(`${stack.demoUrl}/*.html`, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace('data-site-token=', `${attributes} data-site-token=`);
    const headers = { ...response.headers(), ...(policy && { 'content-security-policy': policy }) };
    await route.fulfill({ response, body, headers });
  });
  await page.goto(`${stack.demoUrl}/pricing.html`);
  chat = new ChatWindow(page);
}

const frame = (): FrameLocator => chat.panel.frameLocator('iframe');
const theirComposer = () => frame().getByRole('textbox', { name: 'Message' });
const theirLog = () => frame().getByRole('log');

async function askThere(question: string): Promise<void> {
  await theirComposer().fill(question);
  await theirComposer().press('Enter');
}

test('the hosted element chats with our server about the page, and remembers', async () => {
  await visit(`data-chatkit="${hosted.script}" data-domain-key="domain_pk_1"`);
  const assets: string[] = [];
  page.on('request', (request) => void assets.push(new URL(request.url()).pathname));
  await chat.launcher.click();
  await frame().getByText('How can Pelorin help?').waitFor();
  await askThere(QUESTION);
  await theirLog().getByText('21 days').waitFor();
  expect(hosted.received.find(({ path }) => path === '/domain_keys/verify')?.body).toBe(
    JSON.stringify({ domainKey: 'domain_pk_1', domain: stack.demoUrl }),
  );
  // Ours is not loaded beside it, nor is a word of what was said told to the other origin.
  expect(assets.filter((path) => path.includes('/element-'))).toEqual([]);
  expect(hosted.received.map(({ path }) => path).toSorted()).toEqual(
    ['/chatkit.js', '/domain_keys/verify', '/frame.css', '/frame.html', '/frame.js'].toSorted(),
  );

  await page.reload();
  // A panel that was open stays open.
  await theirLog().getByText('21 days').waitFor();
});

test('openai stands for the address that OpenAI publishes', async () => {
  await visit('data-chatkit="openai" data-domain-key="domain_pk_1"');
  await page.route(OPENAI, async (route) =>
    route.fulfill({ contentType: 'text/javascript', body: await hosted.source() }),
  );
  await chat.launcher.click();
  await askThere(QUESTION);
  await theirLog().getByText('21 days').waitFor();
  expect(warnings).toEqual([]);
});

/** Now the script that waits for it defines the tag. */
const define = () =>
  page.waitForFunction(() => {
    dispatchEvent(new Event('hosted-chatkit:define'));
    return customElements.get('openai-chatkit') !== undefined;
  });

test('a tag that is defined late is waited for', async () => {
  hosted.isLate = true;
  await visit(`data-chatkit="${hosted.script}"`);
  const loaded = page.waitForResponse(hosted.script);
  await chat.launcher.click();
  await loaded;
  await chat.panel.getByRole('status').filter({ hasText: 'The chat is starting' }).waitFor();
  expect(await chat.panel.locator('openai-chatkit').count()).toBe(0);
  await define();
  await theirComposer().waitFor();
});

test('a page that loads the script itself has it once', async () => {
  hosted.isLate = true;
  await visit(`data-chatkit="${hosted.script}"`);
  await page.evaluate((src) => {
    const script = document.createElement('script');
    script.src = src;
    document.head.append(script);
  }, hosted.script);
  const chunk = page.waitForResponse(/hosted-element-/);
  await chat.launcher.click();
  await chunk;
  await define();
  await theirComposer().waitFor();
  expect(hosted.received.filter(({ path }) => path === '/chatkit.js')).toHaveLength(1);
  expect(
    await page.evaluate((src) => [...document.scripts].filter((script) => script.src === src).length, hosted.script),
  ).toBe(1);
});

test('ours takes over at once when the script is blocked or the visitor offline', async () => {
  await visit('data-chatkit="openai" data-domain-key="domain_pk_1"');
  await page.route(OPENAI, (route) => route.abort());
  await chat.open();
  await chat.ask(QUESTION);
  expect(await chat.log.innerText()).toContain('21 days');
  expect(warnings).toEqual([`Pagewise: ${OPENAI} could not be loaded. Its own chat element takes over.`]);
});

test('ours takes over after ten seconds of a script that does not come', async () => {
  await visit('data-chatkit="openai"');
  await page.route(OPENAI, () => new Promise(() => undefined));
  await page.clock.install();
  const asked = page.waitForRequest(OPENAI);
  await chat.launcher.click();
  await asked;
  await page.clock.runFor(9_900);
  expect(await chat.panel.locator('openai-chatkit').count()).toBe(0);
  await page.clock.runFor(200);
  await page.clock.resume();
  await chat.composer.waitFor();
  expect(warnings).toEqual([
    `Pagewise: ${OPENAI} has not defined openai-chatkit after 10 s. Its own chat element takes over.`,
  ]);
});

test('a domain that is refused is said with the name of the attribute, and can be tried again', async () => {
  hosted.domains = 'refused';
  await visit(`data-chatkit="${hosted.script}" data-domain-key="of another site"`);
  await chat.launcher.click();
  const alert = chat.panel.getByRole('alert');
  await alert.getByText('data-domain-key').waitFor();
  hosted.domains = 'allowed';
  await chat.button('Try again').click();
  await askThere(QUESTION);
  await theirLog().getByText('21 days').waitFor();
});

test('so is one that is refused without a word', async () => {
  hosted.domains = 'silent';
  await visit(`data-chatkit="${hosted.script}"`);
  await page.clock.install();
  const asked = page.waitForResponse(/domain_keys/);
  await chat.launcher.click();
  await page.clock.runFor(100);
  await page.clock.resume();
  await asked;
  await page.clock.pauseAt(Date.now() + 60_000);
  await chat.panel.getByRole('alert').getByText('data-domain-key').waitFor();
});

test('under Trusted Types, where no address may become a script’s, it is imported', async () => {
  const [chatOrigin, own] = [new URL(stack.chatUrl).origin, hosted.origin];
  await visit(
    `data-chatkit="${hosted.script}"`,
    `default-src 'self'; script-src ${chatOrigin} ${own}; connect-src ${chatOrigin}; frame-src ${own}; style-src 'self'; require-trusted-types-for 'script'`,
  );
  await chat.launcher.click();
  await askThere(QUESTION);
  await theirLog().getByText('21 days').waitFor();
});

test('words selected on the page go to it as a quote', async () => {
  await visit(`data-chatkit="${hosted.script}"`);
  await page.locator('main p').first().click({ clickCount: 3 });
  await page.getByRole('button', { name: 'Ask about the selected text' }).click();
  await frame().getByText('Three plans, billed each month.').waitFor();
  await expect.poll(() => theirComposer().evaluate((composer) => composer === document.activeElement)).toBe(true);
  const sent = page.waitForRequest((request) => request.postData()?.includes('threads.create') === true);
  await askThere('How much is that?');
  expect((await sent).postDataJSON()).toMatchObject({
    params: { input: { quoted_text: expect.stringContaining('Three plans, billed each month.') } },
  });
});

test('its header is not covered by our close button', async () => {
  await visit(`data-chatkit="${hosted.script}"`);
  await chat.launcher.click();
  await theirComposer().waitFor();
  const [own, theirs] = [await chat.button('Close').boundingBox(), await frame().locator('header').boundingBox()];
  expect((own?.y ?? 0) + (own?.height ?? 0)).toBeLessThanOrEqual(theirs?.y ?? 0);
  await chat.button('Close').click();
  await chat.panel.waitFor({ state: 'hidden' });
});
