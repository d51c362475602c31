import type { StructuredInput } from '../../../protocol/item.ts';
import type { Strings } from '../strings/en.ts';
import { choose, type DraftAnswer, write } from './draft-answer.ts';

interface QuestionProps {
  input: StructuredInput;
  /** Of the group of radio buttons: no other question of the element has it. */
  name: string;
  answer: DraftAnswer | undefined;
  strings: Strings;
  onChange: (answer: DraftAnswer) => void;
}

/** One question: its choices with room for own words, or a text. A kind that is not known here is answered in words. */
export function Question({ input, name, answer = { chosen: [], own: '' }, strings, onChange }: QuestionProps) {
  if (input.type !== 'multiple_choice')
    return (
      <label class="asking">
        <span class="question-text" dir="auto">
          {input.question}
        </span>
        {input.description && (
          <span class="hint" dir="auto">
            {input.description}
          </span>
        )}
        <textarea
          rows={2}
          dir="auto"
          value={answer.own}
          onInput={({ currentTarget: { value } }) => onChange({ chosen: [], own: value })}
        />
      </label>
    );
  const { multiple, options } = input;
  return (
    <fieldset class="asking">
      <legend class="question-text" dir="auto">
        {input.question}
      </legend>
      {options.map(({ value }) => (
        <label class="choice">
          <input
            type={multiple ? 'checkbox' : 'radio'}
            name={name}
            checked={answer.chosen.includes(value)}
            onChange={() => onChange(choose(answer, value, multiple))}
          />
          <span dir="auto">{value}</span>
        </label>
      ))}
      <input
        type="text"
        class="own"
        dir="auto"
        aria-label={`${strings.ownAnswer}: ${input.question}`}
        placeholder={strings.ownAnswer}
        value={answer.own}
        onInput={({ currentTarget: { value } }) => onChange(write(answer, value, multiple))}
      />
    </fieldset>
  );
}
