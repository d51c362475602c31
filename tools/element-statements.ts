import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CHAPTERS, MARKS } from './element-contract.ts';

const ROOT = join(import.meta.dirname, '..');
const PAGE = join(ROOT, 'docs', 'element.md');
const CITATION = /^\s*\/\/ Shows ([\d, ]+)\.$/;

export interface Citation {
  numbers: number[];
  /** Relative to the repository, with its line, counted from one. */
  file: string;
  line: number;
  /** What the cited test is called; undefined where no test follows the comment. */
  title: string | undefined;
}

/** Every `// Shows 29, 31.` of the tests, in the order of files and lines. */
export function readCitations(): Citation[] {
  const files = readdirSync(join(ROOT, 'tests'), { recursive: true, encoding: 'utf8' })
    .map((name) => `tests/${name.split(sep).join('/')}`)
    .filter((name) => /\.test\.tsx?$/.test(name));
  return files.toSorted().flatMap((file) => citationsOf(file, readFileSync(join(ROOT, file), 'utf8')));
}

/** The citations of one test file's text. */
export function citationsOf(file: string, source: string): Citation[] {
  const lines = source.split('\n');
  return lines.flatMap((text, index) => {
    const numbers = CITATION.exec(text)?.[1];
    if (numbers === undefined) return [];
    const title = titleOf(lines.slice(index + 1).join('\n'));
    return [{ numbers: numbers.split(',').map(Number), file, line: index + 2, title }];
  });
}

/** What the test is called that `code` begins with; a table of cases stands before its name. */
function titleOf(code: string): string | undefined {
  const call = /^\s*(?:test|describe)([\w.]*)\(/.exec(code);
  if (!call) return undefined;
  const name = call[1] === '.each' ? /\)\(\s*(['"`])(.+?)\1,/ : /^[^(]*\(\s*(['"`])(.+?)\1,/;
  return name.exec(code)?.[2]?.replaceAll('\\', '');
}

/** The statements that neither a test nor a mark answers for. */
export function openStatements(citations: readonly Citation[]): number[] {
  const shown = new Set(citations.flatMap(({ numbers }) => numbers));
  return CHAPTERS.flatMap(({ statements }) => Object.keys(statements).map(Number)).filter(
    (number) => !shown.has(number) && !MARKS[number],
  );
}

/** `docs/element.md`: what people wrote of it above the list, and the list as the tests tell it. */
export function elementPage(written: string, citations: readonly Citation[]): string {
  const head = written.split('\n## What it shows\n')[0] ?? '';
  const chapters = CHAPTERS.map(({ letter, heading, statements }) => {
    const rows = Object.entries(statements).map(
      ([number, words]) => `| ${number} | ${words} | ${evidence(Number(number), citations)} |`,
    );
    return `### ${letter}. ${heading}\n\n| | It holds that | Shown by |\n|---:|---|---|\n${rows.join('\n')}\n`;
  });
  return `${head}\n## What it shows\n\n${INTRODUCTION}\n\n${chapters.join('\n')}`;
}

const INTRODUCTION = `Each statement beside the tests that would go red without it, read from the tests' own comments by
\`node tools/element-statements.ts\`. **By hand**: it needs a script, a server, a browser or a device that the tests do
not have. **Different**: on purpose, with the reason. **Open**: nothing shows it yet. The chapter on widgets (J) and the
numbers that are missing belong to parts that are not built yet.`;

function evidence(number: number, citations: readonly Citation[]): string {
  const { hand, differs } = MARKS[number] ?? {};
  const tests = citations
    .filter(({ numbers }) => numbers.includes(number))
    .map(({ file, line }) => `[\`${file.replace(/^tests\//, '')}:${line}\`](../${file}#L${line})`);
  const words = [
    ...tests,
    ...(differs ? [`**Different**: ${differs}`] : []),
    ...(hand ? [`**By hand**: ${hand}`] : []),
  ];
  return words.join('<br>') || '**Open**';
}

/** The page as it stands in the repository. */
export function readPage(): string {
  return readFileSync(PAGE, 'utf8');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(PAGE, elementPage(readPage(), readCitations()));
