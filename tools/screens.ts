import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { ChatWindow } from '../tests/e2e/chat-window.ts';
import { type Stack, startStack } from '../tests/e2e/stack.ts';
import { startResponsesUpstream } from '../tests/fakes/responses-upstream.ts';
import { openStory } from '../tests/widget/element/story/open-story.ts';
import { changeOptions, STATES } from '../tests/widget/element/story/states.ts';
import { launchChromium } from './chromium.ts';
import { visitFiles } from './file-screens.ts';
import { visitHosted, visitPage } from './page-screens.ts';
import { visitSignIn } from './sign-in-screens.ts';

// Writes a PNG of every visible state to screens/, named `<state>-<device>-<scheme>.png`, from the built product over
// two origins. To be looked at: nothing here asserts.

const SCREENS = join(import.meta.dirname, '..', 'screens');
const DEVICES: Record<string, BrowserContextOptions> = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
};

const ANSWER = [
  'You can try **Cutter** and **Clipper** for 21 days [4]. After that:\n\n',
  '| Plan | Per month | Parcels |\n|---|---:|---:|\n| Dinghy | €0 | 25 |\n| Cutter | €39 | 600 |\n| Clipper | €189 | 5,000 |\n\n',
  '1. Choose the plan under *Settings*.\n2. Confirm with your password.\n\n',
  '```js\nconst plan = await pelorin.plans.change({ to: "cutter" });\nconsole.log(plan.startsOn);\n```\n\n',
  'Paying a year ahead saves 15 % [2].',
];
const LONG = [
  'Here is what the page says about it. ',
  'Every plan is billed each month, ',
  'and the prices are in euros. ',
];

async function visitStates(browser: Browser, stack: Stack, device: string, scheme: 'light' | 'dark'): Promise<void> {
  const upstream = await startResponsesUpstream();
  await stack.restart({ OPENAI_API_KEY: 'sk-screens', OPENAI_BASE_URL: upstream.baseUrl });
  const context = await browser.newContext({ ...DEVICES[device], colorScheme: scheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const chat = new ChatWindow(page);
  const shoot = (state: string, of: Page = page): Promise<Buffer> =>
    of.screenshot({ path: join(SCREENS, `${state}-${device}-${scheme}.png`) });

  await page.goto(`${stack.demoUrl}/pricing.html`);
  await chat.launcher.waitFor();
  await shoot('01-launcher');
  await chat.open();
  await shoot('02-start');

  upstream.steps.push({ stallAfter: LONG });
  await send(chat, 'What do the plans cost, and can I try them first?');
  await chat.log.getByText('in euros').waitFor();
  await shoot('03-streaming');
  await chat.button('Stop answering').click();
  await chat.button('Send message').waitFor();
  await shoot('04-stopped');

  upstream.steps.push({ answer: ANSWER });
  await chat.ask('Compare the plans for me');
  await shoot('05-answer');
  await chat.log.evaluate((log) => log.scrollTo(0, log.scrollHeight));
  await shoot('06-sources');

  upstream.steps.push({ status: 500 }, { status: 500 }, { status: 500 });
  await send(chat, 'Are you still there?');
  await chat.button('Try again').waitFor();
  await shoot('07-error');

  await chat.button('Chat history').click();
  await chat.panel.getByRole('region', { name: 'Chat history' }).getByRole('listitem').first().waitFor();
  await shoot('08-history');
  await context.close();

  const withFiles = await browser.newContext({ ...DEVICES[device], colorScheme: scheme, reducedMotion: 'reduce' });
  upstream.steps.push({ answer: ['Yes. **Cutter** has room for 600 parcels a month.'] });
  await visitFiles(withFiles, stack.demoUrl, shoot);
  await withFiles.close();
  await upstream.close();

  // A tag that no server knows: the panel has to say so.
  const failed = await browser.newContext({ ...DEVICES[device], colorScheme: scheme, reducedMotion: 'reduce' });
  const broken = await failed.newPage();
  await broken.route('**/v1/session', (route) => route.abort());
  await broken.goto(`${stack.demoUrl}/pricing.html`);
  const brokenChat = new ChatWindow(broken);
  await brokenChat.launcher.click();
  await brokenChat.panel.getByRole('alert').waitFor();
  await broken.screenshot({ path: join(SCREENS, `09-failed-${device}-${scheme}.png`) });
  await failed.close();

  const unknown = await browser.newContext({ ...DEVICES[device], colorScheme: scheme, reducedMotion: 'reduce' });
  await visitSignIn(unknown, stack.demoUrl, shoot);
  await unknown.close();

  // With the built-in model, in other scripts.
  await stack.restart();
  const fresh = await browser.newContext({ ...DEVICES[device], colorScheme: scheme, reducedMotion: 'reduce' });
  const quoted = new ChatWindow(await fresh.newPage());
  await quoted.page.goto(`${stack.demoUrl}/zh.html`);
  await quoted.open();
  await quoted.ask('多少天内可以退货？');
  await quoted.page.screenshot({ path: join(SCREENS, `10-built-in-${device}-${scheme}.png`) });
  await visitLongPage(new ChatWindow(await fresh.newPage()), stack, `${device}-${scheme}`);
  await fresh.close();

  for (const visitWith of [visitPage, visitHosted]) {
    const own = await browser.newContext({ ...DEVICES[device], colorScheme: scheme, reducedMotion: 'reduce' });
    await visitWith(own, stack.demoUrl, shoot);
    await own.close();
  }
}

/** What the assistant does with a page: it gives its outline, reads more of it, and shows a passage on it. */
async function visitLongPage(chat: ChatWindow, stack: Stack, name: string): Promise<void> {
  const shoot = (state: string) => chat.page.screenshot({ path: join(SCREENS, `${state}-${name}.png`) });
  await chat.page.goto(`${stack.demoUrl}/handbook.html`);
  await chat.open();
  await chat.ask('What is on this page?');
  await chat.log.evaluate((log) => log.scrollTo(0, log.scrollHeight));
  await shoot('19-outline');
  await chat.ask('Does my licence lapse?');
  await shoot('20-more-read');
  await send(chat, 'Where does it say that?');
  await chat.page.waitForFunction(() => CSS.highlights.has('pagewise-passage'));
  await shoot('21-passage');
}

/** Every state of the element's own story, in both directions of reading. */
async function visitStory(browser: Browser, device: string, theme: 'light' | 'dark'): Promise<void> {
  const size = device === 'phone' ? { width: 320, height: 640 } : { width: 640, height: 800 };
  for (const { name, story, reach } of STATES) {
    const page = await openStory(browser, story, size);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await reach(page);
    for (const locale of ['en', 'ar']) {
      await changeOptions(page, { theme, locale });
      const direction = locale === 'ar' ? '-rtl' : '';
      await page.screenshot({ path: join(SCREENS, `story-${name}-${device}-${theme}${direction}.png`) });
    }
    await page.close();
  }
}

async function send(chat: ChatWindow, text: string): Promise<void> {
  await chat.composer.fill(text);
  await chat.composer.press('Enter');
}

await rm(SCREENS, { recursive: true, force: true });
await mkdir(SCREENS, { recursive: true });
const browser = await launchChromium();
const stack = await startStack();
try {
  for (const device of Object.keys(DEVICES))
    for (const scheme of ['light', 'dark'] as const) {
      console.log(`screens: ${device}, ${scheme}`);
      await visitStates(browser, stack, device, scheme);
      await visitStory(browser, device, scheme);
    }
} finally {
  await stack.close();
  await browser.close();
}
