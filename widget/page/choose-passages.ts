import { pickOutline } from './pick-outline.ts';
import { orderPassages } from './rank-passages.ts';
import type { Block } from './read-blocks.ts';

export interface ChosenText {
  text: string;
  /** Some blocks had no room. */
  partial: boolean;
}

/**
 * The text of a page within `maxBytes` of UTF-8: all of it when it fits, else its outline and the passages nearest to
 * the questions and to the viewport, in the page's order, each under its headings. Cuts only between blocks.
 */
export function choosePassages(
  blocks: Block[],
  questions: string[],
  viewportHeight: number,
  maxBytes: number,
): ChosenText {
  const sizes = blocks.map((block) => byteLength(block.text) + SEPARATOR.length);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  if (all <= maxBytes) return { text: blocks.map((block) => block.text).join(SEPARATOR), partial: false };

  const chosen = new Set<number>();
  let left = maxBytes;
  const choose = (index: number): void => {
    const needed = [...(blocks[index]?.path ?? []), index].filter((part) => !chosen.has(part));
    const cost = needed.reduce((sum, part) => sum + (sizes[part] ?? 0), 0);
    if (cost > left) return;
    left -= cost;
    for (const part of needed) chosen.add(part);
  };
  const headings = blocks.flatMap(({ rank, text }, index) => (rank === undefined ? [] : [{ rank, text, index }]));
  for (const { index } of pickOutline(headings)) choose(index);
  for (const index of orderPassages(blocks, questions, viewportHeight)) {
    choose(index);
    // What no ordinary block fits into is not worth another look at every block of a very long page.
    if (left < SMALLEST_GAP) break;
  }
  const text = [...chosen]
    .toSorted((a, b) => a - b)
    .map((index) => blocks[index]?.text)
    .join(SEPARATOR);
  return { text, partial: true };
}

const SEPARATOR = '\n\n';
const SMALLEST_GAP = 80;

function byteLength(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) bytes += unit > 0x7ff ? 2 : 1;
    // Two units of a pair make four bytes, two each.
    if (unit >= 0xd800 && unit <= 0xdfff) bytes -= 1;
  }
  return bytes;
}
