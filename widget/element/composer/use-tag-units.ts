import { useLayoutEffect } from 'preact/hooks';
import type { Chat } from '../state/chat.ts';
import { tagEnd } from '../state/draft.ts';

/**
 * Keeps the caret and both ends of a selection out of tags, so that one step passes a tag and one key deletes it. The
 * deletion is the browser's own, which its undo knows.
 */
export function useTagUnits(input: { readonly current: HTMLTextAreaElement | null }, chat: Chat): void {
  useLayoutEffect(() => {
    const node = input.current;
    if (!node) return;
    const listening = new AbortController();
    const { signal } = listening;
    const tags = () => chat.state.get().tags;
    let start = 0;
    let end = 0;

    /** Where a place inside a tag moves to: on in its direction, or to the nearer end where it came from afar. */
    function snap(place: number, before: number): number {
      const tag = tags().find((entry) => entry.start < place && tagEnd(entry) > place);
      if (!tag) return place;
      const last = tagEnd(tag);
      if (before === last) return tag.start;
      return before === tag.start || place - tag.start > last - place ? last : tag.start;
    }

    function keepOut(): void {
      if (!node || tags().length === 0 || node.value !== chat.state.get().draft) return;
      const from = snap(node.selectionStart, start);
      const to = node.selectionStart === node.selectionEnd ? from : snap(node.selectionEnd, end);
      if (from !== node.selectionStart || to !== node.selectionEnd)
        node.setSelectionRange(from, to, node.selectionDirection);
      start = from;
      end = to;
    }

    function onKeyDown({ key, isComposing }: KeyboardEvent): void {
      if (!node) return;
      // Where the key sets out from: fast ones are told of once, when the last has arrived.
      start = node.selectionStart;
      end = node.selectionEnd;
      if (isComposing || start !== end) return;
      const caret = node.selectionStart;
      const tag = tags().find(
        (entry) => (key === 'Backspace' ? tagEnd(entry) : key === 'Delete' && entry.start) === caret,
      );
      if (tag) node.setSelectionRange(tag.start, tagEnd(tag));
    }

    /** A keyboard that tells no keys has cut a tag: what was left of it is gone from the draft, the caret goes there. */
    function onInput(): void {
      const { draft } = chat.state.get();
      if (!node || node.value === draft) return;
      let same = 0;
      while (same < draft.length && draft[same] === node.value[same]) same++;
      node.value = draft;
      node.setSelectionRange(same, same);
    }

    node.addEventListener('keydown', onKeyDown, { signal });
    node.addEventListener('input', onInput, { signal });
    // At the text itself in newer browsers, at the document in older ones.
    for (const target of [node, document]) target.addEventListener('selectionchange', keepOut, { signal });
    return () => listening.abort();
  }, []);
}
