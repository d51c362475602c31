import type { FeedbackKind } from '../state/chat-state.ts';
import type { Strings } from '../strings/en.ts';
import { CopyButton } from './copy-button.tsx';
import { Icon } from './icon.tsx';

interface MessageActionsProps {
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
          <Icon name="again" />
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
      <Icon name={kind === 'positive' ? 'up' : 'down'} />
    </button>
  );
}
