import { applyEvent } from '../../../protocol/apply-event.ts';
import type { StructuredInputItem } from '../../../protocol/item.ts';
import type { StreamingRequest, StructuredAnswers } from '../../../protocol/request.ts';
import type { Thread } from '../../../protocol/thread.ts';

/** The questions that wait for the visitor: those of the newest item, while nobody has answered them. */
export function openQuestions(thread: Thread | undefined): StructuredInputItem | undefined {
  const newest = thread?.items.data.findLast(({ type }) => type !== 'end_of_turn');
  return newest?.type === 'structured_input' && newest.status === 'pending' ? newest : undefined;
}

/** The thread with a submission in it, before the server says the same. */
export function withAnswers(
  thread: Thread,
  asked: StructuredInputItem,
  { status, answers }: StructuredAnswers,
): Thread {
  const inputs = asked.inputs.map((input) => ({
    ...input,
    answer: answers[input.id] ?? { values: [], skipped: true },
  }));
  return applyEvent(thread, { type: 'thread.item.replaced', item: { ...asked, status, inputs } });
}

/** Whether "try again" sends a request once more: an action, or answers that the server never took. */
export function isRepeatable(request: StreamingRequest, thread: Thread | undefined): boolean {
  if (request.type === 'threads.add_structured_input') return openQuestions(thread)?.id === request.params.item_id;
  return request.type === 'threads.custom_action';
}
