import type { StructuredInputItem } from '../../../protocol/item.ts';
import type { Strings } from '../strings/en.ts';

/** Questions and what the visitor said to them, to be read only. */
export function AnsweredQuestions({ item, strings }: { item: StructuredInputItem; strings: Strings }) {
  const open = item.status === 'pending' ? strings.unanswered : strings.skipped;
  return (
    <dl class={`answered ${item.status}`}>
      {item.inputs.map(({ id, question, answer }) => (
        <div key={id}>
          <dt dir="auto">{question}</dt>
          {(answer?.values.length ? answer.values : [open]).map((value) => (
            <dd dir="auto" class={answer?.values.length ? undefined : 'skipped'}>
              {value}
            </dd>
          ))}
        </div>
      ))}
    </dl>
  );
}
