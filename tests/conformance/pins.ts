import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { FormatError, isObject, type Json, type JsonObject, listGoldens } from './golden.ts';

const value = z.json();

/**
 * One deliberate deviation: why, and in which transcripts what changes. `path` is a JSON pointer into the transcript;
 * `reference` is what stands there, so that a pin speaks of no other transcript of that name; `ours` is what we do
 * instead, and where it is missing the place is taken out. Changes apply one after the other.
 */
const DEVIATION = z.strictObject({
  why: z.string().min(40),
  goldens: z.record(
    z.string(),
    z.array(z.strictObject({ path: z.string().startsWith('/'), reference: value, ours: value.optional() })).min(1),
  ),
});

export type Change = z.infer<typeof DEVIATION>['goldens'][string][number];
export type Pins = Map<string, Change[]>;

/** The pins of a directory, by the name of the golden. Throws `FormatError`. */
export async function readPins(directory: string): Promise<Pins> {
  const pins: Pins = new Map();
  for (const path of await listGoldens(directory)) {
    const parsed = DEVIATION.safeParse(JSON.parse(await readFile(path, 'utf8')));
    if (!parsed.success) throw new FormatError(`${path} is no pin: ${z.prettifyError(parsed.error)}`);
    for (const [name, changes] of Object.entries(parsed.data.goldens)) {
      if (pins.has(name)) throw new FormatError(`${path} pins ${name} a second time`);
      pins.set(name, changes);
    }
  }
  return pins;
}

/** The transcript with what we do instead; `undefined` when it is not the one that the pin speaks of. */
export function applyPin(golden: JsonObject, changes: Change[]): JsonObject | undefined {
  const pinned = structuredClone(golden);
  for (const change of changes) {
    const keys = change.path.slice(1).split('/');
    const last = keys.pop() ?? '';
    const parent = keys.reduce<Json | undefined>((at, key) => child(at, key), pinned);
    if (!isDeepStrictEqual(child(parent, last), change.reference)) return undefined;
    if (Array.isArray(parent)) parent.splice(Number(last), 1, ...(change.ours === undefined ? [] : [change.ours]));
    else if (isObject(parent) && change.ours !== undefined) parent[last] = change.ours;
    else if (isObject(parent)) delete parent[last];
  }
  return pinned;
}

function child(parent: Json | undefined, key: string): Json | undefined {
  if (Array.isArray(parent)) return parent[Number(key)];
  return isObject(parent) && Object.hasOwn(parent, key) ? parent[key] : undefined;
}
