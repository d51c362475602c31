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

/** Of a page of which more can be read, a best passage with less may be outdone by one that was not sent. */
const SURE_COVERAGE = 0.75;

interface Choice {
  /** The passages that answer, in the order of the page; none when it does not say. */
  passages: Passage[];
  /** Each side of the question has a passage with nearly all its words. */
  isSure: boolean;
}

export function choosePassages(question: Question, input: ModelInput): Choice {
  const chosen = new Map<number, Passage>();
  const perSide = question.sides.length > 1 ? 2 : MAX_PASSAGES;
  let isSure = true;
  for (const side of question.sides) {
    let coverage = 0;
    for (const query of toQueries(side, question, input)) {
      const answer = chooseForSide(query, input.passages, perSide);
      for (const { passage } of answer) chosen.set(passage.n, passage);
      coverage = answer[0]?.coverage ?? 0;
      if (answer.length > 0) break;
    }
    isSure &&= coverage >= SURE_COVERAGE;
  }
  for (const passage of chosen.values()) {
    const next = input.passages[input.passages.indexOf(passage) + 1];
    // "Run:" is half an answer: the command stands in the next block.
    if (next && /[:：]$/.test(passage.text.trim()) && next.headingPath.join() === passage.headingPath.join())
      chosen.set(next.n, next);
  }
  return { passages: [...chosen.values()].toSorted((a, b) => a.n - b.n), isSure };
}

function chooseForSide(query: Query, passages: Passage[], max: number): Ranked[] {
  const ranked = rankPassages(passages, query);
  const [best] = ranked;
  if (!best || !isAnswer(best)) return [];
  return ranked.slice(0, max).filter(({ score }) => score >= best.score * NEAR_BEST);
}

function isAnswer({ coverage, holds }: Ranked): boolean {
  return coverage >= (holds > 0 ? MIN_COVERAGE : MIN_COVERAGE_WITHOUT);
}

/**
 * What to look for, best guess first. A side keeps the question's words when it has few of its own. "And for a child?"
 * is read with what it follows, the visitor's quotation or question before; a question of one word only when it finds
 * nothing by itself, because it may as well begin something new.
 */
function toQueries(side: string, question: Question, input: ModelInput): Query[] {
  const { asks, names, sides } = question;
  const own = contentTerms(side);
  const isPart = sides.length > 1 && own.length <= 1;
  const plain: Query = {
    terms: isPart ? [...new Set([...own, ...question.terms])] : own,
    text: isPart ? question.text : side,
    asks,
    names,
    title: input.page?.title ?? '',
  };
  const before = input.quoted ?? input.history.findLast(({ from }) => from === 'visitor')?.text;
  if (before === undefined) return [plain];
  const withBefore: Query = {
    ...plain,
    terms: [...new Set([...plain.terms, ...contentTerms(before)])],
    text: `${plain.text}\n${before}`,
  };
  if (FOLLOWS.test(question.text.trim())) return [withBefore, plain];
  return question.terms.length <= 1 ? [plain, withBefore] : [plain];
}

const FOLLOWS = /^(?:and|what about|how about|also|那|那么|では|じゃあ|それ)/i;
