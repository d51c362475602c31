import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { readConfig } from '../config.ts';
import { UsageError } from './parse-settings.ts';
import { reachOperator } from './reach-operator.ts';
import { runCommand, USAGE } from './run-command.ts';

const read = (place: string): Promise<string> => (place === '-' ? text(process.stdin) : readFile(place, 'utf8'));

async function main(words: string[]): Promise<void> {
  if (words.length === 0 || ['help', '--help', '-h'].includes(words[0] ?? '')) {
    console.log(USAGE);
    return;
  }
  const { ask, close } = await reachOperator(readConfig());
  try {
    console.log(await runCommand(words, { ask, read }));
  } finally {
    await close();
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
