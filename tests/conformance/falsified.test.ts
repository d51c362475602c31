import { beforeAll, describe, expect, test } from 'vitest';
import type { Golden, Json, JsonObject } from './golden.ts';
import { PINNED, readGoldens, writeGoldens } from './golden-files.ts';
import { type Pins, readPins } from './pins.ts';
import { runGoldens, type Verdict } from './run-goldens.ts';

let goldens: Golden[];
let pins: Pins;
beforeAll(async () => {
  goldens = await readGoldens();
  pins = await readPins(PINNED);
});

function golden(name: string): JsonObject {
  const body = goldens.find((candidate) => candidate.name === name)?.body;
  if (!body) throw new Error(`there is no transcript ${name}`);
  return structuredClone(body);
}

const run = async (files: Record<string, JsonObject>, byPins = pins) => runGoldens(await writeGoldens(files), byPins);
const runOne = async (name: string, body: JsonObject, byPins = pins): Promise<Verdict | undefined> =>
  (await run({ [name]: body }, byPins))[0];

/** Runs a changed copy of each transcript that can be changed so; all of them have to fail. */
async function expectAllSeen(falsify: (body: JsonObject, name: string) => JsonObject | undefined): Promise<void> {
  const files: Record<string, JsonObject> = {};
  for (const { name, body } of goldens) {
    const falsified = falsify(structuredClone(body), name);
    if (falsified) files[name] = falsified;
  }
  const verdicts = await run(files);
  expect(verdicts.length).toBeGreaterThan(20);
  expect(verdicts.filter(({ status }) => status !== 'failed')).toEqual([]);
}

/** The places of all values that a run has to reproduce. */
function places(body: JsonObject): string[][] {
  const leaves = (value: Json, path: string[]): string[][] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, entry]) => leaves(entry, [...path, key]))
      : [path];
  return leaves(body, []).filter(
    ([key = '', ...rest]) => key.startsWith('expected_') || key === 'frames' || rest.at(-1) === 'accepted',
  );
}

function alter(value: unknown): Json {
  if (typeof value === 'string') return `${value}!`;
  if (typeof value === 'number') return value + 1;
  return typeof value === 'boolean' ? !value : 0;
}

const events = (body: JsonObject): Json[] => (Array.isArray(body.expected_events) ? body.expected_events : []);
const eventOf = (name: string, index: number): Json => (golden(name).expected_events as Json[])[index] ?? null;
const aborted = () => golden('server__add_user_message_unknown_thread');

/** Replaces the last place where the JSON of what is expected says so. */
function swapText(body: JsonObject, from: string, to: string): void {
  for (const key of Object.keys(body)) {
    if (!key.startsWith('expected_') && key !== 'frames' && key !== 'cases') continue;
    const json = JSON.stringify(body[key]);
    const at = json.lastIndexOf(from);
    if (at !== -1) body[key] = JSON.parse(json.slice(0, at) + to + json.slice(at + from.length));
    if (at !== -1) return;
  }
}

describe('a transcript is seen to be falsified by', () => {
  // Another value of each transcript in every round, spread over all of it.
  test.each([0, 1, 2, 3])('one altered value (round %i)', async (round) => {
    await expectAllSeen((body, name) => {
      // Where ours deviates, another value may be just what ours does.
      const isPinned = (path: string[]) => pins.get(name)?.some((change) => change.path === `/${path.join('/')}`);
      const all = places(body).filter((path) => !isPinned(path));
      const path = all[(round * 7919) % all.length];
      if (!path) return undefined;
      const key = path.at(-1) ?? '';
      const parent = path.slice(0, -1).reduce<unknown>((at, step) => Reflect.get(at as object, step), body) as object;
      Reflect.set(parent, key, alter(Reflect.get(parent, key)));
      return body;
    });
  });

  test('a dropped event', async () => {
    await expectAllSeen((body) => (events(body).splice(1, 1).length > 0 ? body : undefined));
  });

  test('an event that comes twice', async () => {
    await expectAllSeen((body) => (events(body).push(...events(body).slice(-1)) > 0 ? body : undefined));
  });

  test('two events in each other’s place', async () => {
    await expectAllSeen((body) => {
      const [first, second, ...rest] = events(body);
      return second === undefined ? undefined : { ...body, expected_events: [second, first ?? null, ...rest] };
    });
  });

  test('an item of the store that is missing', async () => {
    await expectAllSeen((body) => {
      const items = body.expected_store_items;
      return Array.isArray(items) && items.shift() !== undefined ? body : undefined;
    });
  });

  test('a write that did not happen', async () => {
    await expectAllSeen((body) => {
      if (!Array.isArray(body.expected_store_ops)) return undefined;
      body.expected_store_ops.push(['save_thread', 'thr_seed']);
      return body;
    });
  });

  test.each<[string, string, (body: JsonObject) => void]>([
    ['server', 'server__client_tool_output_resume', (body) => swapText(body, '"#fa0"}}', '"#FA0"}}')],
    [
      'server, an id that was not made',
      'server__create_single_done',
      (body) => swapText(body, '"<id:msg>"', '"msg_a1"'),
    ],
    ['server, one id for two', 'server__stream_widget_static', (body) => swapText(body, '<id:msg#2>', '<id:msg>')],
    ['server, two ids for one', 'server__create_no_events', (body) => swapText(body, '"<id:msg>"}', '"<id:msg#2>"}')],
    ['agents', 'agents__annotations', (body) => swapText(body, '"annotation_index":2', '"annotation_index":1')],
    [
      'agents, a loose order',
      'agents__guardrail_input',
      (body) => swapText(body, '"item_id":"wid_g"', '"item_id":"m_g"'),
    ],
    ['widget_diff', 'widget_diff__append_streaming', (body) => swapText(body, '"done":false', '"done":true')],
    ['template', 'template__scalars', (body) => swapText(body, '"value":3', '"value":"3"')],
    ['validation', 'validation__request_shapes', (body) => swapText(body, '"accepted":false', '"accepted":true')],
    ['framing, an escape', 'framing__sse_bytes', (body) => swapText(body, 'é', '\\\\u00e9')],
    [
      'framing, a space',
      'framing__sse_bytes',
      (body) => swapText(body, '\\"allow_retry\\":true', '\\"allow_retry\\": true'),
    ],
  ])('little: %s', async (_, name, falsify) => {
    const body = golden(name);
    falsify(body);
    expect(body).not.toEqual(golden(name));
    expect(await runOne(name, body)).toMatchObject({ name, status: 'failed' });
  });
});

