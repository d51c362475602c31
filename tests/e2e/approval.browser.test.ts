import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { launchChromium } from '../../tools/chromium.ts';
import { type McpFake, startMcpServer } from '../fakes/mcp-server.ts';
import { type ResponsesUpstream, startResponsesUpstream } from '../fakes/responses-upstream.ts';
import { ChatWindow } from './chat-window.ts';
import { runSite } from './run-site.ts';
import { type Stack, startStack } from './stack.ts';
import { visit } from './visit.ts';

// A tool that changes something, through the whole product: asked for by a model, approved by a visitor in the panel.

let browser: Browser;
let stack: Stack;
let tools: McpFake;
let upstream: ResponsesUpstream;
const closed: number[] = [];
/** What the tool waits for once it has closed a ticket. */
let held: Promise<void> | undefined;

beforeAll(async () => {
  upstream = await startResponsesUpstream();
  tools = await startMcpServer({
    register: (server) => {
      const close = { title: 'Close a ticket', description: 'Closes it.', inputSchema: z.object({ id: z.number() }) };
      server.registerTool('close', close, async ({ id }) => {
        closed.push(id);
        await held;
        return { content: [{ type: 'text', text: `Ticket ${id} is closed.` }] };
      });
    },
  });
  const env = { OPENAI_API_KEY: 'sk-x', OPENAI_BASE_URL: upstream.baseUrl, OUTBOUND_ALLOW: tools.host };
  [browser, stack] = await Promise.all([launchChromium(), startStack(env)]);
  const servers = [{ name: 'tickets', url: tools.url, auth: { mode: 'none' } }];
  await runSite(stack, 'set', 'demo', `mcpServers=${JSON.stringify(servers)}`);
});
afterAll(async () => {
  await Promise.all([browser.close(), stack.close(), tools.close(), upstream.close()]);
});

/** It counts once the button has been in view for half a second. */
async function approve(chat: ChatWindow): Promise<void> {
  const before = closed.length;
  await expect
    .poll(async () => {
      // Once it counted, a press would wait for a button that is done.
      const isTaken = (await chat.log.locator('article[aria-busy=true]').count()) > 0;
      if (!isTaken && closed.length === before) await chat.button('Approve').last().click();
      return closed.length;
    })
    .toBe(before + 1);
}

test('a visitor approves one call and declines another, and finds both on the next page', async () => {
  const page = await visit(browser, `${stack.demoUrl}/pricing.html`);
  page.setDefaultTimeout(15_000);
  const chat = new ChatWindow(page);
  await chat.open();
  upstream.steps.push(
    { answer: [{ call: 'tickets__close', arguments: { id: 7 } }] },
    { answer: ['It is closed now.', { call: 'tickets__close', arguments: { id: 8 } }] },
    { answer: ['Then I leave ticket 8 open.'] },
  );
  await chat.composer.fill('Please close my tickets');
  await chat.composer.press('Enter');
  await chat.button('Approve').waitFor();
  expect(closed).toEqual([]);
  await approve(chat);
  expect(closed).toEqual([7]);
  await chat.log.getByText('You approved it, and it was done.', { exact: true }).waitFor();
  await chat.log.getByText('It is closed now.').waitFor();

  await chat.button('Decline').click();
  await chat.log.getByText('Then I leave ticket 8 open.').waitFor();
  expect(closed).toEqual([7]);

  await page.goto(`${stack.demoUrl}/strict.html`);
  await chat.openIfClosed();
  await chat.log.getByText('You approved it, and it was done.', { exact: true }).waitFor();
  await chat.log.getByText('You declined. Nothing was done.', { exact: true }).waitFor();
  expect(await chat.button('Approve').count()).toBe(0);
});

test('R37 a server that is killed while the tool works does not call it again, and says that nobody knows', async () => {
  const page = await visit(browser, `${stack.demoUrl}/pricing.html`);
  page.setDefaultTimeout(15_000);
  const chat = new ChatWindow(page);
  await chat.open();
  upstream.steps.push({ answer: [{ call: 'tickets__close', arguments: { id: 9 } }] });
  await chat.composer.fill('Please close ticket 9');
  await chat.composer.press('Enter');
  await chat.button('Approve').waitFor();
  const { promise, resolve } = Promise.withResolvers<void>();
  held = promise;
  await approve(chat);
  await stack.kill();
  resolve();
  held = undefined;
  await stack.restart();

  await page.reload();
  await chat.openIfClosed();
  await chat.log.getByText('Whether it was done is not known', { exact: false }).first().waitFor();
  expect(await chat.button('Approve').count()).toBe(0);
  upstream.steps.push({ answer: ['I do not know whether it is closed.'] });
  await chat.ask('Is it closed?');
  expect(JSON.stringify(upstream.requests.map(({ body }) => body))).toContain('Whether it was made is not known.');
  expect(closed.filter((id) => id === 9)).toHaveLength(1);
});

test('G26 a server whose site shows credentials to the model says so when it starts', async () => {
  const auth = { mode: 'legacy_prompt', args: { token: 'user_token' }, dangerouslyExposeCredentialsToModel: true };
  await runSite(stack, 'set', 'demo', `mcpServers=${JSON.stringify([{ name: 'old', url: tools.url, auth }])}`);
  const before = stack.output().length;
  await stack.restart();
  expect(stack.output().slice(before)).toContain('the site demo shows credentials of its users to the model');
  await expect(
    runSite(
      stack,
      'set',
      'demo',
      `mcpServers=${JSON.stringify([{ name: 'old', url: tools.url, auth: { ...auth, dangerouslyExposeCredentialsToModel: false } }])}`,
    ),
  ).rejects.toThrow('dangerouslyExposeCredentialsToModel');
});
