import { openSession } from '../tests/e2e/site-client.ts';
import { startStack } from '../tests/e2e/stack.ts';
import { type ResponsesUpstream, startResponsesUpstream } from '../tests/fakes/responses-upstream.ts';
import { median } from './statistics.ts';

const DELTAS = 5_000;
const FIRST_TOKEN_RUNS = 101;
/** A server answers thousands of questions between two starts: the first ones, which compile its code, do not count. */
const WARM_UP_RUNS = 100;
const DELTA = 'text_delta';

/**
 * What the server adds to a model's stream, over real HTTP with one fake endpoint behind both ways in the same run:
 * milliseconds to the first token beyond calling the endpoint directly (medians, alternating), and microseconds a
 * delta from the endpoint through the whole server to a reader.
 */
export async function benchAnswerStream(): Promise<{ first_token_overhead_ms: number; us_per_delta: number }> {
  const upstream = await startResponsesUpstream();
  const stack = await startStack({ OPENAI_API_KEY: 'sk-bench', OPENAI_BASE_URL: upstream.baseUrl, LOG_LEVEL: 'error' });
  try {
    const client = await openSession(stack);
    const input = { content: [{ type: 'input_text', text: 'Hello' }], attachments: [], inference_options: {} };
    const ask = (): Promise<Response> => client.post({ type: 'threads.create', params: { input } });
    // Both ways warm: code compiled, connections open.
    for (let n = 0; n < WARM_UP_RUNS; n++) {
      await timeToFirst(() => askDirectly(upstream), DELTA);
      await timeToFirst(ask, DELTA);
    }
    const direct: number[] = [];
    const through: number[] = [];
    for (let n = 0; n < FIRST_TOKEN_RUNS; n++) {
      direct.push(await timeToFirst(() => askDirectly(upstream), 'response.output_text.delta'));
      through.push(await timeToFirst(ask, DELTA));
    }
    upstream.steps.push({ answer: Array.from({ length: DELTAS }, (_, n) => `word${n} `) });
    const started = performance.now();
    await timeToFirst(ask, 'never');
    const us = ((performance.now() - started) * 1000) / DELTAS;
    return {
      first_token_overhead_ms: Math.round((median(through) - median(direct)) * 100) / 100,
      us_per_delta: Math.round(us),
    };
  } finally {
    await stack.close();
    await upstream.close();
  }
}

/** Milliseconds until the stream holds `mark`; reads the stream to its end. */
async function timeToFirst(request: () => Promise<Response>, mark: string): Promise<number> {
  const started = performance.now();
  const response = await request();
  if (!response.ok || !response.body) throw new Error(`${response.status} ${await response.text()}`);
  let first = Number.NaN;
  const decoder = new TextDecoder();
  for await (const chunk of response.body)
    if (Number.isNaN(first) && decoder.decode(chunk, { stream: true }).includes(mark))
      first = performance.now() - started;
  return first;
}

function askDirectly(upstream: ResponsesUpstream): Promise<Response> {
  return fetch(`${upstream.baseUrl}/responses`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'fake', stream: true, input: 'Hello' }),
  });
}
