import { z } from 'zod';
import type { ThreadStreamEvent } from '../../protocol/event.ts';
import type { ThreadMetadata } from '../../protocol/thread.ts';
import { CustomStreamError, StreamError } from '../../server/chatkit/errors.ts';
import { streamWidget } from '../../server/chatkit/widgets/stream-widget.ts';
import { completeEvent } from './as-the-models.ts';
import { NOW } from './compare.ts';
import { oneByOne } from './one-by-one.ts';

const typed = z.looseObject({ type: z.string() });
const STEP = z.union([
  z.strictObject({ emit: typed }),
  z.strictObject({ set_thread: z.looseObject({ metadata: z.record(z.string(), z.unknown()).optional() }) }),
  z.strictObject({
    throw: z.strictObject({
      kind: z.enum(['plain', 'custom', 'stream', 'cancel']),
      message: z.string().default(''),
      allow_retry: z.boolean().optional(),
    }),
  }),
  z.strictObject({ stream_widget: z.union([typed, z.array(typed)]), copy_text: z.string().optional() }),
]);
type Step = z.infer<typeof STEP>;

/** What a handler does, one after the other. */
export const STEPS = z.array(STEP).default([]);

/** The events of the steps, on the live thread. `onCancel` is where the reader goes away. */
export async function* runSteps(
  steps: Step[],
  thread: ThreadMetadata,
  onCancel: () => void,
): AsyncGenerator<ThreadStreamEvent> {
  for (const step of steps.map((step) => forThread(step, thread.id))) {
    if ('emit' in step) yield completeEvent(step.emit);
    else if ('set_thread' in step) setThread(thread, step.set_thread);
    else if ('stream_widget' in step) yield* streamSteps(thread, step);
    else if (step.throw.kind !== 'cancel') throw toError(step.throw);
    else {
      onCancel();
      // Nothing more comes from a handler that is cancelled while it waits.
      await new Promise(() => {});
    }
  }
}

function forThread(step: Step, threadId: string): Step {
  return JSON.parse(JSON.stringify(step), (_key, value) => (value === '$THREAD' ? threadId : value)) as Step;
}

function setThread(thread: ThreadMetadata, { metadata, ...changes }: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) Reflect.deleteProperty(thread, key);
    else Reflect.set(thread, key, value);
  }
  Object.assign(thread.metadata, metadata);
}

function streamSteps(
  thread: ThreadMetadata,
  { stream_widget: widget, copy_text: copyText }: Extract<Step, { stream_widget: unknown }>,
): AsyncGenerator<ThreadStreamEvent> {
  const options = { now: () => new Date(NOW), ...(copyText !== undefined && { copyText }) };
  return streamWidget(thread, Array.isArray(widget) ? oneByOne(widget) : widget, options);
}

function toError({ kind, message, allow_retry: allowRetry }: Extract<Step, { throw: unknown }>['throw']): Error {
  if (kind === 'custom') return new CustomStreamError(message, allowRetry);
  return kind === 'stream' ? new StreamError('stream.error', allowRetry) : new Error(message);
}
