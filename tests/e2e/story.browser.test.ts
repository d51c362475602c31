import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../../tools/chromium.ts';
import { type ResponsesUpstream, startResponsesUpstream } from '../fakes/responses-upstream.ts';
import { ChatWindow } from './chat-window.ts';
import { type Stack, startStack } from './stack.ts';
import { visit } from './visit.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

describe('with the built-in model', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack.close());

  test('a visitor asks on two pages, reloads, and nobody else sees it', async () => {
    const page = await visit(browser, `${stack.demoUrl}/pricing.html`);
    const chat = new ChatWindow(page);
    await chat.open();
    await expect.poll(() => chat.isComposerFocused()).toBe(true);
    await chat.panel.getByText('How can Pelorin help?').waitFor();
    await chat.panel.getByRole('button', { name: 'What does it cost?' }).waitFor();

    await chat.ask('How long can I try the Cutter plan for free?');
    expect(await chat.log.innerText()).toContain('21 days');
    // The source is a link to the passage on this very page.
    const source = chat.log.getByRole('link').last();
    expect(await source.getAttribute('href')).toContain(`${stack.demoUrl}/pricing.html#:~:text=`);

    await page.goto(`${stack.demoUrl}/strict.html`);
    await chat.openIfClosed();
    await chat.log.getByText('How long can I try the Cutter plan for free?').waitFor();
    await chat.ask('For how long are backups kept?');
    expect(await chat.log.innerText()).toContain('35 days');

    await page.reload();
    await chat.openIfClosed();
    await chat.log.getByText('35 days').first().waitFor();
    expect(await chat.log.innerText()).toContain('21 days');

    await chat.button('Chat history').click();
    const history = chat.panel.getByRole('region', { name: 'Chat history' });
    await history.getByRole('listitem').first().waitFor();
    expect(await history.getByRole('listitem').count()).toBe(1);

    const stranger = new ChatWindow(await visit(browser, `${stack.demoUrl}/pricing.html`));
    await stranger.open();
    await stranger.button('Chat history').click();
    await stranger.panel.getByText('No chats yet').waitFor();
  });

  test('the story is there tomorrow: the server restarts and keeps it', async () => {
    const page = await visit(browser, `${stack.demoUrl}/`);
    const chat = new ChatWindow(page);
    await chat.open();
    await chat.ask('Where was Pelorin founded?');
    expect(await chat.log.innerText()).toContain('Rostock');
    await stack.restart();
    await page.reload();
    await chat.openIfClosed();
    await chat.log.getByText('Rostock').first().waitFor();
  });

  test('a page that does not say is told so plainly', async () => {
    const chat = new ChatWindow(await visit(browser, `${stack.demoUrl}/pricing.html`));
    await chat.open();
    await chat.ask('Which airline flies to Lisbon on Sundays?');
    expect(await chat.log.innerText()).toMatch(/does not say|doesn’t say|could not find/i);
  });

  test('a single-page app is answered about the view that is shown', async () => {
    const page = await visit(browser, `${stack.demoUrl}/app`);
    const chat = new ChatWindow(page);
    await chat.open();
    await chat.ask('Where is parcel PE-7719 held?');
    expect(await chat.log.innerText()).toContain('Linz');
    await page.getByRole('link', { name: 'Team' }).click();
    await chat.ask('Who is the owner of this account?');
    expect(await chat.log.innerText()).toContain('Jonna Reet');
  });
});

