import type { BrowserContext, Page } from 'playwright-core';
import { ChatWindow } from '../tests/e2e/chat-window.ts';

/**
 * Files and dictation in the panel, from the first of a draft to the message that was sent. `shoot` takes the picture
 * of a state. The server must take dictation.
 */
export async function visitFiles(
  context: BrowserContext,
  demoUrl: string,
  shoot: (state: string, page: Page) => Promise<unknown>,
): Promise<void> {
  const page = await context.newPage();
  const chat = new ChatWindow(page);
  await context.grantPermissions(['microphone'], { origin: demoUrl });
  await page.goto(`${demoUrl}/pricing.html`);
  await chat.launcher.waitFor();
  const photo = { name: 'prices as I see them.png', mimeType: 'image/png', buffer: await page.screenshot() };
  const plan = {
    name: 'quarterly-shipping-plan-2027.txt',
    mimeType: 'text/plain',
    buffer: Buffer.alloc(184_000, 'x '),
  };
  const notes = {
    name: 'notes.md',
    mimeType: 'text/markdown',
    buffer: Buffer.from('# Notes\n\nThe hold is 12 metres long.'),
  };
  await chat.open();
  await chat.attach(photo);
  await chat.tiles.getByText('kB').waitFor();
  await chat.composer.fill('Is this the price list you mean, and which of the plans has room for my parcels?');
  await shoot('22-file', page);

  // One upload that does not end, and one that breaks off.
  await page.route('**/v1/files/*', (route) => route.abort());
  await page.route('**/v1/files/*', () => undefined, { times: 1 });
  await chat.attach(plan);
  await chat.tiles.getByText('Uploading').waitFor();
  await chat.attach(notes);
  await chat.button('Try again: notes.md').waitFor();
  await shoot('23-upload-failed', page);
  await chat.attach({ name: 'setup.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') });
  await chat.panel.getByText('of a type').waitFor();
  await shoot('24-file-refused', page);

  await dragOver(page);
  await chat.panel.getByText('Drop files here').waitFor();
  await shoot('25-drop', page);
  await page.close();

  const sender = new ChatWindow(await context.newPage());
  await sender.page.goto(`${demoUrl}/pricing.html`);
  await sender.openIfClosed();
  await sender.attach(photo, notes);
  for (const tile of [0, 1]) await sender.tiles.nth(tile).getByText('kB').waitFor();
  await sender.ask('Is this the price list you mean?');
  await sender.log.getByRole('img').evaluate((image: HTMLImageElement) => image.decode());
  await shoot('26-sent-files', sender.page);
  await sender.button('Dictate').click();
  await sender.panel.getByText('0:01').waitFor();
  await shoot('27-recording', sender.page);
  await sender.page.route('**/chatkit', () => undefined);
  await sender.button('Finish dictation').click();
  await sender.panel.getByText('Writing it down').waitFor();
  await shoot('28-transcribing', sender.page);
  await sender.button('Cancel dictation').click();
  await context.clearPermissions();
  await sender.button('Dictate').click();
  await sender.panel.getByText('The microphone is blocked').waitFor();
  await shoot('29-microphone-blocked', sender.page);
}

/** Playwright has no hand for files that are held over a page. */
async function dragOver(page: Page): Promise<void> {
  await page.locator('openai-chatkit').evaluate((element) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([], 'held.png'));
    const main = element.shadowRoot?.querySelector('.main');
    main?.dispatchEvent(new DragEvent('dragenter', { bubbles: true, cancelable: true, dataTransfer }));
  });
}
