import type { Strings } from '../strings/en.ts';

/** What the assistant is doing, or three quiet dots before its first word. */
export function Progress({ text, strings }: { text: string | undefined; strings: Strings }) {
  if (text)
    return (
      <p class="progress" role="status" dir="auto">
        {text}
      </p>
    );
  return (
    <p class="thinking" role="status" aria-label={strings.thinking}>
      <i />
      <i />
      <i />
    </p>
  );
}
