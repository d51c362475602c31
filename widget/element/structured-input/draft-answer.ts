/** What is filled in for one question so far. */
export interface DraftAnswer {
  chosen: readonly string[];
  /** The visitor's own words, beside or in place of a choice. */
  own: string;
}

/** What is sent of it. */
export function valuesOf(answer: DraftAnswer | undefined): string[] {
  const own = answer?.own.trim();
  return [...(answer?.chosen ?? []), ...(own ? [own] : [])];
}

/** After a press on a choice: of a single one the last press counts, and it takes the place of own words. */
export function choose(answer: DraftAnswer, value: string, multiple: boolean): DraftAnswer {
  if (!multiple) return { chosen: [value], own: '' };
  const others = answer.chosen.filter((chosen) => chosen !== value);
  return { ...answer, chosen: others.length < answer.chosen.length ? others : [...others, value] };
}

/** After own words were written: they take the place of a single choice. */
export function write(answer: DraftAnswer, own: string, multiple: boolean): DraftAnswer {
  return { chosen: multiple || !own ? answer.chosen : [], own };
}
