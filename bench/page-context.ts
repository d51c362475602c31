import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import type { PageContext } from '../protocol/page-context.ts';
import { launchChromium } from '../tools/chromium.ts';
import { median } from './statistics.ts';

/**
 * Milliseconds of our script to read the context of a settled page in Chromium, the median of `rounds`.
 */
export async function measurePageContext(nodes = 100_000, rounds = 9): Promise<number> {
  const stage = await openPageReader();
  try {
    await stage.page.evaluate(fillPage, nodes);
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      times.push((await stage.read('how long does a refund of section 40 take?')).ms);
    }
    return median(times);
  } finally {
    await stage.close();
  }
}

export interface PageReader {
  page: Page;
  /** Reads the page at level `page`, once its layout has settled. */
  read(question: string): Promise<{ context: PageContext; ms: number }>;
  close(): Promise<void>;
}

/** An empty page in Chromium into which the page reader, built as it ships, can be called. */
export async function openPageReader(): Promise<PageReader> {
  const script = await buildReader();
  const server = createServer((request, response) => {
    if (request.url === '/reader.js') response.setHeader('content-type', 'text/javascript').end(script);
    else response.setHeader('content-type', 'text/html; charset=utf-8').end(PAGE);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const browser = await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return {
    page,
    read: async (question) => page.evaluate(readOnce, question),
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}

const PAGE = `<!doctype html><title>Bench</title>
<script type="module">import { readPageContext } from '/reader.js'; Object.assign(window, { readPageContext })</script>`;

async function buildReader(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: true,
      target: 'es2023',
      lib: { entry: join(import.meta.dirname, '../widget/page/page-context.ts'), formats: ['es'], fileName: 'reader' },
    },
  });
  const output = (Array.isArray(built) ? built : [built]).flatMap((part) => ('output' in part ? part.output : []));
  const [chunk] = output;
  if (chunk?.type !== 'chunk') throw new Error('the page reader did not build');
  return chunk.code;
}

async function readOnce(question: string) {
  const { readPageContext } = window as typeof window & typeof import('../widget/page/page-context.ts');
  // A settled page: styles and layout are clean before the clock starts.
  document.body.getBoundingClientRect();
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const started = performance.now();
  const context = readPageContext({ level: 'page', question });
  return { context: context as PageContext, ms: performance.now() - started };
}

/** A manual of `nodes` nodes: sections of prose, lists, tables and code, with the usual share of spans and links. */
export function fillPage(nodes: number) {
  const main = document.createElement('main');
  document.body.append(main);
  const template = document.createElement('template');
  for (let made = 0, index = 0; made < nodes; index += 1) {
    template.innerHTML = `<section class="part"><h2 id="s${index}">Section ${index}</h2>
      <p>The <em>refund</em> of section ${index} takes ${index % 30} days <a href="#a">from the receipt</a> of it.</p>
      <ul><li>First <b>point</b> of ${index}</li><li class="x">Second point</li><li>Third <code>--flag</code></li></ul>
      <table><thead><tr><th>Name</th><th>Value</th></tr></thead><tbody><tr><td>limit</td><td>${index}</td></tr>
      <tr><td>burst</td><td>${index * 2}</td></tr></tbody></table>
      <div class="box"><div><span>Nested</span> <span>words</span> here</div></div>
      <pre><code><span>const</span> <span>x</span> = <span>${index}</span>;</code></pre></section>`;
    const walker = document.createTreeWalker(template.content);
    while (walker.nextNode()) made += 1;
    main.append(template.content.cloneNode(true));
  }
}
