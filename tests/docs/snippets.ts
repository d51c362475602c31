import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

export interface Snippets {
  /** Where the files stand: in the clone, where `pagewise/…` is this very package. */
  directory: string;
  files: string[];
  close(): Promise<void>;
}

/** The code of a page as a reader would copy it: each block into the file that its first line names. */
export async function writeSnippets(page: string): Promise<Snippets> {
  const directory = await mkdtemp(join(ROOT, '.docs-'));
  const markdown = await readFile(join(ROOT, 'docs', page), 'utf8');
  const files: string[] = [];
  for (const [, name = '', code = ''] of markdown.matchAll(/^```tsx?\n\/\/ (\S+\.tsx?)\n(.*?)^```$/gms)) {
    files.push(name);
    await writeFile(join(directory, name), code);
  }
  const config = { extends: '../tsconfig.json', include: ['*.ts', '*.tsx'] };
  await writeFile(join(directory, 'tsconfig.json'), JSON.stringify(config));
  return { directory, files, close: () => rm(directory, { recursive: true }) };
}

/** Language and first line of every block of code on the page. */
export async function blocksOf(page: string): Promise<string[]> {
  const markdown = await readFile(join(ROOT, 'docs', page), 'utf8');
  return [...markdown.matchAll(/^```(.*)\n(.*)$/gm)]
    .map(([, language, first]) => `${language} ${first}`)
    .filter((line) => line !== ' ');
}
