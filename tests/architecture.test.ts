import { readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';
import { expect, test } from 'vitest';

// The rooms of docs/architecture.md, as a test: who may import whom, which vendor lives where, no cycles, no file that
// grew too long, no check that was switched off without a reason.

const ROOT = dirname(import.meta.dirname);
const SOURCE_ROOTS = ['protocol', 'server', 'widget', 'demo-site'];
const MAX_LINES = 300;

/** Where the parts are joined: these may import every room of their side. */
const COMPOSITION_ROOTS = new Set([
  'server/main.ts',
  'server/app.ts',
  'server/open-sites.ts',
  'server/pagewise-server.ts',
  'server/cli/site.ts',
  'server/cli/reach-operator.ts',
  'server/cli/verify.ts',
  'server/cli/verify-inside.ts',
]);
const SERVER_LEAVES = ['server/cache.ts', 'server/context.ts', 'server/errors.ts', 'server/log.ts', 'server/net/'];

/** Room → what its files may import of ours besides the room itself. `type:` allows types alone. */
const MAY_IMPORT: Record<string, string[]> = {
  protocol: [],
  'server/chatkit': ['protocol/'],
  'server/store': ['protocol/', 'type:server/', ...SERVER_LEAVES],
  'server/auth': ['protocol/', 'type:server/', ...SERVER_LEAVES],
  'server/sites': ['protocol/', 'type:server/', ...SERVER_LEAVES],
  'server/agent': ['protocol/', 'type:server/chatkit/', ...SERVER_LEAVES],
  'server/files': ['protocol/', 'type:server/chatkit/', ...SERVER_LEAVES],
  'server/cli': ['protocol/', 'type:server/', ...SERVER_LEAVES],
  'server/verify': ['protocol/', 'type:server/', ...SERVER_LEAVES],
  'server/routes': ['protocol/', 'type:server/', ...SERVER_LEAVES],
  'server/proxy': ['protocol/'],
  server: ['protocol/', 'type:server/', ...SERVER_LEAVES],
  'widget/embed': ['type:protocol/', 'type:widget/panel/'],
  'widget/panel': ['protocol/', 'widget/page/', 'widget/client/'],
  'widget/client': ['protocol/', 'widget/page/'],
  'widget/page': ['type:protocol/', 'protocol/page-context.ts'],
  'widget/element': ['protocol/'],
  widget: [],
  'demo-site': [],
};

/** Vendor → the files or rooms that may import it. Whatever is not listed here may not be imported at all. */
const VENDOR_HOMES: Record<string, string[]> = {
  '@huggingface/jinja': ['server/chatkit/widgets/jinja.ts'],
  '@libsql/client': ['server/store/'],
  '@fastify/busboy': ['server/files/'],
  'file-type': ['server/files/'],
  'ipaddr.js': ['server/net/'],
  jose: ['server/auth/'],
  hono: ['server/app.ts', 'server/routes/', 'server/main.ts'],
  '@hono/node-server': ['server/listen.ts'],
  pino: ['server/log.ts'],
  '@modelcontextprotocol/client': ['server/agent/mcp/'],
  '@openai/agents': ['server/agent/', 'server/chatkit/'],
  openai: ['server/agent/'],
  tldts: ['server/sites/'],
  undici: ['server/net/'],
  zod: ['server/'],
  preact: ['widget/panel/', 'widget/element/'],
  '@openai/chatkit-react': ['widget/panel/'],
  '@openai/chatkit': ['widget/panel/', 'widget/element/'],
  marked: ['widget/element/'],
  'virtual:chunks': ['widget/embed/', 'widget/element/chatkit.ts'],
  'node:': ['server/', 'demo-site/serve.ts'],
};

interface Import {
  file: string;
  target: string;
  typeOnly: boolean;
  ours: boolean;
}

const files = SOURCE_ROOTS.flatMap((root) =>
  readdirSync(join(ROOT, root), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ['.ts', '.tsx'].includes(extname(entry.name)))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/')),
).filter((file) => !file.endsWith('.d.ts'));

const text = new Map(files.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));
const imports = files.flatMap(importsOf);

