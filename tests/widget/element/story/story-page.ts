import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchChromium } from '../../../../tools/chromium.ts';
import { openStory, type Story } from './open-story.ts';

export interface SentRequest {
  type: string;
  params: Record<string, unknown> & { input?: Record<string, unknown> };
}

interface StoryWindow {
  script: {
    mode: string;
    requests: { request: SentRequest }[];
    slow?: Record<string, Promise<void>>;
    failing?: string;
  };
  calls: unknown[];
  events: [string, string | null][];
  story: HTMLElement & Record<string, (params: unknown) => Promise<void>>;
}

/** One story at a time, for the tests of a file. Any console error, CSP report among them, fails the test. */
export function storyPage() {
  let browser: Browser;
  let page: Page;
  let complaints: string[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    await page.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  async function open(story: Story, size = { width: 400, height: 640 }): Promise<Page> {
    page = await openStory(browser, story, size);
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        complaints.push(message.text());
    });
    return page;
  }

  const told = <T>(read: (story: StoryWindow) => T) => page.evaluate<T>(`(${String(read)})(window)`);
  return {
    open,
    told,
    button: (name: string) => page.getByRole('button', { name, exact: true }),
    text: () => page.getByRole('textbox', { name: 'Message' }),
    /** The streaming requests so far. */
    sent: async () => {
      const all = await told(({ script }) => script.requests.map(({ request }) => request));
      return all.filter(({ params }) => params.input);
    },
    events: () => told(({ events }) => events),
    calls: () => told(({ calls }) => calls),
    call: (method: string, params: unknown) =>
      page.evaluate(
        async ([name, given]) =>
          await (window as unknown as StoryWindow).story[name as string]?.(given).then(
            () => 'done',
            (error: Error) => error.message,
          ),
        [method, params],
      ),
    /** The accessible words of what has the focus in the element. */
    focused: () =>
      page.evaluate(() => {
        const node = document.querySelector('openai-chatkit')?.shadowRoot?.activeElement;
        return node?.getAttribute('aria-label') ?? node?.closest('label')?.textContent ?? node?.textContent;
      }),
  };
}
