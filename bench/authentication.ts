import { ORIGIN } from '../tests/server/auth/make-auth.ts';
import { makeApp } from '../tests/server/make-app.ts';
import { percentile } from './statistics.ts';

const CALLS = 5_000;
const WARM_UP_CALLS = 500;
const BATCH = 500;

/**
 * What it takes to know who asks, with the real keys, sites and visitors in libSQL on a file: milliseconds of a session
 * token and of a new session (95th percentile), and microseconds of the processor, all threads together, for a token
 * that is none and for one whose signature is not ours.
 */
export async function benchAuthentication() {
  const stack = await makeApp(async function* () {});
  try {
    const good = { bearer: `Bearer ${await stack.session()}`, origin: ORIGIN };
    const site = { bearer: `Bearer ${stack.siteToken}`, origin: ORIGIN, body: {} };
    const refused = (bearer: string) => () =>
      stack.auth.authenticate({ bearer, origin: ORIGIN }).then(
        () => Promise.reject(new Error('a bad token was taken')),
        () => undefined,
      );
    return {
      authenticate_ms: round(percentile(await times(() => stack.auth.authenticate(good)), 95)),
      session_ms: round(percentile(await times(() => stack.auth.createSession(site)), 95)),
      malformed_us: await processorTime(refused('Bearer not.a.token')),
      badly_signed_us: await processorTime(refused(badlySigned(good.bearer))),
    };
  } finally {
    await stack.close();
  }
}

/** The same claims under a signature of the right length. */
export function badlySigned(token: string): string {
  return token.replace(/[^.]*$/, Buffer.alloc(64, 7).toString('base64url'));
}

async function times(call: () => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let n = -WARM_UP_CALLS; n < CALLS; n++) {
    const started = performance.now();
    await call();
    if (n >= 0) taken.push(performance.now() - started);
  }
  return taken;
}

/** The least of many batches: what else the process did meanwhile is not the token's. */
async function processorTime(call: () => Promise<unknown>): Promise<number> {
  const batches: number[] = [];
  for (let n = 0; n < CALLS / BATCH; n++) {
    const before = process.cpuUsage();
    for (let each = 0; each < BATCH; each++) await call();
    const { user, system } = process.cpuUsage(before);
    batches.push((user + system) / BATCH);
  }
  return Math.round(Math.min(...batches));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
