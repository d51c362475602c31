import type { Passage } from '../passages.ts';
import { groupsInText, groupsOfStem } from './concepts.ts';
import { holds } from './holds.ts';
import type { Ask } from './question.ts';
import { isCjk, likeness, toTerms } from './words.ts';

/** How well a passage answers. */
export interface Ranked {
  passage: Passage;
  /** 0 to 1.2: its coverage, with a share of its section's best. */
  score: number;
  /** 0 to 1: the share of the question's words, and of the kinds of things asked for, that it has. */
  coverage: number;
  holds: number;
}

interface Indexed {
  passage: Passage;
  terms: Set<string>;
  headingTerms: Set<string>;
  groups: Set<number>;
  headingGroups: Set<number>;
  section: string;
  text: string;
}

/** Strength of a match, by how sure it is that the words mean the same. */
const SAME_GROUP = 0.75;
const ALIKE = 0.7;
const ALIKE_FROM = 0.5;
const IN_HEADING = 0.8;
/** What the best passage of a section lends to the others: answers are split over a heading, a row and a sentence. */
const SECTION_SHARE = 0.2;
/** The kind of thing asked for counts as one more word. */
const ASK_WEIGHT = 1.5;
/** A word that only says which kind of thing is asked for is no subject: "fee" in "what is the fee for parking". */
const ASK_WORD_SHARE = 0.4;
const ASK_WORDS: Record<Ask, string> = {
  money: 'cost',
  duration: 'duration',
  count: 'maximum quantity',
  size: 'size',
  percent: '',
  moment: 'schedule',
  person: 'people',
  contact: 'contact',
  place: 'location',
  code: '',
};
/** A word that is nowhere on the page tells no passage from another, but tells that the page may not say. */
const NOWHERE_WEIGHT = 1.6;
/** The same for a name, a number or an abbreviation: nothing else on the page can stand for it. */
const NAME_WEIGHT = 4;
/** A word of the page's title is what every passage is about. */
const TITLE_SHARE = 0.4;

/** All passages, best first. */
export function rankPassages(passages: Passage[], query: Query): Ranked[] {
  const indexed = passages.map(toIndexed);
  const vocabulary = new Set(indexed.flatMap(({ terms, headingTerms }) => [...terms, ...headingTerms]));
  const words = query.terms.map((term) => ({ term, groups: groupsOf(term, query), alike: alikeIn(vocabulary, term) }));
  const matches = indexed.map((entry) => words.map((word) => match(word, entry)));
  const weights = weigh(words, matches, query);
  const askWeight = query.asks.length > 0 ? ASK_WEIGHT : 0;
  const total = weights.reduce((sum, weight) => sum + weight, askWeight) || 1;

  const rated = indexed.map(({ passage, section }, index) => {
    const ofWords = weights.reduce((sum, weight, word) => sum + weight * (matches[index]?.[word] ?? 0), 0);
    const held = holds(passage.text, query.asks);
    // A number somewhere on the page answers nothing: the passage must also be about the subject.
    const ofAsks = ofWords > 0 || words.length === 0 ? askWeight * held : 0;
    return { passage, section, holds: held, coverage: (ofWords + ofAsks) / total };
  });
  const bestOf = new Map<string, number>();
  for (const { section, coverage } of rated) bestOf.set(section, Math.max(bestOf.get(section) ?? 0, coverage));
  return rated
    .map(({ passage, section, holds, coverage }) => {
      const score = coverage + SECTION_SHARE * (bestOf.get(section) ?? 0);
      return { passage, holds, coverage, score };
    })
    .toSorted((a, b) => b.score - a.score);
}

