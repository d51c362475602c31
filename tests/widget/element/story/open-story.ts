import { readdir, readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';

/** Https, because a microphone is there for secure pages alone. Nothing of it leaves the browser. */
const ORIGIN = 'https://story.test';
const DIST = new URL('../../../../dist/', import.meta.url);
const STORY = new URL('./', import.meta.url);

const HTML = `<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width"><title>Story</title></head><body>
<main><h1>Story</h1><openai-chatkit></openai-chatkit></main>
<script type="module" src="/start.js"></script></body></html>`;

const START = `
const sheet = new CSSStyleSheet();
sheet.replaceSync('body{margin:0}h1{position:absolute;inset-inline-start:-999px}openai-chatkit{position:fixed;inset:0;height:100vh}');
document.adoptedStyleSheets = [sheet];
import { createScriptedChat } from '/scripted-chat.js';
import { hostOptions } from '/story-host.js';
const element = document.querySelector('openai-chatkit');
const given = JSON.parse(new URLSearchParams(location.search).get('story') ?? '{}');
window.script = createScriptedChat(given.script);
window.events = [];
window.calls = [];
for (const name of ['ready', 'error', 'thread.change', 'thread.load.start', 'thread.load.end', 'response.start', 'response.end', 'tool.change'])
  element.addEventListener('chatkit.' + name, ({ detail }) => window.events.push([name, detail?.threadId ?? detail?.toolId ?? null]));
element.addEventListener('chatkit.deeplink', ({ detail }) => window.calls.push(detail));
const host = hostOptions(given.host, window.calls, window.script);
await import('/' + given.chunk);
element.setOptions({
  api: { url: '/chatkit', domainKey: 'story', fetch: window.script.fetch },
  startScreen: {
    greeting: 'How can I help with Acme?',
    prompts: [
      { label: 'Which plan fits a team of ten?', prompt: 'Which plan fits a team of ten?' },
      { label: 'Summarise this page', prompt: 'Summarise this page' },
      { label: 'How do I rotate an API key?', prompt: 'How do I rotate an API key?' },
    ],
  },
  composer: { placeholder: 'Ask about this page' },
  threadItemActions: { feedback: true, retry: true },
  disclaimer: { text: 'Answers can be wrong. Check important facts.' },
  onClientTool: (call) => (window.calls.push(call), window.script.tool(call)),
  widgets: { onAction: async (action, { id }) => window.calls.push({ action, id }) },
  ...host,
  entities: {
    onClick: (entity) => window.calls.push(entity),
    onRequestPreview: (entity) => window.script.preview(entity),
    ...host.entities,
  },
  ...given.options,
});
window.story = element;
`;

const CSP =
  "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; require-trusted-types-for 'script'; trusted-types 'none'";

export interface Story {
  /** False: a page without a policy, where nothing but the element stands between a text and the browser. */
  csp?: false;
  script?: {
    mode?:
      | 'answer'
      | 'hold'
      | 'think'
      | 'error'
      | 'refuse'
      | 'cut'
      | 'work'
      | 'draw'
      | 'tool'
      | 'load'
      | 'notice'
      | 'ask';
    history?: 'list' | 'empty' | 'fail' | 'refuse';
  };
  options?: Record<string, unknown>;
  /** Options that are functions, of `story-host.js`. */
  host?: { mentions?: Record<string, unknown>; commands?: boolean };
}

/** A real picture, four pixels of it. */
export const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAE0lEQVR42mMQqbjzYYsGAxADWQAs5gZpiQG8uwAAAABJRU5ErkJggg==',
  'base64',
);

/**
 * The built element on a page with a strict Content Security Policy, driven by `scripted-chat.js`. Every request that
 * is not to the page's own origin is refused, so a story that needs another host fails.
 */
export async function openStory(
  browser: Pick<Browser, 'newPage'>,
  story: Story,
  size: { width: number; height: number },
): Promise<Page> {
  const chunks = await readdir(new URL('assets/', DIST));
  const chunk = chunks.find((name) => /^element-.*\.js$/.test(name));
  if (!chunk) throw new Error('dist has no element chunk: run `npm run check` or `vite build --app` first');
  const page = await browser.newPage({ viewport: size, deviceScaleFactor: 2 });
  await page.route('**/*', async (route) => {
    const url = new URL(route.request().url());
    if (url.origin !== ORIGIN) return route.abort();
    const script = (body: string) => route.fulfill({ body, contentType: 'text/javascript' });
    if (url.pathname === '/')
      return route.fulfill({
        body: HTML,
        contentType: 'text/html',
        headers: story.csp === false ? {} : { 'content-security-policy': CSP },
      });
    if (url.pathname === '/start.js') return script(START);
    if (/^\/[a-z-]+\.js$/.test(url.pathname)) return script(await readFile(new URL(`.${url.pathname}`, STORY), 'utf8'));
    if (url.pathname.startsWith('/upload/')) return route.fulfill({ status: 204 });
    if (url.pathname.startsWith('/preview/')) return route.fulfill({ body: PICTURE, contentType: 'image/png' });
    if (url.pathname.startsWith('/assets/')) return script(await readFile(new URL(`.${url.pathname}`, DIST), 'utf8'));
    return route.fulfill({ status: 404, body: '' });
  });
  const given = encodeURIComponent(JSON.stringify({ ...story, chunk: `assets/${chunk}` }));
  await page.goto(`${ORIGIN}/?story=${given}`);
  await page.locator('openai-chatkit .chat').waitFor();
  return page;
}
