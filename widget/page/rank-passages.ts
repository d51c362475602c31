/** A piece of a page that can be chosen: its words, and where it ends. */
export interface Passage {
  text: string;
  /** The headings it stands under, as indexes of passages. */
  path?: number[];
  node: Node;
}

const MAX_TERMS = 16;

/** What nearness to the viewport weighs beside the words of the question (which weigh up to 1). */
const NEAR = 0.4;
/** What a block takes from its neighbours: an answer stands as often beside the matching words as among them. */
const NEIGHBOUR = 0.4;
/** In passages: the distance at which nearness has halved. */
const NEARNESS_RANGE = 12;

/**
 * The indexes of all passages, nearest first: each question chooses in its turn. What the visitor looks at counts for
 * the first one alone; the others are looked for wherever they stand.
 */
export function* orderPassages(passages: Passage[], questions: string[], viewportHeight: number): Generator<number> {
  const seen = blockAtViewport(passages, viewportHeight);
  const orders = questions.map((question, turn) => {
    const relevance = rankPassages(passages, question, turn === 0 ? seen : undefined);
    return passages.map((_, index) => index).toSorted((a, b) => (relevance[b] ?? 0) - (relevance[a] ?? 0));
  });
  const given = new Set<number>();
  for (let place = 0; place < passages.length; place += 1) {
    for (const order of orders) {
      const index = order[place] ?? 0;
      if (!given.has(index)) yield index;
      given.add(index);
    }
  }
}

/** How near each passage is to the question and to the one at the viewport; only the order of the numbers counts. */
function rankPassages(passages: Passage[], question: string, seen: number | undefined): number[] {
  const own = lexicalScores(passages, question);
  const best = own.reduce((most, score) => Math.max(most, score), 1e-9);
  return own.map((score, index) => {
    const headings = (passages[index]?.path ?? []).map((heading) => own[heading] ?? 0);
    const around = Math.max(own[index - 1] ?? 0, own[index + 1] ?? 0, ...headings);
    const nearness = seen === undefined ? 0 : NEARNESS_RANGE / (NEARNESS_RANGE + Math.abs(index - seen));
    return (score + NEIGHBOUR * around) / best + NEAR * nearness;
  });
}

/** For each block the rarity of the question's terms that it holds. A term is found anywhere in a word: soft stems. */
function lexicalScores(passages: Passage[], question: string): number[] {
  const scores = passages.map(() => 0);
  const terms = questionTerms(question);
  if (terms.length === 0) return scores;
  const texts = passages.map((block) => block.text.toLowerCase());
  for (const term of terms) {
    const holders: number[] = [];
    for (const [index, text] of texts.entries()) if (text.includes(term)) holders.push(index);
    const rarity = Math.log(1 + passages.length / (1 + holders.length));
    for (const index of holders) scores[index] = (scores[index] ?? 0) + rarity;
  }
  return scores;
}

/** Words without their endings; of scripts that put no spaces between words, the pairs of signs. */
function questionTerms(question: string): string[] {
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
function blockAtViewport(passages: Passage[], viewportHeight: number): number {
  let low = 0;
  let high = passages.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const end = bottomOf(passages[middle]?.node);
    if (end < viewportHeight / 3) low = middle + 1;
    else high = middle;
  }
  return low;
}

function bottomOf(node: Node | undefined): number {
  const element = node instanceof Element ? node : node?.parentElement;
  return element?.getBoundingClientRect().bottom ?? 0;
}