/** How much each word tells: rare ones more than frequent ones. `matches` has a row a passage, a column a word. */
function weigh(words: Word[], matches: number[][], query: Query): number[] {
  const askGroups = new Set(query.asks.flatMap((ask) => toTerms(ASK_WORDS[ask]).flatMap(groupsOfStem)));
  const titleTerms = new Set(toTerms(query.title));
  return words.map(({ term, groups }, index) => {
    const found = matches.filter((row) => (row[index] ?? 0) > 0).length;
    const share = lengthShare(term) * (groups.some((group) => askGroups.has(group)) ? ASK_WORD_SHARE : 1);
    if (found === 0) return query.names.has(term) ? NAME_WEIGHT : NOWHERE_WEIGHT * share;
    return Math.log(1 + matches.length / found) * (titleTerms.has(term) ? TITLE_SHARE : 1) * share;
  });
}

export interface Query {
  terms: string[];
  /** The text the terms are from, for Chinese and Japanese words of a group. */
  text: string;
  asks: Ask[];
  /** Terms that are names, numbers or abbreviations. */
  names: Set<string>;
  /** The page's title. */
  title: string;
}

interface Word {
  term: string;
  groups: number[];
  alike: Map<string, number>;
}

function match({ term, groups, alike }: Word, entry: Indexed): number {
  if (isCjk(term)) return matchCjk(term, groups, entry);
  if (entry.terms.has(term)) return 1;
  let best = entry.headingTerms.has(term) ? IN_HEADING : 0;
  if (groups.some((group) => entry.groups.has(group))) best = Math.max(best, SAME_GROUP);
  else if (groups.some((group) => entry.headingGroups.has(group))) best = Math.max(best, SAME_GROUP * IN_HEADING);
  for (const [other, strength] of alike) {
    if (strength > best && entry.terms.has(other)) best = strength;
    else if (strength * IN_HEADING > best && entry.headingTerms.has(other)) best = strength * IN_HEADING;
  }
  return best;
}

/** A single Chinese character says less than a word. */
function lengthShare(term: string): number {
  return term.length === 1 && isCjk(term) ? 0.5 : 1;
}

/** Words without spaces around them: whole, by meaning, or by the pairs of characters they share. */
function matchCjk(term: string, groups: number[], entry: Indexed): number {
  if (entry.text.includes(term)) return 1;
  if (entry.section.includes(term)) return IN_HEADING;
  if (groups.some((group) => entry.groups.has(group))) return SAME_GROUP;
  if (groups.some((group) => entry.headingGroups.has(group))) return SAME_GROUP * IN_HEADING;
  const chars = Array.from(term);
  const pairs = chars.slice(1).map((char, index) => `${chars[index]}${char}`);
  if (pairs.length < 2) return 0;
  return (ALIKE * pairs.filter((pair) => entry.text.includes(pair)).length) / pairs.length;
}

function toIndexed(passage: Passage): Indexed {
  const headings = passage.headingPath.join('\n');
  const terms = new Set(toTerms(passage.text));
  const headingTerms = new Set(toTerms(headings));
  return {
    passage,
    terms,
    headingTerms,
    groups: groupsIn(passage.text, terms),
    headingGroups: groupsIn(headings, headingTerms),
    section: headings,
    text: passage.text.normalize('NFKC'),
  };
}

function groupsIn(text: string, terms: Set<string>): Set<number> {
  return new Set([...[...terms].flatMap(groupsOfStem), ...groupsInText(text).map(({ group }) => group)]);
}

/** A Latin term has the groups of its stem; a Chinese or Japanese one those of the words of the question it is part of. */
function groupsOf(term: string, query: Query): number[] {
  const ofStem = groupsOfStem(term);
  if (!isCjk(term)) return ofStem;
  return groupsInText(query.text)
    .filter(({ chars }) => chars.includes(term) || term.includes(chars))
    .map(({ group }) => group);
}

function alikeIn(vocabulary: Set<string>, term: string): Map<string, number> {
  const alike = new Map<string, number>();
  if (!/^[a-z]{4,}$/.test(term)) return alike;
  for (const other of vocabulary) {
    if (other === term || !/^[a-z]{4,}$/.test(other)) continue;
    const share = likeness(term, other);
    if (share >= ALIKE_FROM) alike.set(other, share * ALIKE);
    else if (other.startsWith(term) || term.startsWith(other)) alike.set(other, ALIKE);
  }
  return alike;
}
