import type { ThreadStreamEvent } from './event.ts';

const encoder = new TextEncoder();

/** A comment frame: readers skip it, and an idle proxy sees that the stream lives. */
export const SSE_KEEP_ALIVE: Uint8Array = encoder.encode(': keep-alive\n\n');

/** One event as one frame: `data: ` + compact JSON + a blank line, byte for byte as the reference server frames. */
export function encodeSse(event: ThreadStreamEvent): Uint8Array {
  return encoder.encode(`data: ${JSON.stringify(event)}\n\n`);
}

/** A stream that is not SSE of JSON objects, or one whose frame grows past the bound. */
export class SseError extends Error {
  override readonly name = 'SseError';
}

/** A frame larger than this is refused: 16 Mi characters hold a generated image as a data URL. */
const MAX_FRAME_CHARS = 16 * 1024 * 1024;

/**
 * Turns bytes, cut anywhere, into the events they frame: CR, LF and CRLF, comments, several `data:` lines, a byte
 * order mark and other fields are handled as in the WHATWG "Server-sent events" section. A last frame without its
 * blank line still counts when the stream ends: some servers forget it.
 *
 * Yields events in order; unknown types pass through for the caller to skip. Throws `SseError` on data that is not a
 * JSON object with a string `type`, and what `chunks` throws.
 */
export async function* decodeSse(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ThreadStreamEvent> {
  // `ignoreBOM: false` drops a leading byte order mark, and a character split over two chunks waits for its rest.
  const decoder = new TextDecoder();
  let pending = '';
  // Where the search for a line end goes on, so that a long frame in small chunks is not searched again and again.
  let searched = 0;
  let data: string[] = [];
  let frameChars = 0;

  function* takeLines(atEnd: boolean): Generator<ThreadStreamEvent> {
    let start = 0;
    for (;;) {
      const end = findLineEnd(pending, Math.max(start, searched));
      if (end === -1) break;
      // A CR at the end of the chunk may be the first half of CRLF.
      if (pending[end] === '\r' && end === pending.length - 1 && !atEnd) break;
      const line = pending.slice(start, end);
      start = end + (pending[end] === '\r' && pending[end + 1] === '\n' ? 2 : 1);
      searched = start;
      if (line === '') {
        if (data.length > 0) yield parseEvent(data.join('\n'));
        data = [];
        frameChars = 0;
      } else takeField(line);
    }
    pending = pending.slice(start);
    searched = Math.max(0, pending.length - 1);
    if (pending.length + frameChars > MAX_FRAME_CHARS) throw new SseError('a frame is larger than the bound');
  }

  function takeField(line: string): void {
    if (!line.startsWith('data:') && line !== 'data') return;
    const value = line.slice(line[5] === ' ' ? 6 : 5);
    data.push(value);
    frameChars += value.length;
  }

  for await (const chunk of chunks) {
    pending += decoder.decode(chunk, { stream: true });
    yield* takeLines(false);
  }
  pending += decoder.decode();
  yield* takeLines(true);
  if (pending !== '') takeField(pending);
  if (data.length > 0) yield parseEvent(data.join('\n'));
}

function findLineEnd(text: string, from: number): number {
  const lf = text.indexOf('\n', from);
  const cr = text.slice(from, lf === -1 ? undefined : lf).indexOf('\r');
  return cr === -1 ? lf : from + cr;
}

function parseEvent(json: string): ThreadStreamEvent {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new SseError('a frame is not JSON');
  }
  if (typeof value !== 'object' || value === null || typeof (value as { type?: unknown }).type !== 'string')
    throw new SseError('a frame is not an event');
  return value as ThreadStreamEvent;
}
