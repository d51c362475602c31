import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyEvent } from '../../../protocol/apply-event.ts';
import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import type { AssistantMessageItem, ThreadItem } from '../../../protocol/item.ts';
import { decodeSse } from '../../../protocol/sse.ts';
import type { Thread } from '../../../protocol/thread.ts';
import { ChatKitServer } from '../../../server/chatkit/chatkit-server.ts';
import { PendingItems } from '../../../server/chatkit/pending-items.ts';
import { persist } from '../../../server/chatkit/persist.ts';
import { Turn } from '../../../server/chatkit/turn.ts';
import { anyStream, growingStream, THREAD } from '../../protocol/arbitrary-events.ts';
import { type Asking, feed, makeNotingStore } from './noting-store.ts';

// Whatever is cancelled, wherever and however: what a reader saw of an answer is kept, once; nothing else that had not
// ended is.

type NotingStore = Awaited<ReturnType<typeof makeNotingStore>>;
type Answer = (context: Asking) => AsyncIterable<ThreadStreamEvent>;

class ScriptedServer extends ChatKitServer<Asking> {
  readonly #answer: Answer;

  constructor({ store }: NotingStore, answer: Answer) {
    super({ store, now: () => new Date(0), reportError: () => {} });
    this.#answer = answer;
  }

  protected override respond(): never {
    throw new Error('nobody asks');
  }

  protected override action(_thread: unknown, _action: unknown, _sender: unknown, context: Asking) {
    return this.#answer(context);
  }

  keep(pending: ThreadItem[], context: Asking): Promise<void> {
    return this.handleStreamCancelled(THREAD, pending, context);
  }

  /** The turn of an action: nothing of the visitor's comes first. */
  async turn(signal: AbortSignal): Promise<Turn> {
    const params = { thread_id: THREAD.id, action: { type: 'go' } };
    const turn = await this.process({ type: 'threads.custom_action', params }, { signal });
    if (!(turn instanceof Turn)) throw new Error('an action is answered by a turn');
    return turn;
  }
}

/** How it was cut: what the reader had seen, and what was given and written before. */
interface Cut {
  seen: ThreadStreamEvent[];
  given: ThreadStreamEvent[];
  writtenBefore: number;
}

/** Cancels a turn of these events at the one of that number, or at the last. */
type Cancel = (events: ThreadStreamEvent[], at: number, noting: NotingStore) => Promise<Cut>;

/** The last of all events: one that is stored and shown. */
const LAST: ThreadStreamEvent = {
  type: 'thread.item.done',
  item: { id: 'msg_last', thread_id: THREAD.id, created_at: THREAD.created_at, type: 'end_of_turn' },
};

/** Its reader returns, while it is parked at a yield. */
const byReturn: Cancel = async (events, at, noting) => {
  const context: Asking = { signal: new AbortController().signal };
  const server = new ScriptedServer(noting, () => feed([]));
  const given: ThreadStreamEvent[] = [];
  const kept = persist(() => noteGiven(events, given), {
    store: noting.store,
    context,
    thread: structuredClone(THREAD),
    signal: context.signal,
    onCancelled: (pending) => server.keep(pending, context),
    reportError: () => {},
  });
  const seen: ThreadStreamEvent[] = [];
  while (seen.length <= at && given.at(-1) !== LAST) {
    const next = await kept.next();
    if (!next.done) seen.push(structuredClone(next.value));
  }
  const writtenBefore = noting.written.length;
  await kept.return(undefined);
  return { seen, given, writtenBefore };
};

/** The signal of the request aborts, while the responder is at work on what comes next. */
const bySignal: Cancel = async (events, at, noting) => {
  const abort = new AbortController();
  const given = events.slice(0, at);
  let writtenBefore = 0;
  const server = new ScriptedServer(noting, async function* () {
    yield* speak(given);
    writtenBefore = noting.written.length;
    abort.abort();
    await new Promise(() => {});
  });
  const turn = await server.turn(abort.signal);
  const seen = await Array.fromAsync(decodeSse(turn.read()));
  await turn.finished;
  return { seen, given, writtenBefore };
};

/** The signal of the request aborts, while an item is being stored. */
const byWrite: Cancel = async (events, at, noting) => {
  const abort = new AbortController();
  let writtenBefore = 0;
  noting.hooks.beforeWrite = ({ id }) => {
    if (abort.signal.aborted || (noting.written.length < at && id !== 'msg_last')) return;
    writtenBefore = noting.written.length + 1;
    abort.abort();
  };
  const given: ThreadStreamEvent[] = [];
  const turn = await new ScriptedServer(noting, () => noteGiven(events, given)).turn(abort.signal);
  const seen = await Array.fromAsync(decodeSse(turn.read()));
  await turn.finished;
  return { seen, given, writtenBefore };
};

