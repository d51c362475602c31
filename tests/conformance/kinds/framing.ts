import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { decodeSse, encodeSse } from '../../../protocol/sse.ts';
import type { JsonObject } from '../golden.ts';
import { readScript } from '../read-script.ts';

const FRAMING = z.looseObject({ frames: z.array(z.string()) });

/** Each frame decoded and encoded again; one that only orders its keys otherwise comes back as it was. */
export async function observeFraming(golden: JsonObject): Promise<JsonObject> {
  const { frames } = readScript(FRAMING, golden);
  return { frames: await Promise.all(frames.map(encodeAgain)) };
}

async function encodeAgain(frame: string): Promise<string> {
  const events = await Array.fromAsync(decodeSse(chunk(frame)));
  const again = events.map((event) => new TextDecoder().decode(encodeSse(event))).join('');
  const isSame =
    isDeepStrictEqual(valueOf(again), valueOf(frame)) && isDeepStrictEqual(tokensOf(again), tokensOf(frame));
  return isSame ? frame : again;
}

async function* chunk(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

function valueOf(frame: string): unknown {
  return JSON.parse(frame.replace(/^data: /, ''));
}

/**
 * Strings with their quotes and escapes, numbers by value (Python writes `0.0`), and every other character: sorted,
 * because keys may stand in any order. Two frames of the same event with the same tokens differ in nothing else.
 */
function tokensOf(frame: string): string[] {
  const tokens = frame.match(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[\s\S]/g) ?? [];
  return tokens.map((token) => (/^-?\d/.test(token) ? String(Number(token)) : token)).toSorted();
}
