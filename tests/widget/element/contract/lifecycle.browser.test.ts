import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../../../tools/chromium.ts';
import type { Script } from '../../../fakes/chatkit-endpoint.ts';
import { type AppServer, startAppServer } from '../apps/app-server.ts';
import { heard, openPlainPage } from '../apps/plain-page.ts';

let browser: Browser;
let server: AppServer;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), startAppServer()]);
});
afterAll(() => Promise.all([browser.close(), server.close()]));
beforeEach(async () => {
  ({ page, complaints } = await openPlainPage(browser, server));
});
afterEach(async () => {
  await page.close();
  expect(complaints).toEqual([]);
});

/** An answer that stops half-way until the test lets it go on. */
const halfway: Script = async function* (_request, { say, held }) {
  const whole = say('Half and whole.');
  yield {
    type: 'thread.item.added',
    item: { ...whole, content: [{ type: 'output_text', text: 'Half', annotations: [] }] },
  };
  await held;
  yield { type: 'thread.item.done', item: whole };
};
const log = () => page.getByRole('log');
const requests = () => server.endpoint.requests.map(({ request }) => request);

// Shows 1.
test('defines the tag once, however often the script is loaded', async () => {
  await page.evaluate(() => window.plain.make({}));
  await page.addScriptTag({ url: '/chatkit.js' });
  await page.addScriptTag({ url: '/chatkit.js?again' });
  await expect.poll(() => page.evaluate(() => document.scripts.length)).toBe(4);
  expect(
    await page.evaluate(() => window.plain.make({}) instanceof (customElements.get('openai-chatkit') as never)),
  ).toBe(true);
});

// Shows 3, 11.
test('is a box that fills its parent and has a height, before it has options and without any style sheet', async () => {
  const box = await page.evaluate(() => {
    const element = window.plain.make();
    const parent = document.body.appendChild(document.createElement('div'));
    const { height: loose } = element.getBoundingClientRect();
    parent.style.blockSize = '500px';
    parent.append(element);
    const { width, height } = element.getBoundingClientRect();
    const { display } = getComputedStyle(element);
    return { display, width, height, hasHeight: loose > 0, content: element.shadowRoot?.childElementCount };
  });
  expect(box).toEqual({ display: 'block', width: 480, height: 500, hasHeight: true, content: 0 });
  expect(server.endpoint.requests).toEqual([]);
});

// Shows 4, 6.
test('takes options from before it is in the document, and an `options` from before the tag was defined', async () => {
  await page.evaluate(() => window.plain.make({ startScreen: { greeting: 'Set before' } }));
  await page.getByText('Set before').waitFor();
  await page.evaluate(() => {
    const frame = document.body.appendChild(document.createElement('iframe'));
    frame.title = 'early';
    const inner = frame.contentDocument as Document;
    const element = inner.createElement('openai-chatkit');
    Object.assign(element, { options: { api: { url: '/chatkit' }, startScreen: { greeting: 'Set early' } } });
    inner.body.append(element);
    const script = inner.createElement('script');
    script.src = '/chatkit.js';
    inner.head.append(script);
  });
  await page.frameLocator('iframe').getByText('Set early').waitFor();
});

// Shows 5, 19.
test('applies options at once and gives nothing back', async () => {
  const shown = await page.evaluate(async () => {
    const element = window.plain.make({});
    const given: unknown = element.setOptions({
      api: { url: '/chatkit', domainKey: '' },
      startScreen: { greeting: 'Now' },
    });
    await new Promise(requestAnimationFrame);
    return [given, element.shadowRoot?.textContent?.includes('Now')];
  });
  expect(shown).toEqual([undefined, true]);
});

// Shows 7.
test('keeps thread, draft and a running stream when it moves within the document', async () => {
  server.endpoint.script = halfway;
  await page.evaluate(() => window.plain.make({}));
  await page.evaluate(() => window.plain.element.sendUserMessage({ text: 'Go on?' }));
  await log().getByText('Half', { exact: true }).waitFor();
  await page.getByRole('textbox').fill('my draft');
  await page.evaluate(() => document.body.appendChild(document.createElement('main')).append(window.plain.element));
  server.endpoint.release();
  await log().getByText('Half and whole.').waitFor();
  expect(await page.getByRole('textbox').inputValue()).toBe('my draft');
  expect((await heard(page)).map(([name]) => name)).toEqual([
    'ready',
    'user-message',
    'response.start',
    'thread.change',
    'response.end',
  ]);
  expect(requests()).toHaveLength(1);
});

