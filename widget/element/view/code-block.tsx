import type { Strings } from '../strings/en.ts';
import { CopyButton } from './copy-button.tsx';
import { HighlightedSlot } from './highlighted-slot.tsx';

interface CodeBlockProps {
  code: string;
  language: string;
  strings: Strings;
}

export function CodeBlock({ code, language, strings }: CodeBlockProps) {
  return (
    <div class="code" dir="ltr">
      <div class="code-head">
        <span>{language}</span>
        <CopyButton label={strings.copyCode} strings={strings} text={() => code} />
      </div>
      {/* Wide code scrolls by itself, so the keyboard has to reach it. */}
      <pre tabIndex={0}>
        <code>{language ? <HighlightedSlot code={code} language={language} /> : code}</code>
      </pre>
    </div>
  );
}
