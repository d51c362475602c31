import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { launchChromium } from '../tools/chromium.ts';

const CHUNKS = 1_000;
const SIZE = 20_000;
const RUNS = 5;

/** What answers are made of: paragraphs with emphasis, lists, code, a table, quotes and links. */
const SAMPLE = `## Setting up

The **installer** writes one file, \`acme.toml\`, and _nothing else_. See the [guide](https://docs.example.com/setup) first.

- Open the settings
- Choose **Deploy keys**, then \`Add\`
  - a nested point with some more words in it
- Save

1. Fetch the package
2. Run it once

\`\`\`ts
export async function deploy(target: string): Promise<void> {
  const key = await readKey(target);
  await push({ key, retries: 3 });
}
\`\`\`

| Plan | Seats | Price |
| --- | ---: | ---: |
| Starter | 3 | $19 |
| Team | 25 | $79 |

> A downgrade takes effect at the end of the period.

Plain words fill the rest of this paragraph so that it is about as long as the ones that models write, with a second sentence and a third one to follow it. They go on for a while.

`;

/** Milliseconds to draw 20 kB of markdown that arrives in 1,000 chunks, in Chromium, the median of five runs. */
export async function benchMarkdown(): Promise<number> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2023',
      lib: { entry: 'bench/markdown-page.tsx', formats: ['es'], fileName: 'bench' },
      // One file: a page without an address has nothing to import the others from.
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const [result] = [built].flat();
  if (!result || !('output' in result)) throw new Error('the bench was not built');
  const text = SAMPLE.repeat(Math.ceil(SIZE / SAMPLE.length)).slice(0, SIZE);
  const step = SIZE / CHUNKS;
  const chunks = Array.from({ length: CHUNKS }, (_, index) => text.slice(index * step, (index + 1) * step));
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ type: 'module', content: result.output[0].code });
    const runs: number[] = [];
    for (let run = 0; run < RUNS; run += 1)
      runs.push(await page.evaluate((given) => window.measureMarkdown(given), chunks));
    return runs.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN;
  } finally {
    await browser.close();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  console.log(`${(await benchMarkdown()).toFixed(0)} ms for 20 kB of markdown in 1,000 chunks`);
