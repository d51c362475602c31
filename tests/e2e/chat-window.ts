import type { Locator, Page } from 'playwright-core';
import type { WindowApi } from '../../widget/embed/window-api.ts';

/** The widget as a visitor meets it: everything is found by its role and name, so a nameless control fails the test. */
export class ChatWindow {
  readonly page: Page;
  readonly launcher: Locator;
  readonly panel: Locator;
  readonly composer: Locator;
  readonly log: Locator;
  /** The files of the draft. */
  readonly tiles: Locator;

  constructor(page: Page) {
    this.page = page;
    const widget = page.locator('pagewise-widget');
    this.launcher = widget.getByRole('button', { name: 'Ask a question' }).first();
    this.panel = widget.getByRole('dialog');
    this.composer = this.panel.getByRole('textbox', { name: 'Message' });
    this.log = this.panel.getByRole('log');
    this.tiles = this.panel.getByRole('list', { name: 'Attached files' }).last().getByRole('listitem');
  }

  button(name: string): Locator {
    return this.panel.getByRole('button', { name, exact: true });
  }

  async open(): Promise<void> {
    await this.launcher.click();
    await this.composer.waitFor();
  }

  /** A panel that was open stays open on the next page; one that was not is opened. */
  async openIfClosed(): Promise<void> {
    await this.launcher.waitFor();
    // Not by the launcher: a panel that is just opening by itself would be closed by a click.
    await this.page.evaluate(() => (window as unknown as { pagewise: WindowApi }).pagewise.open());
    await this.composer.waitFor();
  }

  /** As the host page does it: `done`, or the code of the refusal. */
  call(method: 'identify' | 'logout', userToken = ''): Promise<string | undefined> {
    return this.page.evaluate(
      ([name = '', token = '']) =>
        (window as never as { pagewise: WindowApi }).pagewise[name as 'identify'](token).then(
          () => 'done',
          (error: { code?: string }) => error.code,
        ),
      [method, userToken],
    );
  }

  /** What the visitor asked, in the conversation on screen. */
  asked(question: string): Locator {
    return this.log.getByText(question, { exact: true });
  }

  /** Picks files in the browser's own dialog. */
  async attach(...files: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.button('Attach files').click();
    await (await chooser).setFiles(files);
  }

  isComposerFocused(): Promise<boolean> {
    return this.composer.evaluate((composer) => (composer.getRootNode() as ShadowRoot).activeElement === composer);
  }

  /** Sends a question and waits for the end of its answer: the composer can send again. */
  async ask(question: string): Promise<void> {
    await this.composer.fill(question);
    // Nothing goes out while a thread is being read, and Enter does not wait for it.
    await this.button('Send message').click({ trial: true });
    await this.composer.press('Enter');
    await this.answered(question);
  }

  async answered(question: string): Promise<void> {
    await this.log.getByText(question).first().waitFor();
    await this.button('Answer again').last().waitFor();
    await this.button('Stop answering').waitFor({ state: 'hidden' });
  }
}
