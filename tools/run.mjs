// The one entry of every command. Plain JavaScript, because it must run on whatever Node the machine has: it installs
// what the lock file says, then hands over to the locked Node by path (npm hooks vanish under `ignore-scripts`, and a
// shell that runs `a && b` remembers the old Node).
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name) => join(root, 'node_modules', '.bin', name);
const [command = '', ...rest] = process.argv.slice(2);

const CHROMIUM_CANDIDATES = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const EXAMPLES = ['docs-site', 'next'];

const commands = {
  start: () => {
    build();
    serve(['server/main.ts']);
  },
  test: () => {
    const chromium = findOrInstallChromium();
    build();
    buildPackage();
    step('tests', node, [bin('vitest'), 'run', ...rest], { CHROMIUM_PATH: chromium });
  },
  check: () => {
    step('format', bin('biome'), ['check', '.']);
    step('lint', bin('oxlint'), ['--type-aware', '--deny-warnings']);
    step('types', node, [bin('tsc'), '-p', '.']);
    step('unused code', node, [bin('knip')]);
    build();
    buildPackage();
    step('byte budgets', node, ['bench/budgets.ts']);
  },
  // `npm run examples -- NAME…` for some of them.
  examples: () => {
    const chromium = findOrInstallChromium();
    const names = rest.length > 0 ? rest : EXAMPLES;
    const unknown = names.filter((name) => !EXAMPLES.includes(name));
    if (unknown.length > 0) {
      console.error(`There is no example ${unknown.join(', ')}; there are ${EXAMPLES.join(', ')}.`);
      process.exit(2);
    }
    build();
    buildPackage();
    for (const name of names) installExample(join('examples', name));
    const tests = names.map((name) => `tests/examples/${name}.test.ts`);
    const vitest = [bin('vitest'), 'run', '--config', 'vitest.examples.config.ts', ...tests];
    step(`examples: ${names.join(', ')}`, node, vitest, { CHROMIUM_PATH: chromium });
  },
  bench: () => {
    const chromium = findOrInstallChromium();
    build();
    step('benchmarks', node, ['bench/main.ts', ...rest], { CHROMIUM_PATH: chromium });
  },
  // Its last line is for programs, so no step is announced after it.
  conformance: () => {
    const { status } = spawnSync(node, ['tests/conformance/main.ts', ...rest], { cwd: root, stdio: 'inherit' });
    process.exit(status ?? 1);
  },
  // What it prints is for people and for pipes: no step is announced, and nothing has to be built.
  site: () => {
    const { status } = spawnSync(node, ['server/cli/site.ts', ...rest], { cwd: root, stdio: 'inherit' });
    process.exit(status ?? 1);
  },
  package: buildPackage,
  verify: () => {
    const { status } = spawnSync(node, ['server/cli/verify.ts', ...rest], { cwd: root, stdio: 'inherit' });
    process.exit(status ?? 1);
  },
  screens: () => {
    const chromium = findOrInstallChromium();
    build();
    step('screens', node, ['tools/screens.ts', ...rest], { CHROMIUM_PATH: chromium });
  },
};

if (!Object.hasOwn(commands, command)) {
  console.error(`usage: node tools/run.mjs ${Object.keys(commands).join(' | ')}`);
  process.exit(2);
}
install();
const node = lockedNode();
commands[command]();

function install(project = '.') {
  const stamp = join(root, project, 'node_modules', '.package-lock.json');
  const lock = join(root, project, 'package-lock.json');
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(lock).mtimeMs) return;
  const npm = process.env.npm_execpath;
  // `npm pack --dry-run` hands its flag on to what its hook starts.
  const args = ['ci', '--ignore-scripts', '--no-dry-run', '--no-audit', '--no-fund', '--loglevel=error'];
  const name = project === '.' ? 'install' : `install ${project}`;
  console.error(`First start: ${name}, as the lock file says (about half a minute) …`);
  if (npm) step(name, process.execPath, [npm, ...args], {}, project);
  else step(name, process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {}, project);
}

function installExample(project) {
  install(project);
  // npm copied it when it installed, and does not look at it again.
  const copy = join(root, project, 'node_modules/pagewise/lib');
  if (!existsSync(copy)) return;
  rmSync(copy, { recursive: true });
  cpSync(join(root, 'lib'), copy, { recursive: true });
}

function lockedNode() {
  const locked = bin('node');
  if (existsSync(locked)) return locked;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 19)) return process.execPath;
  console.error(`Pagewise needs Node 22.19 or newer; this is ${process.versions.node}.`);
  return process.exit(1);
}

function build() {
  step('build', node, [bin('vite'), 'build', '--app', '--logLevel', 'warn']);
}

function buildPackage() {
  step('package', node, ['tools/build-package.ts']);
}

function findChromium() {
  return CHROMIUM_CANDIDATES.find((path) => path && existsSync(path));
}

function findOrInstallChromium() {
  if (findChromium()) return findChromium();
  if (process.platform === 'linux' && existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    console.error('No Chromium here: installing the one of Debian (about a minute) …');
    step('package lists', 'apt-get', ['update', '-qq']);
    step('chromium', 'apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-cjk']);
    if (findChromium()) return findChromium();
  }
  console.error(
    'The browser tests need Chromium or Chrome: install it (Debian: `sudo apt-get install chromium`) or set CHROMIUM_PATH.',
  );
  return process.exit(1);
}

function step(name, file, args, env = {}, project = '.') {
  const started = performance.now();
  console.error(`▸ ${name}`);
  const { status, error } = spawnSync(file, args, {
    cwd: join(root, project),
    stdio: 'inherit',
    env: { ...process.env, FORCE_COLOR: process.env.FORCE_COLOR ?? '0', ...env },
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (status === 0) {
    console.error(`✓ ${name} (${seconds} s)`);
    return;
  }
  console.error(`✗ ${name} (${seconds} s)${error ? `: ${error.message}` : ''}`);
  process.exit(status ?? 1);
}

// The server outlives this function: signals are its own to answer, so that it drains before it ends.
function serve(args) {
  const child = spawn(node, args, { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
