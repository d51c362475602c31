import type { Browser, Page } from 'playwright-core';

/** A visitor of their own: nothing in the browser yet. */
export async function visit(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}
