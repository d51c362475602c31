import type { DraftTag } from '../state/draft.ts';

/** A sign that asks for suggestions, and what was typed after it up to the caret. */
export interface Trigger {
  sign: '@' | '/';
  /** Where the sign stands. */
  from: number;
  query: string;
}

/** Words that a name may have before it is taken for a sentence. */
const MOST_WORDS = 3;

/** The sign that the caret belongs to: at the start of a line or after a space, so that neither an address nor "and/or" has one. */
export function findTrigger(text: string, caret: number, tags: readonly DraftTag[]): Trigger | undefined {
  const [, sign, query = ''] = /(?:^|\s)([@/])([^@/\n]*)$/.exec(text.slice(0, caret)) ?? [];
  const from = caret - query.length - 1;
  if ((sign !== '@' && sign !== '/') || tags.some(({ start }) => start === from)) return undefined;
  if (query.split(' ').length > (sign === '@' ? MOST_WORDS : 1)) return undefined;
  return { sign, from, query };
}
