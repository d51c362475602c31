/** What a sentence stands in. A cell is read with its row. */
const BLOCK = 'p,li,dt,dd,tr,pre,blockquote,figcaption,summary,h1,h2,h3,h4,h5,h6';
/** What begins another passage inside of one. */
const INNER = 'ul,ol,dl,table';
/** Longer blocks are no passage: of them the words alone are shown. */
const LONGEST = 1_500;

/** The passage that begins with the words in these ranges: up to the end of the block that they stand in. */
export function wholePassage(words: Range[]): Range[] {
  const [first] = words;
  const block = first?.startContainer.parentElement?.closest(BLOCK);
  if (!first || !block || (block.textContent ?? '').length > LONGEST) return words;
  const range = block.ownerDocument.createRange();
  range.setStart(first.startContainer, first.startOffset);
  range.setEnd(block, block.childNodes.length);
  const inner = block.querySelector(INNER);
  if (inner && range.comparePoint(inner, 0) === 0) range.setEndBefore(inner);
  return [range];
}
