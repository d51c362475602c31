import type { PassagePlace } from '../../protocol/page-tools.ts';
import { findPassage } from '../page/find-passage.ts';
import { showPassage } from '../page/show-passage.ts';
import { wholePassage } from '../page/whole-passage.ts';

/** Beside the panel at least this share of a line has to be seen. */
const SEEN_SHARE = 0.6;

export interface PageMarker {
  /**
   * Scrolls the page to a passage and highlights it, in place of the one before. `isBeginning`: the words are only the
   * first ones of it. False, and nothing happens, when it is not there.
   */
  show: (place: PassagePlace, isBeginning: boolean) => boolean;
  clear: () => void;
}

/** Marks passages on the host page; a panel that lies over the passage makes room for it. */
export function createPageMarker(panel: () => Element | null, makeRoom: () => void): PageMarker {
  let clear: (() => void) | undefined;
  const marker: PageMarker = {
    show(place, isBeginning) {
      marker.clear();
      const words = findPassage(place, document);
      const ranges = isBeginning ? wholePassage(words) : words;
      const [first] = ranges;
      if (!first) return false;
      const clearShown = showPassage(ranges);
      // Before it is ours to clear: closing the panel takes away what it has marked.
      if (isCovered(first.getBoundingClientRect(), panel()?.getBoundingClientRect())) makeRoom();
      clear = clearShown;
      return true;
    },
    clear() {
      clear?.();
      clear = undefined;
    },
  };
  return marker;
}

/** From side to side alone: the page scrolls up and down, and the panel is about as high as the window. */
function isCovered(passage: DOMRect, panel: DOMRect | undefined): boolean {
  if (!panel) return false;
  const covered = Math.min(passage.right, panel.right) - Math.max(passage.left, panel.left);
  return covered > (1 - SEEN_SHARE) * passage.width;
}
