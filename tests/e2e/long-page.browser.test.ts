import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../tools/chromium.ts';
import { ChatWindow } from './chat-window.ts';
import { type Stack, startStack } from './stack.ts';
import { visit } from './visit.ts';

// A page of which only a part goes along with a question: the answer stands in the other part.

const QUESTION = 'Does my licence lapse?';
const ANSWER = 'The course takes four hours online and is valid for two years.';

interface Sent {
  type: string;
  metadata?: { pageContext?: { text?: string } };
}

let browser: Browser;
let stack: Stack;
let page: Page;
let chat: ChatWindow;
let sent: Sent[];
/** What becomes of the request that carries a tool's output; without it, it goes on. */
let onOutput: ((route: Route) => Promise<void> | void) | undefined;

beforeAll(async () => {
  browser = await launchChromium();
  stack = await startStack();
});
afterAll(async () => {
  await browser.close();
  await stack.close();
});
beforeEach(async () => {
  [sent, onOutput] = [[], undefined];
  page = await visit(browser, `${stack.demoUrl}/handbook.html`);
  await page.route(`${stack.chatUrl}/chatkit`, async (route) => {
    const body = route.request().postData();
    const request = JSON.parse(body ?? '{}') as Sent;
    if (body !== null) sent.push(request);
    if (request.type === 'threads.add_client_tool_output' && onOutput) await onOutput(route);
    else await route.continue();
  });
  chat = new ChatWindow(page);
  await chat.open();
});
afterEach(() => page.context().close());

const marked = () =>
  page.evaluate(() => [...(CSS.highlights.get('pagewise-passage') ?? [])].map((range) => (range as Range).toString()));
const isInView = (text: string) =>
  page
    .locator('main')
    .getByText(text)
    .first()
    .evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    });

async function askWithoutWaiting(): Promise<void> {
  await chat.composer.fill(QUESTION);
  await chat.composer.press('Enter');
}

/** Resolves with the request that carries the tool's output, held back. */
function holdOutput(): Promise<Route> {
  return new Promise((resolve) => {
    onOutput = resolve;
  });
}

test('the answer is read in a part that was not sent at first, and shown where it stands', async () => {
  await chat.ask(QUESTION);
  expect(await chat.log.innerText()).toContain(ANSWER);
  const [first, second] = sent.filter(({ metadata }) => metadata?.pageContext);
  expect(first?.metadata?.pageContext?.text).not.toContain(ANSWER);
  expect(second?.type).toBe('threads.add_client_tool_output');
  expect(second?.metadata?.pageContext?.text).toContain(ANSWER);
  expect(await marked()).toEqual([]);

  await chat.ask('Where does it say that?');
  await expect.poll(() => isInView(ANSWER)).toBe(true);
  expect((await marked()).join('')).toContain(ANSWER);
  expect(await chat.panel.isVisible()).toBe(true);

  await page.reload();
  await chat.composer.waitFor();
  await chat.log.getByText(ANSWER).first().waitFor();
  // What was shown once is not shown again by reading the thread.
  expect(await marked()).toEqual([]);
});

test('the outline leads to a section by a click, and on another page by a link', async () => {
  await chat.ask('What is on this page?');
  const entry = chat.log.getByRole('button', { name: 'Weighing and measuring' });
  await entry.click();
  await expect.poll(marked).toEqual(['Weighing and measuring']);
  await expect.poll(() => isInView('Weighing and measuring')).toBe(true);

  await chat.log.getByRole('button', { name: 'Show more' }).click();
  await chat.log.getByRole('button', { name: 'Claims', exact: true }).click();
  await expect.poll(marked).toEqual(['Claims']);

  await page.goto(`${stack.demoUrl}/pricing.html`);
  await chat.composer.waitFor();
  await entry.click();
  const link = chat.panel.getByRole('link', { name: 'Handbook - Pelorin: Weighing and measuring' });
  expect(await link.getAttribute('href')).toBe(`${stack.demoUrl}/handbook.html#:~:text=Weighing%20and%20measuring`);
  expect(await marked()).toEqual([]);
});

test('a page that is left in between leaves a thread that goes on', async () => {
  const output = holdOutput();
  await askWithoutWaiting();
  await output;
  await page.goto(`${stack.demoUrl}/pricing.html`);
  // The panel stays open from page to page.
  await chat.composer.waitFor();
  await chat.log.getByText(QUESTION).waitFor();
  await chat.button('Stop answering').waitFor({ state: 'hidden' });
  await chat.ask('How long can I try the Cutter plan for free?');
  expect(await chat.log.innerText()).toContain('21 days');
});

test('a panel that is closed in between has the answer when it is opened again', async () => {
  const output = holdOutput();
  await askWithoutWaiting();
  const route = await output;
  await chat.button('Close').click();
  await chat.panel.waitFor({ state: 'hidden' });
  await route.continue();
  await chat.launcher.click();
  await chat.log.getByText(ANSWER).first().waitFor();
});

test('a visitor who stops in between can ask again', async () => {
  const output = holdOutput();
  await askWithoutWaiting();
  const route = await output;
  await chat.button('Stop answering').click();
  await chat.button('Stop answering').waitFor({ state: 'hidden' });
  await route.abort();
  onOutput = undefined;
  await chat.ask('Does my certificate lapse?');
  expect(await chat.log.innerText()).toContain(ANSWER);
});
