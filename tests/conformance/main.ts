import { join } from 'node:path';
import { FormatError } from './golden.ts';
import { readPins } from './pins.ts';
import { runGoldens, type Verdict } from './run-goldens.ts';

// `npm run conformance -- DIR`: every transcript of a directory against our server. One line a failure, and on the last
// line the sum as JSON, for programs.

const [directory, ...rest] = process.argv.slice(2);
if (directory === undefined || rest.length > 0) fail('usage: npm run conformance -- DIRECTORY');

try {
  const verdicts = await runGoldens(directory, await readPins(join(import.meta.dirname, 'pinned')));
  for (const { name, status, reason } of verdicts) if (status === 'failed') console.log(`✗ ${name}: ${reason}`);
  const named = (status: Verdict['status']) =>
    verdicts.filter((verdict) => verdict.status === status).map(({ name }) => name);
  const [failed, pinned] = [named('failed'), named('pinned')];
  console.log(JSON.stringify({ passed: verdicts.length - failed.length, total: verdicts.length, failed, pinned }));
  process.exitCode = failed.length > 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof FormatError)) throw error;
  fail(error.message);
}

function fail(message: string): never {
  console.error(`conformance: ${message}`);
  process.exit(2);
}
