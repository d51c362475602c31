import type { Passage } from '../passages.ts';
import { groupsInText, groupsOfStem } from './concepts.ts';
import { holds } from './holds.ts';
import type { Ask } from './question.ts';
import { likeness, toTerms } from './words.ts';

/** How well a passage answers. */
export interface Ranked {
  passage: Passage;
  /** 0 to about 1.3: the share of the question's words it has, with its section's, and whether it holds what is asked. */
  score: number;
  /** The share of the question's words that stand in it or its headings. */
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
}

/** Strength of a match, by how sure it is that the words mean the same. */
const SAME_GROUP = 0.75;
const ALIKE = 0.7;
const ALIKE_FROM = 0.5;
const IN_HEADING = 0.8;
/** What the best passage of a section lends to the others: answers are split over a heading, a row and a sentence. */
const SECTION_SHARE = 0.2;
const HOLDS_BONUS = 0.18;

/** All passages, best first. `extraTerms` are words that count half: of the question before a follow-up. */
export function rankPassages(passages: Passage[], query: Query): Ranked[] {
  const indexed = passages.map(toIndexed);
  const vocabulary = new Set(indexed.flatMap(({ terms, headingTerms }) => [...terms, ...headingTerms]));
  const words = query.terms.map((term) => ({ term, groups: groupsOf(term, query), alike: alikeIn(vocabulary, term) }));
  const matches = indexed.map((entry) => words.map((word) => match(word, entry)));
  const weights = words.map((_, index) => {
    const found = matches.filter((row) => (row[index] ?? 0) > 0).length;
    // A word that is nowhere on the page says little about which passage, but much about whether there is an answer.
    return found === 0 ? NOWHERE_WEIGHT : Math.log(1 + passages.length / found);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  const own = matches.map(
    (row) => row.reduce((sum, strength, index) => sum + strength * (weights[index] ?? 0), 0) / total,
  );
  const bySection = new Map<string, number>();
  for (const [index, { section }] of indexed.entries())
    bySection.set(section, Math.max(bySection.get(section) ?? 0, own[index] ?? 0));
  return indexed
    .map(({ passage, section }, index) => {
      const coverage = own[index] ?? 0;
      const held = holds(passage.text, query.asks);
      const bonus = query.asks.length > 0 ? HOLDS_BONUS * (2 * held - 1) : 0;
      const score = coverage + SECTION_SHARE * (bySection.get(section) ?? 0) + (coverage > 0 ? bonus : 0);
      return { passage, score, coverage, holds: held };
    })
    .toSorted((a, b) => b.score - a.score);
}

export interface Query {
  terms: string[];
  /** The text the terms are from, for Chinese and Japanese words of a group. */
  text: string;
  asks: Ask[];
}

const NOWHERE_WEIGHT = 1.2;

interface Word {
  term: string;
  groups: number[];
  alike: Map<string, number>;
}

function match({ term, groups, alike }: Word, entry: Indexed): number {
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
  };
}

function groupsIn(text: string, terms: Set<string>): Set<number> {
  return new Set([...[...terms].flatMap(groupsOfStem), ...groupsInText(text).map(({ group }) => group)]);
}

/** A Latin term has the groups of its stem; a Chinese or Japanese one those of the words of the question it is part of. */
function groupsOf(term: string, query: Query): number[] {
  const ofStem = groupsOfStem(term);
  if (ofStem.length > 0 || /^[a-z0-9]/.test(term)) return ofStem;
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
