import { type Difference, firstDifference, firstEventDifference, GeneratedIds } from './compare.ts';
import { FormatError, type Golden, type Json, type JsonObject, listGoldens, nameOf, readGolden } from './golden.ts';
import { observeAgents } from './kinds/agents.ts';
import { observeFraming } from './kinds/framing.ts';
import { observeServer } from './kinds/server.ts';
import { observeTemplate } from './kinds/template.ts';
import { observeValidation } from './kinds/validation.ts';
import { observeWidgetDiff } from './kinds/widget-diff.ts';
import { applyPin, type Pins } from './pins.ts';
import { isSameError } from './same-error.ts';

/** What became of one transcript. `reason` says, on one line, why it failed. */
export interface Verdict {
  name: string;
  status: 'passed' | 'pinned' | 'failed';
  reason?: string;
}

/**
 * Runs a transcript's input against ours, and resolves to what came of it under the names that the transcript has for
 * what is expected. What it throws is a failure of the transcript.
 */
type Observe = (golden: JsonObject) => Promise<JsonObject>;

const KINDS = new Map<string, Observe>([
  ['server', observeServer],
  ['agents', observeAgents],
  ['widget_diff', observeWidgetDiff],
  ['template', observeTemplate],
  ['validation', observeValidation],
  ['framing', observeFraming],
]);

/** A run that has not ended by then never will: everything is in memory. */
const DEADLINE_MS = 10_000;
const MAX_SHOWN = 300;

/** Runs every transcript of the directory. Throws `FormatError` when there is none. */
export async function runGoldens(directory: string, pins: Pins): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const path of await listGoldens(directory)) {
    const verdict = await readGolden(path)
      .then((golden) => judge(golden, pins))
      .catch((error: unknown) => failed(nameOf(path), describe(error)));
    verdicts.push(verdict);
  }
  return verdicts;
}

async function judge({ name, kind, body }: Golden, pins: Pins): Promise<Verdict> {
  const observe = KINDS.get(kind);
  if (!observe) return failed(name, `the kind ${JSON.stringify(kind)} is not known`);
  const ours = JSON.parse(JSON.stringify(await inTime(observe(body)))) as JsonObject;

  const difference = findDifference(body, ours);
  const changes = pins.get(name);
  const pinned = changes && applyPin(body, changes);
  if (pinned) {
    if (!difference) return failed(name, 'it is pinned, but ours does what the reference does: take out the pin');
    const fromPin = findDifference(pinned, ours);
    return fromPin ? failed(name, `is not as pinned: ${fromPin}`) : { name, status: 'pinned' };
  }
  if (!difference) return { name, status: 'passed' };
  return isRefusedInstead(body, ours) ? { name, status: 'pinned' } : failed(name, difference);
}

/** In words; `undefined` when ours is all that the transcript expects. */
function findDifference(golden: JsonObject, ours: JsonObject): string | undefined {
  const ids = new GeneratedIds();
  const unordered = new Set(Array.isArray(golden.unordered_types) ? golden.unordered_types : []);
  // The end comes first: where it differs, so does much that follows from it.
  const keys = Object.keys(golden).filter((key) => key.startsWith('expected_') || key === 'cases' || key === 'frames');
  for (const key of keys.toSorted((a, b) => Number(b === 'expected_end') - Number(a === 'expected_end'))) {
    const expected = golden[key];
    const actual = ours[key];
    if (key === 'expected_end' && isSameEnd(expected, actual)) continue;
    if (key === 'expected_error' && isSameError(asText(expected), asText(actual))) continue;
    const found =
      key === 'expected_events' && Array.isArray(expected) && Array.isArray(actual)
        ? firstEventDifference(expected, actual, unordered, ids, key)
        : firstDifference(expected, actual, ids, key);
    if (found) return ids.rename(inWords(found)) + causeOf(ours);
  }
  return undefined;
}

/** Errors that the server reported: what it sends never says its cause. */
function causeOf({ reported }: JsonObject): string {
  return Array.isArray(reported) && reported.length > 0 ? ` (reported: ${reported.map(asText).join('; ')})` : '';
}

/** A refusal is how ours rejects; its code has to say the same as the exception. */
function isSameEnd(expected: Json | undefined, ours: Json | undefined): boolean {
  const [theirWay, theirError = ''] = asText(expected).split(':');
  const [ourWay, ourError = ''] = asText(ours).split(':');
  const isSameWay = theirWay === ourWay || (theirWay === 'rejects' && ourWay === 'refused');
  return isSameWay && (theirError === ourError || isSameError(theirError, ourError));
}

/**
 * The one deviation that the format allows to every transcript: where the reference breaks a stream off without a
 * word, ours may refuse the request before anything is sent, with a code that says the same, and with nothing stored.
 */
function isRefusedInstead(golden: JsonObject, ours: JsonObject): boolean {
  const end = asText(golden.expected_end);
  if (!end.startsWith('stream_aborts:') || !isSameEnd(end.replace('stream_aborts', 'rejects'), ours.expected_end))
    return false;
  const hadStored = Array.isArray(golden.expected_store_ops) && golden.expected_store_ops.length > 0;
  // What the reference had sent and stored by then does not exist in ours.
  const rest = hadStored ? { expected_events: [], expected_store_ops: [], expected_calls: [] } : golden;
  return !findDifference({ ...rest, expected_end: ours.expected_end ?? null }, ours);
}

function failed(name: string, reason: string): Verdict {
  return { name, status: 'failed', reason: reason.replaceAll(/\s*\n\s*/g, ' ') };
}

function inWords({ path, expected, ours }: Difference): string {
  return `${path}: expected ${shown(expected)}, got ${shown(ours)}`;
}

function shown(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  const json = JSON.stringify(value);
  return json.length > MAX_SHOWN ? `${json.slice(0, MAX_SHOWN)}…` : json;
}

function asText(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function describe(error: unknown): string {
  if (error instanceof FormatError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`it has not ended after ${DEADLINE_MS} ms`)), DEADLINE_MS);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
