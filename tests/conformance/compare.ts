import { isObject, type Json } from './golden.ts';

/** The clock of every run stands still here, so a date made by the server is this one. */
export const NOW = '2026-11-24T10:00:00.000Z';

/** Where two values part. `undefined` stands for a value that is not there. */
export interface Difference {
  path: string;
  expected: Json | undefined;
  ours: Json | undefined;
}

/** Which id of ours stands for which placeholder, in one transcript. */
export class GeneratedIds {
  readonly #ids: Map<string, string>;

  constructor(ids: Iterable<[string, string]> = []) {
    this.#ids = new Map(ids);
  }

  /** Whether the id can stand for the placeholder; from then on it stands for no other. */
  accept(placeholder: string, prefix: string, id: Json | undefined): boolean {
    // `createId`: as many characters as hold 122 random bits.
    if (typeof id !== 'string' || !new RegExp(`^${prefix}_[0-9a-f]{32}$`).test(id)) return false;
    const known = this.#ids.get(placeholder);
    if (known !== undefined) return known === id;
    if ([...this.#ids.values()].includes(id)) return false;
    this.#ids.set(placeholder, id);
    return true;
  }

  copy(): GeneratedIds {
    return new GeneratedIds(this.#ids);
  }

  /** The text with its generated ids as the transcript writes them. */
  rename(text: string): string {
    return [...this.#ids].reduce((renamed, [placeholder, id]) => renamed.replaceAll(id, placeholder), text);
  }
}

/** The first difference, in the order of `expected`; placeholders in it are bound in `ids`. */
export function firstDifference(
  expected: Json | undefined,
  ours: Json | undefined,
  ids: GeneratedIds,
  path: string,
): Difference | undefined {
  if (typeof expected === 'string') return isSameText(expected, ours, ids) ? undefined : { path, expected, ours };
  if (Array.isArray(expected) && Array.isArray(ours)) {
    for (let index = 0; index < Math.max(expected.length, ours.length); index += 1) {
      const found = firstDifference(expected[index], ours[index], ids, `${path}[${index}]`);
      if (found) return found;
    }
    return undefined;
  }
  if (isObject(expected) && isObject(ours)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(ours)])) {
      const found = firstDifference(own(expected, key), own(ours, key), ids, `${path}.${key}`);
      if (found) return found;
    }
    return undefined;
  }
  // An array never equals an object, nor a value one that is not there.
  return expected === ours ? undefined : { path, expected, ours };
}

/** As `firstDifference`, but neighbours of a type in `unordered` may stand in any order among themselves. */
export function firstEventDifference(
  expected: Json[],
  ours: Json[],
  unordered: ReadonlySet<Json | undefined>,
  ids: GeneratedIds,
  path: string,
): Difference | undefined {
  const rest = [...ours];
  for (let index = 0; index < expected.length; index += 1) {
    const event = expected[index];
    const isLoose = unordered.has(typeOf(event));
    const runLength = rest.findIndex((candidate) => !unordered.has(typeOf(candidate)));
    const candidates = isLoose ? rest.slice(0, runLength === -1 ? rest.length : runLength) : rest.slice(0, 1);
    const match = candidates.findIndex((candidate) => !firstDifference(event, candidate, ids.copy(), ''));
    const found = firstDifference(event, rest[Math.max(match, 0)], ids, `${path}[${index}]`);
    if (found) return found;
    rest.splice(Math.max(match, 0), 1);
  }
  const [extra] = rest;
  return extra === undefined ? undefined : { path: `${path}[${expected.length}]`, expected: undefined, ours: extra };
}

function typeOf(event: Json | undefined): Json | undefined {
  return isObject(event) ? event.type : undefined;
}

function isSameText(expected: string, ours: Json | undefined, ids: GeneratedIds): boolean {
  const id = /^<id:([a-z]+)(?:#\d+)?>$/.exec(expected);
  if (id?.[1]) return ids.accept(expected, id[1], ours);
  if (expected === '<date>') return ours === NOW;
  if (expected === '<seconds>') return Number.isInteger(ours) && Number(ours) >= 0;
  if (expected === '<text>') return typeof ours === 'string' && ours.trim() !== '';
  return expected === ours;
}

function own(object: Record<string, Json>, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
