import type { FeedbackKind } from '../state/chat-state.ts';
import type { Strings } from '../strings/en.ts';
import { CopyButton } from './copy-button.tsx';
import { Strokes } from './icon.tsx';

const THUMBS: Record<FeedbackKind, string> = {
  positive:
    'M6.2 9v7.5M6.2 9l3-5.7c1.3 0 2.2 1 2 2.3l-.5 2.9h3.8a1.8 1.8 0 0 1 1.7 2.2l-1 4.4a1.8 1.8 0 0 1-1.8 1.4H6.2H4.5a1 1 0 0 1-1-1V10a1 1 0 0 1 1-1h1.7Z',
  negative:
    'M13.8 11V3.5M13.8 11l-3 5.7c-1.3 0-2.2-1-2-2.3l.5-2.9H5.5a1.8 1.8 0 0 1-1.7-2.2l1-4.4a1.8 1.8 0 0 1 1.8-1.4h7.2h1.7a1 1 0 0 1 1 1V10a1 1 0 0 1-1 1h-1.7Z',
};
const AGAIN = 'M15.8 8.2A6.2 6.2 0 1 0 16 11.5M16 4.5v3.8h-3.8';

export interface MessageActionsProps {
  strings: Strings;
  /** Undefined where there is nothing to copy. */
  text: (() => string) | undefined;
  /** Undefined where the host did not ask for thumbs. */
  onRate: ((kind: FeedbackKind) => void) | undefined;
  rated: FeedbackKind | undefined;
  onRegenerate: (() => void) | undefined;
}

export function MessageActions({ strings, text, onRate, rated, onRegenerate }: MessageActionsProps) {
  return (
    <div class="actions">
      {text && <CopyButton label={strings.copy} strings={strings} text={text} />}
      {onRate && (
        <>
          <Thumb kind="positive" label={strings.good} rated={rated} onRate={onRate} />
          <Thumb kind="negative" label={strings.bad} rated={rated} onRate={onRate} />
        </>
      )}
      {onRegenerate && (
        <button
          type="button"
          class="ghost"
          aria-label={strings.regenerate}
          title={strings.regenerate}
          onClick={onRegenerate}
        >
          <Strokes d={AGAIN} />
        </button>
      )}
    </div>
  );
}

interface ThumbProps {
  kind: FeedbackKind;
  label: string;
  rated: FeedbackKind | undefined;
  onRate: (kind: FeedbackKind) => void;
}

function Thumb({ kind, label, rated, onRate }: ThumbProps) {
  return (
    <button
      type="button"
      class="ghost thumb"
      aria-label={label}
      title={label}
      aria-pressed={rated === kind}
      onClick={() => onRate(kind)}
    >
      <Strokes d={THUMBS[kind]} />
    </button>
  );
}