function importsOf(file: string): Import[] {
  const statement =
    /^\s*(?:import|export)\s+(type\s+)?(?:([^'";]*?)\s+from\s+)?'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;
  return [...(text.get(file) ?? '').matchAll(statement)].map(([, typeWord, names, from, dynamic]) => {
    const specifier = (from ?? dynamic ?? '').replace(/\?inline$/, '');
    const ours = specifier.startsWith('.');
    // `import { type A, type B }` is erased as a whole under verbatimModuleSyntax only as `import type`.
    const typeOnly = typeWord !== undefined || (names !== undefined && /^\{(\s*type\s[^,}]+,?)+\s*\}$/.test(names));
    const target = ours
      ? relative(ROOT, join(ROOT, dirname(file), specifier))
          .split(sep)
          .join('/')
      : specifier;
    return { file, target, typeOnly, ours };
  });
}

function roomOf(file: string): string {
  const rooms = Object.keys(MAY_IMPORT).filter((room) => file.startsWith(`${room}/`));
  return rooms.toSorted((a, b) => b.length - a.length)[0] ?? '';
}

function describe({ file, target, typeOnly }: Import): string {
  return `${file} → ${typeOnly ? 'type ' : ''}${target}`;
}

test('there is something to check', () => {
  expect(files.length).toBeGreaterThan(20);
  expect(imports.length).toBeGreaterThan(files.length);
});

test('every file stands in a known room', () => {
  expect(files.filter((file) => roomOf(file) === '')).toEqual([]);
});

test('a room imports only what its row allows', () => {
  const broken = imports.filter(({ file, target, typeOnly, ours }) => {
    if (!ours) return false;
    if (COMPOSITION_ROOTS.has(file)) return target.startsWith('widget/');
    const room = roomOf(file);
    if (target.startsWith(`${room}/`) && roomOf(target) === room) return false;
    return !MAY_IMPORT[room]?.some((allowed) =>
      allowed.startsWith('type:') ? typeOnly && target.startsWith(allowed.slice(5)) : target.startsWith(allowed),
    );
  });
  expect(broken.map(describe)).toEqual([]);
});

test('a vendor is imported in its home alone', () => {
  const broken = imports.filter(({ file, target, ours, typeOnly }) => {
    if (ours) return false;
    const vendor = Object.keys(VENDOR_HOMES).find(
      (name) => target === name || target.startsWith(`${name}/`) || (name.endsWith(':') && target.startsWith(name)),
    );
    if (!vendor) return true;
    if (vendor === 'node:' && typeOnly) return false;
    return !VENDOR_HOMES[vendor]?.some((home) => file.startsWith(home));
  });
  expect(broken.map(describe)).toEqual([]);
});

test('the protocol needs neither a page nor a server', () => {
  const words = /\b(?:document|window|navigator|localStorage|process|Buffer|require)\b\s*[.([]/;
  const broken = files.filter((file) => file.startsWith('protocol/') && words.test(withoutComments(file)));
  expect(broken).toEqual([]);
});

test('no file imports itself, however long the way around', () => {
  const edges = new Map<string, string[]>();
  for (const { file, target, typeOnly, ours } of imports)
    if (ours && !typeOnly) edges.set(file, [...(edges.get(file) ?? []), target]);
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (path.includes(file) || done.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});

test('the page is built without string sinks', () => {
  const sinks =
    /\.(?:innerHTML|outerHTML|srcdoc)\b\s*[+]?=|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|setAttribute\(\s*'style'|\beval\(|new Function\(/;
  expect(files.filter((file) => file.startsWith('widget/') && sinks.test(withoutComments(file)))).toEqual([]);
});

test('only config.ts reads the environment', () => {
  const broken = files.filter((file) => /process\.env/.test(withoutComments(file)) && file !== 'server/config.ts');
  expect(broken).toEqual([]);
});

test('names are kebab-case and files stay short', () => {
  const badNames = files.filter((file) => !/^[a-z0-9/.-]+$/.test(file));
  const vague = files.filter((file) => /\/(?:utils?|helpers?|common|manager|service)\b/.test(file));
  const styles = SOURCE_ROOTS.flatMap((root) =>
    readdirSync(join(ROOT, root), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.css'))
      .map((name) => `${root}/${name.split(sep).join('/')}`),
  );
  const long = [...files, ...styles].filter((file) => {
    const source = text.get(file) ?? readFileSync(join(ROOT, file), 'utf8');
    return source.split('\n').length - 1 > MAX_LINES && !file.includes('/strings/');
  });
  expect({ badNames, vague, long }).toEqual({ badNames: [], vague: [], long: [] });
});

test('a check is switched off only with its reason beside it', () => {
  const escape = /(?:@ts-(?:ignore|expect-error|nocheck)|oxlint-disable\S*|eslint-disable\S*|biome-ignore\s\S+)(.*)$/gm;
  const broken = files.flatMap((file) =>
    [...(text.get(file) ?? '').matchAll(escape)]
      .filter(([, rest]) => !/(?:--|:)\s*\S+/.test(rest ?? ''))
      .map(([match]) => `${file}: ${match}`),
  );
  expect(broken).toEqual([]);
});

function withoutComments(file: string): string {
  return (text.get(file) ?? '').replace(/\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/.*$/gm, '');
}
