import type { BrowserContext, Page } from 'playwright-core';
import type { ErrorCode } from '../protocol/error.ts';
import { ChatWindow } from '../tests/e2e/chat-window.ts';

/** What the panel says where somebody has to sign in: for the first time, again, and on a page that stood open too long. */
export async function visitSignIn(
  context: BrowserContext,
  demoUrl: string,
  shoot: (state: string, page: Page) => Promise<unknown>,
): Promise<void> {
  const page = await context.newPage();
  const chat = new ChatWindow(page);
  let code: ErrorCode = 'user_token_required';
  await page.route('**/v1/session', (route) =>
    route.fulfill({
      status: 401,
      headers: { 'access-control-allow-origin': demoUrl },
      json: { error: { code, message: '', sign_in: { site: 'Pelorin', url: `${demoUrl}/login` } } },
    }),
  );
  const showNotice = async (state: string): Promise<void> => {
    await page.goto(`${demoUrl}/pricing.html`);
    await chat.launcher.click();
    await chat.panel.getByRole('alert').waitFor();
    await shoot(state, page);
    await chat.button('Close').click();
  };
  await showNotice('30-sign-in');
  const siteToken = await page.locator('script[data-site-token]').getAttribute('data-site-token');
  const { sub } = JSON.parse(Buffer.from(siteToken?.split('.')[1] ?? '', 'base64url').toString()) as { sub: string };
  await page.evaluate((key) => localStorage.setItem(key, 'visitor-of-yesterday'), `pagewise:${sub}:visitor`);
  await showNotice('31-sign-in-ended');
  code = 'token_expired';
  await page.addInitScript(() => ((window as { pagewise?: unknown }).pagewise = [['identify', 'of an hour ago']]));
  await showNotice('32-sign-in-outlived');
}
