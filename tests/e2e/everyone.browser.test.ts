import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../tools/chromium.ts';
import { axeViolations } from '../axe-violations.ts';
import { ChatWindow } from './chat-window.ts';
import { type Stack, startStack } from './stack.ts';
import { visit } from './visit.ts';

let browser: Browser;
let stack: Stack;
beforeAll(async () => {
  [browser, stack] = await Promise.all([launchChromium(), startStack()]);
});
afterAll(async () => {
  await browser.close();
  await stack.close();
});

test('F1 under a strict policy with Trusted Types nothing is violated, at load and in use', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted/i.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(window, { violations: seen });
    document.addEventListener('securitypolicyviolation', (event) => seen.push(event.violatedDirective));
  });
  const response = await page.goto(`${stack.demoUrl}/strict.html`);
  expect(response?.headers()['content-security-policy']).toMatch(/default-src 'none'.*require-trusted-types-for/);
  const chat = new ChatWindow(page);
  await chat.open();
  await chat.ask('For how long are backups kept?');
  expect(await chat.log.innerText()).toContain('35 days');
  await chat.button('Good answer').click();
  await chat.button('Chat history').click();
  await chat.button('Back to chat').click();
  await chat.button('New chat').click();
  await chat.button('Close').click();
  expect(await page.evaluate(() => (window as unknown as { violations: string[] }).violations)).toEqual([]);
  expect(complaints).toEqual([]);
});

test('F12 a page with hostile styles neither hides nor deforms the chat', async () => {
  const chat = new ChatWindow(await visit(browser, `${stack.demoUrl}/hostile.html`));
  await chat.open();
  await chat.ask('How many pallets fit?');
  expect(await chat.log.innerText()).toContain('11,200');
  const box = await chat.panel.boundingBox();
  expect(box?.width).toBeGreaterThan(300);
  expect(box?.height).toBeGreaterThan(400);
});

test.each(['light', 'dark'] as const)('axe finds nothing with the panel open after an answer, %s', async (scheme) => {
  const page = await visit(browser, `${stack.demoUrl}/pricing.html`);
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  const chat = new ChatWindow(page);
  await chat.open();
  expect(await axeViolations(page)).toEqual([]);
  await chat.ask('How much does Cutter cost?');
  expect(await axeViolations(page)).toEqual([]);
  await chat.button('Chat history').click();
  await chat.panel.getByRole('region', { name: 'Chat history' }).getByRole('listitem').first().waitFor();
  expect(await axeViolations(page)).toEqual([]);
});

test('the whole story passes with the keyboard alone', async () => {
  const page = await visit(browser, `${stack.demoUrl}/pricing.html`);
  const chat = new ChatWindow(page);
  await chat.launcher.waitFor();
  await tabTo(page, 'Ask a question');
  await page.keyboard.press('Enter');
  await chat.composer.waitFor();
  await expect.poll(() => chat.isComposerFocused()).toBe(true);

  // A prompt of the start screen, then a question of one's own.
  await tabTo(page, 'What does it cost?');
  await page.keyboard.press('Enter');
  await chat.answered('What does it cost?');
  await tabTo(page, 'Message');
  await page.keyboard.type('How long is the free trial?');
  await page.keyboard.press('Enter');
  await chat.answered('How long is the free trial?');

  await tabTo(page, 'Good answer');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Chat history');
  await page.keyboard.press('Enter');
  await chat.panel.getByRole('region', { name: 'Chat history' }).waitFor();
  // Escape closes the top layer only.
  await page.keyboard.press('Escape');
  await chat.log.waitFor();
  expect(await chat.panel.isVisible()).toBe(true);
  await tabTo(page, 'New chat');
  await page.keyboard.press('Enter');
  await chat.panel.getByRole('button', { name: 'What does it cost?' }).waitFor();
  await page.keyboard.press('Escape');
  await chat.panel.waitFor({ state: 'hidden' });
  expect(await focusedName(page)).toBe('Ask a question');
});

/** Presses Tab until the control of that name has the focus; a page has fewer stops than this. */
async function tabTo(page: Page, name: string): Promise<void> {
  const seen: string[] = [];
  for (let presses = 0; presses < 80; presses++) {
    const focused = await focusedName(page);
    if (focused === name) return;
    seen.push(focused);
    await page.keyboard.press('Tab');
  }
  throw new Error(`the Tab key never reaches ${name}; it reaches ${[...new Set(seen)].join(', ')}`);
}

function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active?.getAttribute('aria-label') ?? active?.textContent?.trim() ?? '';
  });
}
