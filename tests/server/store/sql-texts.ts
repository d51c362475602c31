import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { parseAst } from 'vite';

// The SQL of the program as its source says it: each string of the server that reads or writes a table, with what is
// put into it resolved within its file. What cannot be resolved stays in the text as `⟪name⟫`.

const SERVER = join(import.meta.dirname, '..', '..', '..', 'server');
/** Migrations make the schema itself; they run before anybody asks. */
const SCHEMA = new Set(['store/migrations.ts', 'store/migrate.ts']);
const NAMES_A_TABLE = /\b(?:FROM|JOIN|INTO|UPDATE)\s+[a-z_⟪]/;

export interface SqlText {
  /** Relative to `server/`. */
  file: string;
  sql: string;
}

export function readSqlTexts(): SqlText[] {
  const files = readdirSync(SERVER, { recursive: true, encoding: 'utf8' })
    .map((name) => name.split(sep).join('/'))
    .filter((name) => name.endsWith('.ts') && !SCHEMA.has(name));
  return files.flatMap((file) =>
    sqlTextsOf(readFileSync(join(SERVER, file), 'utf8')).map((sql) => ({ file, sql: oneLine(sql) })),
  );
}

/** A statement as lists of them compare it. */
export function oneLine(sql: string): string {
  return sql.replace(/\s+/g, ' ').trim();
}

interface Node {
  type: string;
  name?: string;
  [field: string]: unknown;
}

export function sqlTextsOf(source: string): string[] {
  const nodes = [...walk(parseAst(source, { lang: 'ts' }) as unknown as Node)];
  const texts = nodes
    .filter(({ type, value }) => type === 'TemplateLiteral' || (type === 'Literal' && typeof value === 'string'))
    .flatMap((node) => valuesOf(node, nodes, []));
  return [...new Set(texts)].filter((text) => NAMES_A_TABLE.test(text));
}

function* walk(node: Node): Generator<Node> {
  yield node;
  for (const value of Object.values(node).flat()) if (isNode(value)) yield* walk(value);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

/** All texts that an expression can be, as far as its file says. */
function valuesOf(node: Node | undefined, all: Node[], resolving: string[]): string[] {
  const inner = (part: unknown) => valuesOf(part as Node, all, resolving);
  switch (node?.type) {
    case 'Literal':
      return [String(node['value'])];
    case 'TemplateLiteral': {
      const quasis = node['quasis'] as { value: { cooked: string } }[];
      return (node['expressions'] as Node[]).reduce(
        (texts, expression, index) =>
          combine(combine(texts, inner(expression)), [quasis[index + 1]?.value.cooked ?? '']),
        [quasis[0]?.value.cooked ?? ''],
      );
    }
    case 'BinaryExpression':
      return combine(inner(node['left']), inner(node['right']));
    case 'ConditionalExpression':
      return [...inner(node['consequent']), ...inner(node['alternate'])];
    case 'Identifier':
      return valuesOfName(node.name ?? '…', all, resolving);
    case 'MemberExpression':
      return valuesOfName((node['property'] as Node).name ?? '…', all, resolving);
    case 'CallExpression':
      return valuesOfName((node['callee'] as Node).name ?? '…', all, resolving);
    default:
      return ['⟪…⟫'];
  }
}

function combine(before: string[], after: string[]): string[] {
  return before.flatMap((start) => after.map((end) => start + end));
}

/** Whatever a file gives that name: a constant, a property, an argument of a function of the file, what it returns. */
function valuesOfName(name: string, all: Node[], resolving: string[]): string[] {
  if (resolving.includes(name)) return [];
  const given = all.flatMap((node) => givenTo(name, node, all));
  const values = given.flatMap((value) => valuesOf(value, all, [...resolving, name]));
  return values.length > 0 ? [...new Set(values)] : [`⟪${name}⟫`];
}

function givenTo(name: string, node: Node, all: Node[]): Node[] {
  switch (node.type) {
    case 'VariableDeclarator':
      return named(node['id'], name, node['init']);
    case 'ForOfStatement':
      return elementsOf(node['right'], all).flatMap((element) =>
        named(((node['left'] as Node)['declarations'] as Node[] | undefined)?.[0]?.['id'], name, element),
      );
    case 'Property':
      return isNode(node['value']) && (node['key'] as Node).name === name && node['value'].type !== 'Identifier'
        ? [node['value']]
        : [];
    case 'FunctionDeclaration': {
      const called = (node['id'] as Node).name ?? '';
      if (called === name)
        return [...walk(node['body'] as Node)].flatMap(({ type, argument }) =>
          type === 'ReturnStatement' && isNode(argument) ? [argument] : [],
        );
      const at = (node['params'] as Node[]).findIndex((param) => param.name === name);
      return at < 0 ? [] : callsOf(called, all).flatMap((call) => (call[at] ? [call[at]] : []));
    }
    case 'CallExpression': {
      // `['a', 'b'].map((name) => …)`
      const { object } = node['callee'] as { object?: Node };
      const [callback] = node['arguments'] as Node[];
      const [parameter] = (callback?.['params'] as Node[] | undefined) ?? [];
      return elementsOf(object, all).flatMap((element) => named(parameter, name, element));
    }
    default:
      return [];
  }
}

/** The value that a pattern gives to a name. */
function named(pattern: unknown, name: string, value: unknown): Node[] {
  if (!isNode(pattern) || !isNode(value)) return [];
  if (pattern.type === 'Identifier') return pattern.name === name ? [value] : [];
  if (pattern.type !== 'ArrayPattern') return [];
  const at = (pattern['elements'] as (Node | null)[]).findIndex((element) => element?.name === name);
  const branches = value.type === 'ConditionalExpression' ? [value['consequent'], value['alternate']] : [value];
  return branches.flatMap((branch) => {
    const element = isNode(branch) ? (branch['elements'] as Node[] | undefined)?.[at] : undefined;
    return element ? [element] : [];
  });
}

function elementsOf(list: unknown, all: Node[]): Node[] {
  if (!isNode(list)) return [];
  if (list.type === 'TSAsExpression') return elementsOf(list['expression'], all);
  if (list.type === 'ArrayExpression') return list['elements'] as Node[];
  if (list.type !== 'Identifier') return [];
  const declared = all.find(({ type, id }) => type === 'VariableDeclarator' && isNode(id) && id.name === list.name);
  return declared ? elementsOf(declared['init'], all) : [];
}

function callsOf(name: string, all: Node[]): Node[][] {
  return all
    .filter(({ type, callee }) => type === 'CallExpression' && isNode(callee) && callee.name === name)
    .map((call) => call['arguments'] as Node[]);
}
