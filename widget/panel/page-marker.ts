import type { PassagePlace } from '../../protocol/page-tools.ts';
import { findPassage } from '../page/find-passage.ts';
import { showPassage } from '../page/show-passage.ts';

/** Beside the panel at least this share of a line has to be seen. */
const SEEN_SHARE = 0.6;

export interface PageMarker {
  /** Scrolls the page to a passage and highlights it, in place of the one before. Nothing happens when it is not there. */
  show: (place: PassagePlace) => void;
  clear: () => void;
}

/** Marks passages on the host page; a panel that lies over the passage makes room for it. */
export function createPageMarker(panel: () => Element | null, makeRoom: () => void): PageMarker {
  let clear: (() => void) | undefined;
  const marker: PageMarker = {
    show(place) {
      marker.clear();
      const ranges = findPassage(place, document);
      const [first] = ranges;
      if (!first) return;
      const clearShown = showPassage(ranges);
      // Before it is ours to clear: closing the panel takes away what it has marked.
      if (isCovered(first.getBoundingClientRect(), panel()?.getBoundingClientRect())) makeRoom();
      clear = clearShown;
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
