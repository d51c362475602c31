import type { BrowserContext, Page } from 'playwright-core';
import { ChatWindow } from '../tests/e2e/chat-window.ts';
import { startHostedChatKit } from '../tests/fakes/hosted-chatkit.ts';

type Shoot = (state: string, page: Page) => Promise<unknown>;

/** What chat and page do to each other: words asked about, a source shown where it stands, one that is gone. */
export async function visitPage(context: BrowserContext, demoUrl: string, shoot: Shoot): Promise<void> {
  const page = await context.newPage();
  const chat = new ChatWindow(page);
  await page.goto(`${demoUrl}/pricing.html`);
  await chat.launcher.waitFor();
  await page.evaluate(() => getSelection()?.selectAllChildren(document.querySelector('main p') as Element));
  const ask = page.getByRole('button', { name: 'Ask about the selected text' });
  await ask.waitFor();
  await shoot('33-ask', page);
  await page.keyboard.press('Tab');
  await shoot('34-ask-focused', page);
  await page.keyboard.press('Enter');
  await chat.panel.getByRole('figure').waitFor();
  await shoot('35-quote', page);
  await chat.ask('What does that mean?');
  await chat.log.locator('a.source').first().click();
  await page.waitForFunction(() => CSS.highlights.has('pagewise-passage'));
  await shoot('36-source-shown', page);
  await page.evaluate(() => document.querySelector('main')?.replaceChildren('Another text.'));
  await chat.openIfClosed();
  await chat.log.locator('a.source').first().click();
  await chat.panel.getByText('That passage is no longer on this page.').waitFor();
  await shoot('37-source-gone', page);
}

/** The element of somebody else in our panel, and a domain that it refuses. */
export async function visitHosted(context: BrowserContext, demoUrl: string, shoot: Shoot): Promise<void> {
  const hosted = await startHostedChatKit();
  // A page that is rewritten here counts as one of the open net, which has to ask before it calls this machine.
  await context.grantPermissions(['local-network-access']);
  const page = await context.newPage();
  const chat = new ChatWindow(page);
  await page.route(`${demoUrl}/*.html`, async (route) => {
    const response = await route.fetch();
    const tag = `data-chatkit="${hosted.script}" data-site-token=`;
    await route.fulfill({ response, body: (await response.text()).replace('data-site-token=', tag) });
  });
  await page.goto(`${demoUrl}/pricing.html`);
  await chat.launcher.click();
  await chat.panel.frameLocator('iframe').getByRole('textbox').waitFor();
  await shoot('38-hosted', page);
  hosted.domains = 'refused';
  await chat.button('Close').click();
  await page.reload();
  await chat.launcher.click();
  await chat.panel.getByRole('alert').waitFor();
  await shoot('39-hosted-refused', page);
  await hosted.close();
}