/** The reader of the body goes when it has read the first half, and the second is there already. */
const byBody: Cancel = async (events, at, noting) => {
  const [half, seenHalf, whole] = [0, 1, 2].map(() => Promise.withResolvers<void>());
  const given = events.slice(0, at);
  const server = new ScriptedServer(noting, async function* () {
    yield* speak(given.slice(0, at / 2));
    half?.resolve();
    await seenHalf?.promise;
    yield* speak(given.slice(at / 2));
    whole?.resolve();
    await new Promise(() => {});
  });
  const turn = await server.turn(new AbortController().signal);
  await half?.promise;
  const reader = turn.read().getReader();
  const { value } = await reader.read();
  seenHalf?.resolve();
  await whole?.promise;
  const writtenBefore = noting.written.length;
  await reader.cancel();
  await turn.finished;
  return { seen: await Array.fromAsync(decodeSse(feed(value ? [value] : []))), given, writtenBefore };
};

async function* noteGiven(events: ThreadStreamEvent[], given: ThreadStreamEvent[]): AsyncGenerator<ThreadStreamEvent> {
  for (const event of events) {
    given.push(event);
    yield* speak([event]);
  }
}

/** A responder that goes on with its own objects: what it gave away has to be a copy by then. */
async function* speak(events: ThreadStreamEvent[]): AsyncGenerator<ThreadStreamEvent> {
  for (const event of structuredClone(events)) {
    yield event;
    if ('item' in event && event.item.type === 'assistant_message') event.item.content.length = 0;
  }
}

// A reader that has seen all that was given shows what is kept, whatever was said. One that is late needs answers that
// only grow.
test.each<[string, Cancel, typeof anyStream]>([
  ['a return', byReturn, anyStream],
  ['the signal', bySignal, anyStream],
  ['the signal in the middle of a write', byWrite, growingStream],
  ['a cancelled body', byBody, growingStream],
])('cancelled by %s at any event, a turn keeps what was read of its answers', async (_, cancel, streams) => {
  await fc.assert(
    fc.asyncProperty(streams, fc.nat(30), async (stream, at) => {
      fc.pre(!endsByItself(stream));
      const noting = await makeNotingStore();
      const events = [...stream, LAST];
      const { seen, given, writtenBefore } = await cancel(events, Math.min(at, events.length), noting);

      const kept = noting.written.slice(writtenBefore);
      const notes = kept.filter(({ type }) => type === 'sdk_hidden_context');
      const answers = kept.filter(({ type }) => type === 'assistant_message').map(({ id }) => id);
      expect(notes).toHaveLength(1);
      expect(answers).toEqual([...new Set(answers)]);
      expect(kept).toHaveLength(answers.length + 1);
      expect(answers.filter((id) => ENDS.has(given.findLast((event) => isOf(event, id))?.type))).toEqual([]);

      const shown = seen.reduce<Thread>(applyEvent, { ...THREAD, items: { data: [], has_more: false } });
      for (const item of shown.items.data) {
        const stored = await noting.load(item.id);
        if (item.type === 'assistant_message') expectBeginning(item, stored);
        else if (!hasEnded(item.id, given)) expect(stored).toBeUndefined();
      }
    }),
    { numRuns: 200 },
  );
});

/** An update of a task that is not there ends a turn with an error: then there is nothing to cancel. */
function endsByItself(stream: ThreadStreamEvent[]): boolean {
  const pending = new PendingItems({ ...THREAD, items: { data: [], has_more: false } });
  try {
    for (const event of stream) pending.take(event);
    return false;
  } catch {
    return true;
  }
}

function expectBeginning(shown: AssistantMessageItem, stored: ThreadItem | undefined): void {
  const texts = shown.content.map(({ text }) => text);
  if (texts.every((text) => text.trim() === '')) return;
  const kept = stored?.type === 'assistant_message' ? stored.content.map(({ text }) => text) : [];
  expect(texts.map((text, index) => (kept[index] ?? '').slice(0, text.length))).toEqual(texts);
}

const ENDS = new Set<string | undefined>(['thread.item.done', 'thread.item.replaced']);

function isOf(event: ThreadStreamEvent, id: string): boolean {
  return ('item' in event && event.item.id === id) || ('item_id' in event && event.item_id === id);
}

/** Whether it was stored, and not taken back. */
function hasEnded(id: string, given: ThreadStreamEvent[]): boolean {
  const isStep = ({ type }: ThreadStreamEvent) => ENDS.has(type) || type === 'thread.item.removed';
  return ENDS.has(given.findLast((event) => isOf(event, id) && isStep(event))?.type);
}