describe('with an endpoint that speaks the Responses API', () => {
  let stack: Stack;
  let upstream: ResponsesUpstream;
  const KEY = 'sk-canary-0123456789';
  beforeAll(async () => {
    upstream = await startResponsesUpstream();
    stack = await startStack({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: upstream.baseUrl });
  });
  afterAll(async () => {
    await stack.close();
    await upstream.close();
  });

  test('the answer streams, is cited, and survives a reload; page and visitor speak in user-role input alone', async () => {
    upstream.title = 'Trying the Cutter';
    upstream.steps.push({ answer: ['You can try it for ', '**21 days**', ' without a card [1', '].'] });
    const page = await visit(browser, `${stack.demoUrl}/pricing.html`);
    const chat = new ChatWindow(page);
    await chat.open();
    await chat.ask('How long is the trial of plan zebra-7?');
    expect(await chat.log.innerText()).toMatch(/You can try it for 21 days without a card/);
    expect(await chat.log.innerText()).not.toContain('[1');
    expect(await chat.log.getByRole('link').count()).toBeGreaterThan(0);
    await page.reload();
    await chat.openIfClosed();
    await chat.log.getByText('21 days').first().waitFor();

    const bodies = upstream.requests.map(({ body }) => body);
    expect(bodies.length).toBeGreaterThan(0);
    for (const body of bodies) {
      const { input, ...rest } = body as { input: { role?: string }[] };
      const elsewhere = JSON.stringify([rest, [input].flat().filter((item) => item?.role !== 'user')]);
      expect(elsewhere).not.toContain('zebra-7');
      expect(elsewhere).not.toContain('Registered charities');
      const all = JSON.stringify(body);
      // No token of ours, of the visitor's or of the operator's, and no JWT of anyone's.
      expect(all).not.toContain(KEY);
      expect(all).not.toMatch(/eyJ[\w-]{10,}\.eyJ/);
      const stored = await page.evaluate(() => [...Object.values(localStorage), ...Object.values(sessionStorage)]);
      for (const token of stored.filter((value) => value.length >= 40)) expect(all).not.toContain(token);
    }
    const asked = JSON.stringify(bodies.find((body) => body.stream === true));
    expect(asked).toContain('zebra-7');
    expect(asked).toContain('Registered charities');
  });

  test('what a visitor dictates is written down, and asked', async () => {
    upstream.transcripts.push({ text: 'When are plums ripe?' });
    const page = await visit(browser, `${stack.demoUrl}/pricing.html`);
    await page.context().grantPermissions(['microphone'], { origin: stack.demoUrl });
    const chat = new ChatWindow(page);
    await chat.open();
    await chat.button('Dictate').click();
    await chat.panel.getByText('Recording').waitFor();
    await chat.button('Finish dictation').click();
    await expect.poll(() => chat.composer.inputValue()).toBe('When are plums ripe?');
    await chat.button('Send message').click();
    await chat.answered('When are plums ripe?');
  });

  test('stop keeps what was said so far, also after a reload', async () => {
    upstream.steps.push({ stallAfter: ['The first half ', 'is here'] });
    const page = await visit(browser, `${stack.demoUrl}/pricing.html`);
    const chat = new ChatWindow(page);
    await chat.open();
    await chat.composer.fill('Tell me everything');
    await chat.composer.press('Enter');
    await chat.log.getByText('The first half is here').waitFor();
    await chat.button('Stop answering').click();
    await chat.button('Stop answering').waitFor({ state: 'hidden' });
    expect(await chat.log.innerText()).toContain('The first half is here');
    await page.reload();
    await chat.openIfClosed();
    await chat.log.getByText('The first half is here').waitFor();
  });

  test.each([
    ['429', { status: 429 as const, retryAfter: 0 }, true],
    ['500', { status: 500 as const }, true],
    ['401', { status: 401 as const }, false],
  ])('an upstream that answers %s is explained, and retried where that can help', async (_name, step, canRetry) => {
    // The client tries again by itself before it gives up.
    upstream.steps.splice(0, upstream.steps.length, step, step, step);
    const chat = new ChatWindow(await visit(browser, `${stack.demoUrl}/pricing.html`));
    await chat.open();
    await chat.composer.fill('Are you there?');
    await chat.composer.press('Enter');
    const error = chat.panel.getByRole('alert').filter({ hasText: /\w/ });
    await error.waitFor();
    expect(await error.innerText()).not.toMatch(/upstream says|status|\d{3}/);
    upstream.steps.splice(0, upstream.steps.length);
    if (!canRetry) return expect(await chat.button('Try again').count()).toBe(0);
    await chat.button('Try again').click();
    await chat.log.getByText('Hello.').waitFor();
  });

  test('a cut stream keeps the part that came, and can be tried again', async () => {
    upstream.steps.splice(0, upstream.steps.length, { cutAfter: ['Half an ', 'answer'] });
    const page = await visit(browser, `${stack.demoUrl}/pricing.html`);
    const chat = new ChatWindow(page);
    await chat.open();
    await chat.composer.fill('Say something long');
    await chat.composer.press('Enter');
    await chat.button('Try again').waitFor();
    expect(await chat.log.innerText()).toContain('Half an answer');
    await page.reload();
    await chat.openIfClosed();
    await chat.log.getByText('Half an answer').waitFor();
  });
});
