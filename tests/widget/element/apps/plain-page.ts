import type { ChatKitOptions, OpenAIChatKit } from '@openai/chatkit';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { answerPlainly } from '../../../fakes/chatkit-endpoint.ts';
import type { AppServer } from './app-server.ts';

/** What `plain.js` puts on `window`, for `page.evaluate`. */
export interface Plain {
  /** Every event of the element that `make` made last, without `chatkit.` and with its detail. */
  heard: [string, unknown][];
  make: (options?: Partial<ChatKitOptions>, place?: ParentNode) => PlainElement;
  element: PlainElement;
}

export type PlainElement = OpenAIChatKit & {
  options: unknown;
  sendAction: OpenAIChatKit['sendCustomAction'];
  pagewise: { stop: () => void };
};

declare global {
  interface Window {
    plain: Plain;
  }
}

/** A page without a framework, as its author would write it: a tag of a script, an element, `setOptions`. */
const SCRIPT = `
const NAMES = ['ready', 'error', 'log', 'effect', 'deeplink', 'response.start', 'response.end', 'thread.change',
  'thread.load.start', 'thread.load.end', 'tool.change', 'history.open', 'history.close'];
window.plain = {
  heard: [],
  make(options, place = document.body) {
    const element = document.createElement('openai-chatkit');
    for (const name of NAMES)
      element.addEventListener('chatkit.' + name, ({ detail }) => window.plain.heard.push([name, detail]));
    element.addEventListener('pagewise.user-message', ({ detail }) => window.plain.heard.push(['user-message', detail]));
    if (options) element.setOptions({ api: { url: '/chatkit', domainKey: 'local' }, ...options });
    place.append(element);
    window.plain.element = element;
    return element;
  },
};
`;

const HTML = `<!doctype html><html lang="en"><head><title>Plain</title>
<link rel="stylesheet" href="/plain.css"><script async src="/chatkit.js"></script><script src="/plain.js"></script>
</head><body></body></html>`;

export interface PlainPage {
  page: Page;
  /** Console errors and warnings, uncaught errors, and requests to anywhere but the page's own origin. */
  complaints: string[];
}

/** Opens the plain page, once the tag is defined, with a server that has forgotten the test before. */
export async function openPlainPage(
  browser: Browser | BrowserContext,
  server: AppServer,
  headers: Record<string, string> = {},
): Promise<PlainPage> {
  server.endpoint.threads.clear();
  server.endpoint.requests.length = 0;
  server.endpoint.script = answerPlainly;
  server.put('/plain.js', SCRIPT);
  server.put('/plain.css', 'body { margin: 0; block-size: 100vh }');
  server.put('/plain', HTML, headers);
  const page = await browser.newPage();
  await page.setViewportSize({ width: 480, height: 700 });
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.route('**/*', (route) => {
    const url = route.request().url();
    if (url.startsWith(`${server.origin}/`)) return route.continue();
    complaints.push(`asked for ${url}`);
    return route.abort();
  });
  await page.goto(`${server.origin}/plain`);
  await page.evaluate(() => customElements.whenDefined('openai-chatkit').then(() => undefined));
  return { page, complaints };
}

/** The events so far; `log` left out unless asked for. */
export function heard(page: Page, withLog = false): Promise<[string, unknown][]> {
  return page.evaluate((all) => window.plain.heard.filter(([name]) => all || name !== 'log'), withLog);
}
