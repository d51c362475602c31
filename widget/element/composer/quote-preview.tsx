import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Strings } from '../strings/en.ts';
import css from '../styles/composer-extras.css?inline';
import { addSheet } from '../styles/sheets.ts';
import { Icon } from '../view/icon.tsx';

/** The words that the draft replies to, and a way to leave them out. */
export function QuotePreview({ quote, strings, onRemove }: { quote: string; strings: Strings; onRemove: () => void }) {
  const place = useRef<HTMLElement>(null);
  useLayoutEffect(() => addSheet(place.current, css), []);
  return (
    <figure class="replying" aria-label={strings.replyingTo} ref={place}>
      <blockquote dir="auto">{quote}</blockquote>
      <button
        type="button"
        class="ghost"
        aria-label={`${strings.remove}: ${strings.replyingTo}`}
        title={strings.remove}
        onClick={onRemove}
      >
        <Icon name="close" />
      </button>
    </figure>
  );
}
