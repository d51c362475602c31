import { useEffect, useRef, useState } from 'preact/hooks';
import { Strokes } from '../view/icon.tsx';
import type { ComposerPart } from './composer-part.ts';
import { selectedWords } from './selected-words.ts';

interface Offer {
  words: string;
  /** Pixels from the top and the left of the place that the button is laid out in. */
  top: number;
  left: number;
}

/** A finger's own menu stands above what it has selected. */
const isCoarse = matchMedia('(pointer: coarse)').matches;
const HEIGHT = isCoarse ? 44 : 34;
const GAP = 6;

/** Beside words that are selected in an answer: takes them into the composer as what is replied to. */
export function ReplyButton({ chat, strings, input }: Pick<ComposerPart, 'chat' | 'strings' | 'input'>) {
  const place = useRef<HTMLDivElement>(null);
  const [offer, setOffer] = useState<Offer>();

  useEffect(() => {
    const root = place.current?.getRootNode();
    if (!(root instanceof ShadowRoot)) return;
    const listening = new AbortController();
    const { signal } = listening;

    function look(): void {
      const node = place.current;
      const found = node && selectedWords(root as ShadowRoot, '.answer');
      if (!found) return setOffer(undefined);
      const origin = node.getBoundingClientRect();
      const view = (root as ShadowRoot).querySelector('.scroller')?.getBoundingClientRect() ?? origin;
      const wished = isCoarse ? found.box.bottom + GAP * 2 : found.box.top - HEIGHT - GAP;
      const top = Math.min(Math.max(wished, view.top + GAP), view.bottom - HEIGHT - GAP) - origin.top;
      setOffer({ words: found.words, top, left: Math.max(found.box.left, view.left + GAP) - origin.left });
    }

    document.addEventListener('selectionchange', look, { signal });
    root.addEventListener('scroll', look, { signal, capture: true, passive: true });
    addEventListener('resize', look, { signal });
    // This chunk may arrive after the words were selected, and another language lays them out elsewhere.
    look();
    return () => listening.abort();
  }, [strings]);

  function reply({ words }: Offer): void {
    chat.setQuote(words);
    document.getSelection()?.removeAllRanges();
    setOffer(undefined);
    input.current?.focus();
  }

  return (
    <div class="reply-place" ref={place}>
      {offer && (
        <button
          type="button"
          class="reply"
          style={{ top: `${offer.top}px`, left: `${offer.left}px` }}
          // A press must not take the selection away before it counts.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => reply(offer)}
        >
          <Strokes d="M8 5 3.5 9.5 8 14M4 9.5h7.5a5 5 0 0 1 5 5V16" />
          {strings.reply}
        </button>
      )}
    </div>
  );
}