// Shows 8, 9.
test('ends its streams when it is removed, rejects what waits, and shows the same thread when it is back', async () => {
  server.endpoint.script = halfway;
  await page.evaluate(() => window.plain.make({}));
  await page.evaluate(() => window.plain.element.sendUserMessage({ text: 'Stay?' }));
  await log().getByText('Half', { exact: true }).waitFor();
  await expect.poll(() => server.endpoint.openStreams).toBe(1);
  await page.evaluate(() => window.plain.element.remove());
  await expect.poll(() => server.endpoint.openStreams).toBe(0);
  await page.evaluate(() => document.body.append(window.plain.element));
  await log().getByText('Stay?').waitFor();

  const action = page.evaluate(async () => {
    const pending = window.plain.element.sendCustomAction({ type: 'wait' });
    requestAnimationFrame(() => window.plain.element.remove());
    return pending.then(
      () => 'resolved',
      (error: Error) => error.name,
    );
  });
  expect(await action).toBe('RemovedError');
  await expect.poll(() => server.endpoint.openStreams).toBe(0);
  await page.evaluate(() => document.body.append(window.plain.element));
  await log().getByText('Stay?').waitFor();
  expect((await heard(page)).filter(([name]) => name === 'ready')).toHaveLength(1);
});

// Shows 10.
test('shares neither thread nor draft nor theme with another element of the page', async () => {
  await page.evaluate(() => {
    for (const theme of ['light', 'dark'] as const) {
      const place = document.body.appendChild(document.createElement('div'));
      place.id = theme;
      place.style.blockSize = '320px';
      window.plain.make({ theme }, place);
    }
  });
  const [first, second] = [page.locator('#light'), page.locator('#dark')];
  await first.getByRole('textbox').fill('Only here');
  await first.getByRole('textbox').press('Enter');
  await first.getByRole('log').getByText('It is forty-two.').waitFor();
  await first.getByRole('textbox').fill('draft');
  expect(await second.getByRole('log').count()).toBe(0);
  expect(await second.getByRole('textbox').inputValue()).toBe('');
  const scheme = (place: typeof first) =>
    place
      .locator('openai-chatkit')
      .evaluate((node) => getComputedStyle(node.shadowRoot?.firstElementChild as Element).colorScheme);
  expect([await scheme(first), await scheme(second)]).toEqual(['light', 'dark']);
});

// Shows 12.
test('takes `classname` for its class where it has none, later values too', async () => {
  const classes = await page.evaluate(() => {
    const [plain, own] = [window.plain.make(), window.plain.make()];
    own.className = 'own';
    const seen: string[] = [];
    for (const value of ['a', 'b']) {
      for (const element of [plain, own]) element.setAttribute('classname', value);
      seen.push(plain.className, own.className);
    }
    return seen;
  });
  expect(classes).toEqual(['a', 'own', 'b', 'own']);
});

// Shows 13.
test('works in an open shadow root, and in a sandboxed frame that has no storage', async () => {
  await page.evaluate(() => {
    const root = document.body.appendChild(document.createElement('div')).attachShadow({ mode: 'open' });
    window.plain.make({}, root);
  });
  await page.getByRole('textbox').fill('In a shadow?');
  await page.keyboard.press('Enter');
  await log().getByText('It is forty-two.').waitFor();
  await page.evaluate(() => {
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-scripts');
    frame.title = 'sandbox';
    frame.srcdoc = `<openai-chatkit></openai-chatkit><script src="${location.origin}/chatkit.js"></script><script>
      let stored = 'yes'; try { localStorage.length } catch { stored = 'no' }
      customElements.whenDefined('openai-chatkit').then(() => document.querySelector('openai-chatkit').setOptions({
        api: { url: '/chatkit', fetch: async () => Response.json({ data: [], has_more: false }) },
        startScreen: { greeting: 'Storage: ' + stored } }))</script>`;
    document.body.replaceChildren(frame);
  });
  await page.frameLocator('iframe').getByText('Storage: no').waitFor();
  await page.frameLocator('iframe').getByRole('textbox').waitFor();
});

/** What a chat does to the network, the styles and the scripts of its page. */
async function chat(): Promise<void> {
  await page.evaluate(() => window.plain.make({ disclaimer: { text: '**Check** facts.' } }));
  await page.getByRole('textbox').fill('And here?');
  await page.keyboard.press('Enter');
  await log().getByText('It is forty-two.').waitFor();
  await page.getByRole('button', { name: 'Chat history' }).click();
  await page.getByText('Untitled chat').first().waitFor();
}

// Shows 14, 15, 16.
test('asks no other origin, and runs where the page allows only its own scripts, styles and connections', async () => {
  await page.close();
  ({ page, complaints } = await openPlainPage(browser, server, { 'content-security-policy': "default-src 'self'" }));
  await chat();
});

// Shows 17.
test('runs on a page that is isolated from other origins, from a script of another origin', async () => {
  const scripts = await startAppServer();
  try {
    server.put(
      '/isolated',
      `<!doctype html><title>Isolated</title><script src="/plain.js"></script>
      <script src="${scripts.origin}/chatkit.js"></script>`,
      { 'cross-origin-embedder-policy': 'require-corp', 'cross-origin-opener-policy': 'same-origin' },
    );
    await page.unroute('**/*');
    await page.goto(`${server.origin}/isolated`);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await page.evaluate(() => customElements.whenDefined('openai-chatkit').then(() => undefined));
    await chat();
  } finally {
    await scripts.close();
  }
});
