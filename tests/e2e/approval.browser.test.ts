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

beforeAll(async () => {
  upstream = await startResponsesUpstream();
  tools = await startMcpServer({
    register: (server) => {
      const close = { title: 'Close a ticket', description: 'Closes it.', inputSchema: z.object({ id: z.number() }) };
      server.registerTool('close', close, ({ id }) => {
        closed.push(id);
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
  // It counts once the button has been in view for half a second.
  await expect
    .poll(async () => {
      await chat.button('Approve').first().click();
      return closed;
    })
    .toEqual([7]);
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
