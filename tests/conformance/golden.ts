import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** One transcript, as `goldens/README.md` describes the format. */
export interface Golden {
  /** The name of its file without `.json`: unlike the name inside, there is only one of it in a directory. */
  name: string;
  kind: string;
  body: JsonObject;
}

/** Something that is not in the format. The message says which file, and what is wrong with it. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

/** The paths of the transcripts of a directory, sorted. Throws `FormatError` when there are none to read. */
export async function listGoldens(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    throw new FormatError(`cannot read the directory ${directory}: ${String(error)}`);
  });
  const paths = names.filter((name) => name.endsWith('.json')).map((name) => join(directory, name));
  if (paths.length === 0) throw new FormatError(`no .json file stands in ${directory}`);
  return paths.toSorted();
}

export function nameOf(path: string): string {
  return basename(path, '.json');
}

/** Throws `FormatError` for a file that cannot be read or is no transcript. */
export async function readGolden(path: string): Promise<Golden> {
  const body = parse(await readFile(path, 'utf8').catch((error: unknown) => String(error)));
  if (!isObject(body)) throw new FormatError('the file is no JSON object');
  if (typeof body.kind !== 'string' || typeof body.name !== 'string')
    throw new FormatError('the file is no transcript: it needs a `kind` and a `name`');
  return { name: nameOf(path), kind: body.kind, body };
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new FormatError(`the file is not JSON: ${String(error)}`);
  }
}
