import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { startResponsesUpstream } from '../fakes/responses-upstream.ts';
import { openSession } from './site-client.ts';
import { startStack } from './stack.ts';

const TELL_MODULES = pathToFileURL(join(import.meta.dirname, '..', 'fakes', 'tell-modules.ts')).href;

/** What a process has loaded so far. */
const modulesIn = (output: string) => [...output.matchAll(/^loads (.+)$/gm)].map(([, url]) => url);

test('the first answer of a server that is ready loads no code', async () => {
  const upstream = await startResponsesUpstream();
  const stack = await startStack({
    OPENAI_API_KEY: 'sk-first',
    OPENAI_BASE_URL: upstream.baseUrl,
    NODE_OPTIONS: `--import=${TELL_MODULES}`,
  });
  try {
    const atStart = modulesIn(stack.output());
    const session = await openSession(stack);
    for await (const event of await session.ask('Are you there?')) expect(event.type).not.toBe('error');
    expect(upstream.requests.length).toBeGreaterThan(0);
    expect(atStart.some((url) => url?.includes('@openai/agents'))).toBe(true);
    expect(modulesIn(stack.output()).slice(atStart.length)).toEqual([]);
  } finally {
    await stack.close();
    await upstream.close();
  }
});
