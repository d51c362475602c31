import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Stack } from './stack.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** `npm run site -- WORDS`, as the owner of a site does it beside the running server; resolves to what it prints. */
export async function runSite({ chatUrl, dataDir }: Stack, ...words: string[]): Promise<string> {
  const env = { PATH: process.env.PATH, PORT: new URL(chatUrl).port, DATA_DIR: dataDir, DEMO_PORT: '0' };
  const { stdout } = await promisify(execFile)(process.execPath, ['server/cli/site.ts', ...words], { cwd: ROOT, env });
  return stdout;
}
