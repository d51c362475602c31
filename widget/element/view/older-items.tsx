import { useEffect, useRef } from 'preact/hooks';
import type { ChatState } from '../state/chat-state.ts';
import type { Strings } from '../strings/en.ts';

/** How far ahead of a reader the next page is asked for, so that it is mostly there in time. */
const AHEAD = '800px 0px 0px';

interface OlderItemsProps {
  status: ChatState['older'];
  /** The reader comes near the beginning of what is loaded. */
  onReach: () => void;
  strings: Strings;
}

/** Stands before the oldest item that is loaded, and asks for the page before it. A page that failed waits for a click. */
export function OlderItems({ status, onReach, strings }: OlderItemsProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const node = place.current;
    if (!node || status !== 'idle') return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) onReach();
      },
      { root: node.closest('.scroller'), rootMargin: AHEAD },
    );
    observer.observe(node);
    return () => observer.disconnect();
  }, [status]);
  return (
    <div class="older-items" ref={place}>
      {status === 'failed' ? (
        <button type="button" class="outlined" onClick={onReach}>
          {strings.retry}
        </button>
      ) : (
        <div class="skeleton" role="status" aria-label={strings.loading}>
          <i class="half" />
        </div>
      )}
    </div>
  );
}
