import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ThreadStreamEvent } from '../../protocol/event.ts';
import { decodeSse, encodeSse, SSE_KEEP_ALIVE, SseError } from '../../protocol/sse.ts';
import { anyEvent } from './arbitrary-events.ts';

async function decode(...chunks: Uint8Array[]): Promise<ThreadStreamEvent[]> {
  return Array.fromAsync(decodeSse(feed(chunks)));
}

async function* feed(chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function join(parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

test('E25 a frame is `data: `, compact JSON with raw non-ASCII, and a blank line', () => {
  const frame = encodeSse({ type: 'progress_update', text: 'é\n"/\u0001' });
  expect(new TextDecoder().decode(frame)).toBe('data: {"type":"progress_update","text":"é\\n\\"/\\u0001"}\n\n');
});

/** The frames with every line ended by one of these: proxies rewrite them, and JSON holds no line end of its own. */
const reframe = (frames: Uint8Array[], lineEnd: string) =>
  bytes(new TextDecoder().decode(join(frames)).replaceAll('\n', lineEnd));

test.each(['\n', '\r\n', '\r'])(
  'events of every type survive a cut at every byte, lines ended by %j',
  async (lineEnd) => {
    await fc.assert(
      fc.asyncProperty(anyEvent, anyEvent, async (...events) => {
        const all = reframe([...events.map(encodeSse), SSE_KEEP_ALIVE], lineEnd);
        for (let cut = 0; cut <= all.length; cut++)
          expect(await decode(all.subarray(0, cut), all.subarray(cut))).toEqual(events);
      }),
      { numRuns: 20 },
    );
  },
);

// Shows 71.
test('a stream of events survives whatever it is cut into', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyEvent), fc.infiniteStream(fc.integer({ min: 1, max: 40 })), async (events, sizes) => {
      const all = join(events.map(encodeSse));
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < all.length; ) {
        const size = sizes.next().value ?? 1;
        chunks.push(all.subarray(at, at + size));
        at += size;
      }
      expect(await decode(...chunks)).toEqual(events);
      expect(await decode(...[...all].map((byte) => Uint8Array.of(byte)))).toEqual(events);
    }),
  );
});

// Shows 71, 79.
test.each([
  ['CRLF', 'data: {"type":"a"}\r\n\r\ndata: {"type":"b"}\r\n\r\n'],
  ['CR', 'data: {"type":"a"}\r\rdata: {"type":"b"}\r\r'],
  ['no space after the colon', 'data:{"type":"a"}\n\ndata:{"type":"b"}\n\n'],
  ['several data lines', 'data: {\ndata: "type":"a"}\n\ndata: {"type":"b"}\n\n'],
  ['several data lines, CRLF', 'data: {\r\ndata: "type":"a"}\r\n\r\ndata: {"type":"b"}\r\n\r\n'],
  [
    'comments, ids and event names',
    ': hi\nid: 1\nevent: x\nretry: 5\ndata: {"type":"a"}\n\n: \n\ndata: {"type":"b"}\n\n',
  ],
  ['a byte order mark', '\uFEFFdata: {"type":"a"}\n\ndata: {"type":"b"}\n\n'],
  ['no blank line at the end', 'data: {"type":"a"}\n\ndata: {"type":"b"}'],
])('%s is read at every cut', async (_name, text) => {
  const all = bytes(text);
  for (let cut = 0; cut <= all.length; cut++) {
    const types = (await decode(all.subarray(0, cut), all.subarray(cut))).map(({ type }) => type as string);
    expect(types).toEqual(['a', 'b']);
  }
});

test('a keep-alive is no event', async () => {
  expect(await decode(SSE_KEEP_ALIVE, encodeSse({ type: 'progress_update', text: 'x' }), SSE_KEEP_ALIVE)).toHaveLength(
    1,
  );
});

test.each(['data: <html>\n\n', 'data: []\n\n', 'data: null\n\n', 'data: {"type":1}\n\n'])(
  '%j is refused as no event',
  async (text) => {
    await expect(decode(bytes(text))).rejects.toThrow(SseError);
  },
);

test('a frame that never ends is refused instead of filling the memory', async () => {
  const mebibyte = bytes('x'.repeat(1024 * 1024));
  await expect(decode(bytes('data: '), ...Array.from({ length: 17 }, () => mebibyte))).rejects.toThrow(/larger/);
});
