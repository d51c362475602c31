import type { Failure } from '../state/chat-state.ts';
import type { Strings } from '../strings/en.ts';
import { Icon } from './icon.tsx';

interface FailureBlockProps {
  failure: Failure;
  strings: Strings;
  onRetry: () => void;
}

export function FailureBlock({ failure, strings, onRetry }: FailureBlockProps) {
  return (
    <div class="failure" role="alert">
      <Icon name="warning" />
      <p dir="auto">{failure.describe(strings)}</p>
      {failure.retry && (
        <button type="button" class="outlined" onClick={onRetry}>
          {strings.retry}
        </button>
      )}
    </div>
  );
}