describe('a pin', () => {
  const LEAK = 'server__quirk_hidden_added_and_replaced_leak';

  test('holds for its own transcript alone', async () => {
    const other = golden(LEAK);
    Reflect.set((other.expected_events as JsonObject[])[3]?.item as object, 'content', 'z');
    expect(await runOne(LEAK, other)).toMatchObject({ status: 'failed' });
  });

  test('leaves all of it that it does not name as strict as it was', async () => {
    const other = golden(LEAK);
    Reflect.set((other.expected_store_items as JsonObject[])[1] ?? {}, 'content', 'x');
    expect(await runOne(LEAK, other)).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/^is not as pinned: /),
    });
  });

  test('is as strict as a transcript', async () => {
    const wrong: Pins = new Map([[LEAK, [{ path: '/expected_events/3', reference: eventOf(LEAK, 3) }]]]);
    expect(await runOne(LEAK, golden(LEAK), wrong)).toMatchObject({ status: 'failed' });
  });

  test('of what ours does as the reference has to go', async () => {
    const stale: Pins = new Map([
      ['server__bad_op', [{ path: '/expected_end', reference: 'rejects:ValidationError', ours: 'complete' }]],
    ]);
    expect(await runOne('server__bad_op', golden('server__bad_op'), stale)).toEqual({
      name: 'server__bad_op',
      status: 'failed',
      reason: 'it is pinned, but ours does what the reference does: take out the pin',
    });
  });
});

describe('where the reference breaks a stream off', () => {
  const unpinned: Pins = new Map();

  test('a refusal that says the same, with nothing sent or stored, will do', async () => {
    expect(await runOne('x', aborted(), unpinned)).toEqual({ name: 'x', status: 'pinned' });
  });

  test.each<[string, JsonObject]>([
    ['that says something else', { expected_end: 'stream_aborts:ValidationError' }],
    ['where the reference ends the stream', { expected_end: 'complete' }],
    ['where the reference had sent something', { expected_events: [{ type: 'stream_options', stream_options: {} }] }],
    ['where other items are kept', { expected_store_items: [{ id: 'msg_1' }] }],
  ])('a refusal %s will not', async (_, changes) => {
    expect(await runOne('x', { ...aborted(), ...changes }, unpinned)).toMatchObject({ status: 'failed' });
  });
});

describe('a file that is not in the format fails and says why', () => {
  test.each<[string, JsonObject, RegExp]>([
    ['no kind', { name: 'x' }, /needs a `kind`/],
    ['an unknown kind', { name: 'x', kind: 'opera' }, /^the kind "opera" is not known$/],
    [
      'an unknown expectation',
      { name: 'x', kind: 'validation', cases: [], expected_mood: 'good' },
      /^expected_mood: expected "good", got nothing$/,
    ],
    ['no request', { name: 'x', kind: 'server' }, /not in the format: .*request/],
    [
      'an unknown step',
      { name: 'x', kind: 'server', request: {}, respond_events: [{ sing: 1 }] },
      /not in the format: .*respond_events/,
    ],
  ])('%s', async (_, body, reason) => {
    expect(await runOne('x', body)).toEqual({ name: 'x', status: 'failed', reason: expect.stringMatching(reason) });
  });
});
