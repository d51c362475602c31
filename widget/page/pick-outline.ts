/** Of the headings that go along whatever is asked, in characters: 40 lines of 50. */
const OUTLINE_CHARS = 2_000;
const OUTLINE_RANKS = 3;

/**
 * The headings that go along with parts of a long page, so that whoever reads these knows what else there is: its
 * outermost ranks, as many as fit whole. Half a rank would say that the other sections are not there.
 */
export function pickOutline<Heading extends { rank: number; text: string }>(headings: Heading[]): Heading[] {
  const picked: Heading[] = [];
  let chars = 0;
  for (let rank = 1; rank <= OUTLINE_RANKS; rank += 1) {
    const ofRank = headings.filter((heading) => heading.rank === rank);
    for (const { text } of ofRank) chars += text.length;
    if (chars > OUTLINE_CHARS) break;
    picked.push(...ofRank);
  }
  return picked;
}
