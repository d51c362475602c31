import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { StructuredInput, StructuredInputItem } from '../../../protocol/item.ts';
import type { StructuredAnswers } from '../../../protocol/request.ts';
import type { Chat } from '../state/chat.ts';
import type { Strings } from '../strings/en.ts';
import css from '../styles/questions.css?inline';
import { addSheet } from '../styles/sheets.ts';
import { type DraftAnswer, valuesOf } from './draft-answer.ts';
import { Question } from './question.tsx';

interface QuestionFormProps {
  item: StructuredInputItem;
  chat: Chat;
  strings: Strings;
  inputRef: (node: HTMLElement | null) => void;
  /** The answers are on their way. */
  onDone: () => void;
}

/** What was filled in, for the form that comes back because the answers could not be sent. */
const filledIn = new WeakMap<StructuredInputItem, Readonly<Record<string, DraftAnswer>>>();

/** The questions that a server has put, in the composer's place. What is left open counts as skipped. */
export function QuestionForm({ item, chat, strings, inputRef, onDone }: QuestionFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [answers, setAnswers] = useState(filledIn.get(item) ?? {});
  const filled = item.inputs.map((input) => ({ input, values: valuesOf(answers[input.id]) }));

  useLayoutEffect(() => {
    const node = form.current;
    addSheet(node, css);
    const first = node?.querySelector<HTMLElement>('input, textarea') ?? null;
    inputRef(first);
    // Whoever was writing goes on here. Nobody else is taken away from what he reads.
    if (node && node.parentElement?.contains((node.getRootNode() as ShadowRoot).activeElement)) first?.focus();
    return () => inputRef(null);
  }, []);

  function change(input: StructuredInput, answer: DraftAnswer): void {
    const changed = { ...answers, [input.id]: answer };
    filledIn.set(item, changed);
    setAnswers(changed);
  }

  function submit(submission: StructuredAnswers): void {
    chat.answer(item, submission);
    onDone();
  }

  return (
    <form
      class="questions"
      aria-label={strings.questions}
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        const given = filled.map(({ input, values }) => [input.id, { values, skipped: values.length === 0 }] as const);
        submit({ status: 'answered', answers: Object.fromEntries(given) });
      }}
    >
      <div class="asked">
        {item.inputs.map((input) => (
          <Question
            key={input.id}
            input={input}
            name={`${item.id} ${input.id}`}
            answer={answers[input.id]}
            strings={strings}
            onChange={(answer) => change(input, answer)}
          />
        ))}
      </div>
      <div class="question-buttons">
        <button type="button" class="outlined" onClick={() => submit({ status: 'skipped', answers: {} })}>
          {strings.skip}
        </button>
        <button type="submit" class="outlined primary" disabled={filled.every(({ values }) => values.length === 0)}>
          {strings.submitAnswers}
        </button>
      </div>
    </form>
  );
}
