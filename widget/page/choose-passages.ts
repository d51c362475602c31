import type { Block } from './read-blocks.ts';

/**
 * The text of a page within `maxBytes` of UTF-8: all of it when it fits, else the passages nearest to the question
 * and to the viewport, in the page's order, each under its headings. Cuts only between blocks.
 */
export function choosePassages(blocks: Block[], question: string, viewportHeight: number, maxBytes: number): string {
  const sizes = blocks.map((block) => byteLength(block.text) + SEPARATOR.length);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  if (all <= maxBytes) return blocks.map((block) => block.text).join(SEPARATOR);

  const relevance = rank(blocks, question, viewportHeight);
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
const MAX_TERMS = 16;

/** What nearness to the viewport weighs beside the words of the question (which weigh up to 1). */
const NEAR = 0.4;
/** What a block takes from its neighbours: an answer stands as often beside the matching words as among them. */
const NEIGHBOUR = 0.4;
/** In blocks: the distance at which nearness has halved. */
const NEARNESS_RANGE = 12;

function rank(blocks: Block[], question: string, viewportHeight: number): number[] {
  const own = lexicalScores(blocks, question);
  const best = Math.max(...sample(own), 1e-9);
  const seen = blockAtViewport(blocks, viewportHeight);
  return own.map((score, index) => {
    const headings = (blocks[index]?.path ?? []).map((heading) => own[heading] ?? 0);
    const around = Math.max(own[index - 1] ?? 0, own[index + 1] ?? 0, ...headings);
    const nearness = NEARNESS_RANGE / (NEARNESS_RANGE + Math.abs(index - seen));
    return (score + NEIGHBOUR * around) / best + NEAR * nearness;
  });
}

/** Spreading a very long array into Math.max overflows the stack: its maximum, as an array of one. */
function sample(values: number[]): number[] {
  return [values.reduce((most, value) => (value > most ? value : most), 0)];
}

/** For each block the rarity of the question's terms that it holds. A term is found anywhere in a word: soft stems. */
function lexicalScores(blocks: Block[], question: string): number[] {
  const scores = blocks.map(() => 0);
  const terms = questionTerms(question);
  if (terms.length === 0) return scores;
  const texts = blocks.map((block) => block.text.toLowerCase());
  for (const term of terms) {
    const holders: number[] = [];
    for (const [index, text] of texts.entries()) if (text.includes(term)) holders.push(index);
    const rarity = Math.log(1 + blocks.length / (1 + holders.length));
    for (const index of holders) scores[index] = (scores[index] ?? 0) + rarity;
  }
  return scores;
}

/** Words without their endings; of scripts that put no spaces between words, the pairs of signs. */
export function questionTerms(question: string): string[] {
  const terms = new Set<string>();
  for (const [run] of question.normalize('NFKC').toLowerCase().matchAll(UNSPACED_OR_WORD)) {
    if (UNSPACED.test(run)) {
      for (let index = 0; index + 1 < run.length; index += 1) terms.add(run.slice(index, index + 2));
    } else if (run.length > 2) {
      terms.add(run.length > 5 ? run.slice(0, Math.max(4, run.length - 3)) : run);
    }
  }
  return [...terms].toSorted((a, b) => b.length - a.length).slice(0, MAX_TERMS);
}

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}]/u;
const UNSPACED_OR_WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}]+|[\p{L}\p{N}]+/gu;

/**
 * The index of the first block whose end is not above the upper third of the viewport. Blocks stand roughly from top
 * to bottom, so a binary search finds it with a dozen layout reads instead of one for each block.
 */
function blockAtViewport(blocks: Block[], viewportHeight: number): number {
  let low = 0;
  let high = blocks.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const end = blocks[middle]?.node.parentElement?.getBoundingClientRect().bottom ?? 0;
    if (end < viewportHeight / 3) low = middle + 1;
    else high = middle;
  }
  return low;
}

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
