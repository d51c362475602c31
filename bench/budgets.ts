import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const DIST = join(import.meta.dirname, '..', 'dist');

export interface Bytes {
  raw: number;
  gzip: number;
  brotli: number;
}

interface Budget {
  name: string;
  goal: number;
  bytes: Bytes;
}

/** Words that must never reach a host page: each is a library or an address that crept into a bundle somewhere once. */
const FORBIDDEN = ['zod', 'react-dom', 'openai.com', 'google-analytics', 'sentry'];
/** Loaded only where a tag asks for OpenAI's own element: it has to know where that is. */
const ASKED_FOR = /^assets\/hosted-element-.*: openai\.com$/;

/** The sizes that a host page pays, brotli as served, beside their budgets. Needs a build. */
export function measureBudgets(): Budget[] {
  const assets = readdirSync(join(DIST, 'assets')).filter((name) => name.endsWith('.js'));
  const element = reachable(assets, 'element-');
  const click = [...new Set([...element, ...reachable(assets, 'panel-')])];
  return [
    { name: 'widget.js', goal: 4_000, bytes: sizeOf(['widget.js']) },
    { name: 'first click', goal: 60_000, bytes: sizeOf(click) },
    { name: 'element', goal: 46_000, bytes: sizeOf(element) },
  ];
}

/** A chunk and all that it imports at once; what waits for a later `import()` is not paid by a click. */
function reachable(assets: string[], prefix: string): string[] {
  const entry = assets.find((name) => name.startsWith(prefix));
  if (!entry) throw new Error(`no ${prefix}*.js in dist/assets: build first`);
  const found = new Set([entry]);
  for (const name of found) {
    const source = readFileSync(join(DIST, 'assets', name), 'utf8');
    for (const [, file] of source.matchAll(/(?:from|import)\s*["'`]\.\/([^"'`]+)["'`]/g)) if (file) found.add(file);
  }
  return [...found].map((name) => `assets/${name}`);
}

function sizeOf(files: string[]): Bytes {
  const sum = (suffix: string): number =>
    files.reduce((total, file) => total + statSync(join(DIST, `${file}${suffix}`)).size, 0);
  return { raw: sum(''), gzip: sum('.gz'), brotli: sum('.br') };
}

function forbiddenWords(): string[] {
  const scripts = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  return scripts.flatMap((name) => {
    const source = readFileSync(join(DIST, name), 'utf8');
    return FORBIDDEN.filter((word) => source.includes(word) && !ASKED_FOR.test(`${name}: ${word}`)).map(
      (word) => `${name} holds "${word}"`,
    );
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const budgets = measureBudgets();
  for (const { name, goal, bytes } of budgets)
    console.log(`${bytes.brotli <= goal ? '✓' : '✗'} ${name}: ${bytes.brotli} bytes brotli, budget ${goal}`);
  const bleed = forbiddenWords();
  for (const line of bleed) console.log(`✗ ${line}`);
  if (bleed.length > 0 || budgets.some(({ goal, bytes }) => bytes.brotli > goal)) process.exit(1);
}
