import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { launchChromium } from '../tools/chromium.ts';
import { median } from './statistics.ts';

const WIDGET = join(import.meta.dirname, '..', 'dist', 'widget.js');
const RUNS = 7;

/**
 * What the pasted tag costs a page that nobody asks anything: milliseconds of script at a 4× slow-down, median over
 * fresh profiles, and what was requested, stored or set besides the page and the tag.
 */
export async function benchIdleScript(): Promise<{ idle_script_ms_4x: number; idle_extra: string[] }> {
  const widget = await readFile(WIDGET);
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    if (request.url === '/widget.js') response.setHeader('content-type', 'text/javascript').end(widget);
    else if (request.url === '/') response.setHeader('content-type', 'text/html').end(page());
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  const browser = await launchChromium();
  const times: number[] = [];
  const extra = new Set<string>();
  try {
    for (let run = 0; run < RUNS; run++) {
      const context = await browser.newContext();
      const tab = await context.newPage();
      const devtools = await context.newCDPSession(tab);
      await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
      await devtools.send('Performance.enable');
      await tab.goto(`http://127.0.0.1:${address.port}/`, { waitUntil: 'networkidle' });
      const { metrics } = await devtools.send('Performance.getMetrics');
      times.push((metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN) * 1000);
      const stored = await tab.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]);
      const cookies = (await context.cookies()).map(({ name }) => name);
      for (const name of [...stored, ...cookies]) extra.add(name);
      await context.close();
    }
  } finally {
    await browser.close();
    server.close();
  }
  for (const url of requests) if (!['/', '/widget.js', '/favicon.ico'].includes(url)) extra.add(url);
  return { idle_script_ms_4x: median(times), idle_extra: [...extra] };
}

function page(): string {
  return '<!doctype html><title>Idle</title><p>Text</p><script async src="/widget.js" data-site-token="t"></script>';
}
