import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Golden, type JsonObject, listGoldens, readGolden } from './golden.ts';

export const GOLDENS = join(import.meta.dirname, 'goldens');
export const PINNED = join(import.meta.dirname, 'pinned');

export async function readGoldens(): Promise<Golden[]> {
  return Promise.all((await listGoldens(GOLDENS)).map(readGolden));
}

/** A directory of these files, for one test. */
export async function writeGoldens(files: Record<string, JsonObject | string>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'goldens-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  for (const [name, content] of Object.entries(files))
    await writeFile(join(directory, `${name}.json`), typeof content === 'string' ? content : JSON.stringify(content));
  return directory;
}
