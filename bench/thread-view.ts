import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { openStory } from '../tests/widget/element/story/open-story.ts';
import { launchChromium } from '../tools/chromium.ts';
import { median } from './statistics.ts';

const SIZE = { width: 400, height: 640 };
const RUNS = 5;
const DELTAS = 10_000;
/** About what models send at once. */
const DELTA = ' word';

export interface ThreadViewFigures {
  /** From `setThreadId` to the frame that shows the newest page of 2,000 items. */
  open_ms: number;
  /** The longest task while 10,000 deltas arrive below them. */
  longest_task_ms: number;
  /** How far what the host page holds was moved by the element's coming, opening and answering. */
  layout_shift: number;
}

interface StoryWindow {
  story: HTMLElement & { setThreadId(id: string): Promise<void> };
  script: { mode: string; words: string[] };
  shift: number;
}

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** Microseconds of the processor. */
  tdur?: number;
  args?: { name?: string };
}

/** The built element in Chromium, with a server in the page: what a visitor waits for is its own work. */
export async function benchThreadView(): Promise<ThreadViewFigures> {
  const browser = await launchChromium();
  try {
    const opened: number[] = [];
    const tasks: number[] = [];
    let shift = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const page = await openStory(browser, {}, SIZE);
      await observe(page);
      opened.push(await openLong(page));
      tasks.push(await answerLong(browser, page));
      shift = Math.max(shift, await page.evaluate(() => (window as unknown as StoryWindow).shift));
      await page.close();
    }
    return { open_ms: Math.round(median(opened)), longest_task_ms: Math.round(median(tasks)), layout_shift: shift };
  } finally {
    await browser.close();
  }
}

async function observe(page: Page): Promise<void> {
  await page.evaluate(() => {
    const story = window as unknown as StoryWindow;
    story.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { sources = [], value } = entry as PerformanceEntry & { value: number; sources?: { node?: Node }[] };
        // What moves inside of the element is its own: a conversation grows.
        if (sources.some(({ node }) => node && !story.story.shadowRoot?.contains(node))) story.shift += value;
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

function openLong(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const { story } = window as unknown as StoryWindow;
    const start = performance.now();
    await story.setThreadId('thr_long');
    // The frame after next: the one that drew it is over then.
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const elapsed = performance.now() - start;
    if (!story.shadowRoot?.textContent?.includes('Question 1000 of')) throw new Error('the newest item is not shown');
    return elapsed;
  });
}

/**
 * The longest task of the page's main thread while 10,000 deltas arrive, in time of the processor: on a machine that
 * does other things besides, a task takes as long as they do.
 */
async function answerLong(browser: Browser, page: Page): Promise<number> {
  await page.evaluate(
    ({ count, word }) => {
      const { script } = window as unknown as StoryWindow;
      Object.assign(script, {
        mode: 'say',
        words: Array.from({ length: count }, (_, index) => (index % 60 === 59 ? '.\n\n' : word)),
      });
    },
    { count: DELTAS, word: DELTA },
  );
  await page.getByRole('textbox', { name: 'Message' }).fill('Say it all');
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Stop answering' }).waitFor();
  await page.getByRole('button', { name: 'Send message' }).waitFor({ timeout: 60_000 });
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const mains = new Set(
    traceEvents.filter(({ args }) => args?.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents.filter(
    ({ name, pid, tid, tdur }) => name.endsWith('RunTask') && tdur !== undefined && mains.has(`${pid} ${tid}`),
  );
  if (tasks.length < DELTAS / 100) throw new Error('the trace holds no tasks');
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1_000;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(await benchThreadView());
