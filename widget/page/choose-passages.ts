import { rankPassages } from './rank-passages.ts';
import type { Block } from './read-blocks.ts';

/**
 * The text of a page within `maxBytes` of UTF-8: all of it when it fits, else the passages nearest to the question
 * and to the viewport, in the page's order, each under its headings. Cuts only between blocks.
 */
export function choosePassages(blocks: Block[], question: string, viewportHeight: number, maxBytes: number): string {
  const sizes = blocks.map((block) => byteLength(block.text) + SEPARATOR.length);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  if (all <= maxBytes) return blocks.map((block) => block.text).join(SEPARATOR);

  const relevance = rankPassages(blocks, question, viewportHeight);
  const order = blocks.map((_, index) => index).toSorted((a, b) => (relevance[b] ?? 0) - (relevance[a] ?? 0));
  const chosen = new Set<number>();
  let left = maxBytes;
  for (const index of order) {
    const needed = [...(blocks[index]?.path ?? []), index].filter((part) => !chosen.has(part));
    const cost = needed.reduce((sum, part) => sum + (sizes[part] ?? 0), 0);
    if (cost > left) continue;
    left -= cost;
    for (const part of needed) chosen.add(part);
    // What no ordinary block fits into is not worth another look at every block of a very long page.
    if (left < SMALLEST_GAP) break;
  }
  return [...chosen]
    .toSorted((a, b) => a - b)
    .map((index) => blocks[index]?.text)
    .join(SEPARATOR);
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
