import { useEffect, useState } from 'preact/hooks';
import type { Failure } from '../state/chat-state.ts';
import type { Strings } from '../strings/en.ts';
import { Icon } from './icon.tsx';

interface FailureBlockProps {
  failure: Failure;
  strings: Strings;
  onRetry: () => void;
}

/** What went wrong and the way on, which opens once the server's `Retry-After` is over. */
export function FailureBlock({ failure, strings, onRetry }: FailureBlockProps) {
  const { wait } = failure;
  const [rested, setRested] = useState<Failure | undefined>();
  useEffect(() => {
    if (!wait) return;
    const timer = setTimeout(() => setRested(failure), wait);
    return () => clearTimeout(timer);
  }, [failure]);
  return (
    <div class="failure" role="alert">
      <Icon name="warning" />
      <p dir="auto">{failure.describe(strings)}</p>
      {failure.retry && (
        <button type="button" class="outlined" disabled={Boolean(wait) && rested !== failure} onClick={onRetry}>
          {strings.retry}
        </button>
      )}
    </div>
  );
}
