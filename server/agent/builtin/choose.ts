import type { ModelInput } from '../model-input.ts';
import type { Passage } from '../passages.ts';
import { contentTerms, type Question } from './question.ts';
import { type Query, type Ranked, rankPassages } from './rank.ts';

/** Below this share of the question's words the best passage is about something else. */
const MIN_COVERAGE = 0.34;
/** The same where the passage does not hold the kind of thing asked for. */
const MIN_COVERAGE_WITHOUT = 0.6;
const MAX_PASSAGES = 3;
/** A further passage must come this near to the best one. */
const NEAR_BEST = 0.65;

/** The passages that answer, in the order of the page; none when the page does not say. */
export function choosePassages(question: Question, input: ModelInput): Passage[] {
  const chosen = new Map<number, Passage>();
  const perSide = question.sides.length > 1 ? 2 : MAX_PASSAGES;
  for (const side of question.sides) {
    for (const passage of chooseForSide(toQuery(side, question, input), input.passages, perSide))
      chosen.set(passage.n, passage);
  }
  for (const passage of chosen.values()) {
    const next = input.passages[passage.n];
    // "Run:" is half an answer: the command stands in the next block.
    if (next && /[:：]$/.test(passage.text.trim()) && next.headingPath.join() === passage.headingPath.join())
      chosen.set(next.n, next);
  }
  return [...chosen.values()].toSorted((a, b) => a.n - b.n);
}

function chooseForSide(query: Query, passages: Passage[], max: number): Passage[] {
  const ranked = rankPassages(passages, query);
  const [best] = ranked;
  if (!best || !isAnswer(best)) return [];
  return ranked
    .slice(0, max)
    .filter(({ score }) => score >= best.score * NEAR_BEST)
    .map(({ passage }) => passage);
}

function isAnswer({ coverage, holds }: Ranked): boolean {
  return coverage >= (holds > 0 ? MIN_COVERAGE : MIN_COVERAGE_WITHOUT);
}

/** A side of a question keeps the question's words when it has few of its own; a follow-up those of the one before. */
function toQuery(side: string, question: Question, input: ModelInput): Query {
  let terms = question.sides.length > 1 ? contentTerms(side) : question.terms;
  let text = side;
  if (terms.length <= 1 && question.sides.length > 1) {
    terms = [...new Set([...terms, ...question.terms])];
    text = question.text;
  }
  const before = input.history.findLast(({ from }) => from === 'visitor')?.text;
  if (before !== undefined && isFollowUp(question)) {
    terms = [...new Set([...terms, ...contentTerms(before)])];
    text = `${text}\n${before}`;
  }
  return { terms, text, asks: question.asks, names: question.names, title: input.page?.title ?? '' };
}

function isFollowUp({ text, terms }: Question): boolean {
  return terms.length <= 1 || /^(?:and|what about|how about|also|那|那么|では|じゃあ|それ)/i.test(text.trim());
}
