import { useLayoutEffect, useRef } from 'preact/hooks';
import { type DraftTag, tagEnd } from '../state/draft.ts';
import { addSheet } from '../styles/sheets.ts';
import css from '../styles/tag-backdrop.css?inline';

/** The draft's text once more, unseen, in the same place behind it: there its tags get their colour. */
export function TagBackdrop({ text, tags }: { text: string; tags: readonly DraftTag[] }) {
  const place = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const node = place.current;
    const input = node?.nextElementSibling;
    if (!node || !input) return;
    addSheet(node, css);
    const follow = () => {
      node.scrollTop = input.scrollTop;
    };
    follow();
    input.addEventListener('scroll', follow);
    return () => input.removeEventListener('scroll', follow);
  }, [text, tags]);

  let at = 0;
  const parts = tags.flatMap((entry) => {
    const before = text.slice(at, entry.start);
    at = tagEnd(entry);
    return [before, <mark key={entry.start}>{text.slice(entry.start, at)}</mark>];
  });
  // The space at the end gives a last, empty line its height. In one text with what is before it: an empty one of its
  // own would be written anew at every drawing.
  return (
    <div class="backdrop" dir="auto" aria-hidden="true" ref={place} hidden={tags.length === 0}>
      {parts}
      {`${text.slice(at)} `}
    </div>
  );
}
