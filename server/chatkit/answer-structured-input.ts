import type { StructuredInput, StructuredInputItem } from '../../protocol/item.ts';
import type { StructuredAnswers } from '../../protocol/request.ts';

/**
 * The item with the answers written in, as the reference records them: its status is the submission's; an input that
 * was skipped, left out or left empty counts as skipped; a single choice keeps its first value. Values are free text,
 * and answers to inputs that are not there are dropped.
 */
export function answerStructuredInput(item: StructuredInputItem, submitted: StructuredAnswers): StructuredInputItem {
  return {
    ...item,
    status: submitted.status,
    inputs: item.inputs.map((input) => ({ ...input, answer: answerOf(input, submitted) })),
  };
}

function answerOf(
  input: StructuredInput,
  { status, answers }: StructuredAnswers,
): NonNullable<StructuredInput['answer']> {
  const given = Object.hasOwn(answers, input.id) ? answers[input.id] : undefined;
  if (status === 'skipped' || !given || given.skipped || given.values.length === 0)
    return { values: [], skipped: true };
  const isSingle = input.type === 'multiple_choice' && !input.multiple;
  return { values: isSingle ? given.values.slice(0, 1) : given.values, skipped: false };
}
