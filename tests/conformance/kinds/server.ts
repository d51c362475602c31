import { z } from 'zod';
import { decodeSse } from '../../../protocol/sse.ts';
import type { AttachmentStore } from '../../../server/chatkit/attachment-store.ts';
import { ChatKitError } from '../../../server/chatkit/errors.ts';
import { parseRequest } from '../../../server/chatkit/parse-request.ts';
import type { StoredAttachment } from '../../../server/chatkit/store.ts';
import { Turn } from '../../../server/chatkit/turn.ts';
import { completeAttachment } from '../as-the-models.ts';
import { NOW } from '../compare.ts';
import type { JsonObject } from '../golden.ts';
import { readScript } from '../read-script.ts';
import { type GoldenContext, RecordingStore } from '../recording-store.ts';
import { ScriptedServer } from '../scripted-server.ts';
import { SEED } from '../seed.ts';
import { STEPS } from '../steps.ts';

const SERVER = z.looseObject({
  seed: SEED,
  request: z.json(),
  respond_events: STEPS,
  action_events: STEPS,
  attachment_made: z.looseObject({}).optional(),
  sync_action_result: z.strictObject({ updated_item: z.looseObject({ id: z.string() }).nullish() }).default({}),
  transcribe_result: z.string().default(''),
});

/** The request of a transcript to a server whose handlers run its scripts: what was sent, called, written and kept. */
export async function observeServer(golden: JsonObject): Promise<JsonObject> {
  const script = readScript(SERVER, golden);
  const leaving = new AbortController();
  const context: GoldenContext = { signal: leaving.signal };
  const recording = new RecordingStore(context);
  await recording.seed(script.seed);
  const reported: unknown[] = [];
  const server = new ScriptedServer(
    {
      store: recording.store,
      ...(script.attachment_made && { attachmentStore: makeAttachmentStore(script.attachment_made) }),
      now: () => new Date(NOW),
      reportError: (error) => reported.push(error),
    },
    script,
    { onEmit: (event) => recording.emitting(event), onCancel: () => leaving.abort() },
  );
  const answer = await readAnswer(async () => server.process(parseRequest(script.request), context), context);
  return {
    ...answer,
    expected_calls: server.calls,
    expected_store_ops: recording.writes,
    expected_store_items: (await recording.items()) as unknown as JsonObject[],
    reported: reported.map(String),
  };
}

async function readAnswer(
  ask: () => Promise<{ json: unknown } | Turn>,
  { signal }: GoldenContext,
): Promise<JsonObject> {
  try {
    const result = await ask();
    if (!(result instanceof Turn)) {
      const bytes = JSON.stringify(result.json);
      return { expected_end: 'complete', expected_response: JSON.parse(bytes), expected_response_bytes: bytes };
    }
    const events = await Array.fromAsync(decodeSse(result.read()));
    await result.finished;
    // Ours tells of its cancelled turn whoever still reads. In a transcript the reader has gone, and reads no more.
    const seen = signal.aborted ? events.slice(0, -1) : events;
    return {
      expected_end: signal.aborted ? 'cancelled' : 'complete',
      expected_events: seen as unknown as JsonObject[],
    };
  } catch (error) {
    if (!(error instanceof ChatKitError)) throw error;
    return { expected_end: `refused:${error.code}`, expected_events: [] };
  }
}

function makeAttachmentStore(made: Record<string, unknown>): AttachmentStore<GoldenContext> {
  return {
    async createAttachment(_context, { name, mime_type }): Promise<StoredAttachment> {
      return completeAttachment({ ...made, name, mime_type });
    },
    async deleteAttachment() {},
  };
}
