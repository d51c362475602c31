/**
 * The words of a text as they are compared, in order, with repetitions: Latin ones as stems, numbers as they are,
 * Chinese and Japanese ones as a dictionary cuts them, without their grammatical endings.
 */
export function toTerms(text: string): string[] {
  const terms: string[] = [];
  for (const { segment, isWordLike } of SEGMENTER.segment(text.normalize('NFKC'))) {
    if (!isWordLike) continue;
    if (CJK.test(segment)) {
      const bare = segment.replace(ENDING_KANA, '');
      if (bare !== '') terms.push(bare);
    } else {
      for (const token of segment.split(/[^\p{L}\p{N}]+/u)) {
        for (const part of splitIdentifier(token)) {
          const stem = toStem(part.toLowerCase());
          if (stem !== '') terms.push(stem);
        }
      }
    }
  }
  return terms;
}

const SEGMENTER = new Intl.Segmenter('ja', { granularity: 'word' });
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
/** Inflection after a Chinese character; a word of two kana or fewer is grammar. */
const ENDING_KANA = /(?<=\p{Script=Han})\p{Script=Hiragana}+$|^\p{Script=Hiragana}{1,2}$/u;

/** Whether a term is Chinese or Japanese: found as a part of a text, not as a word of it. */
export function isCjk(term: string): boolean {
  return CJK.test(term);
}

/** `maxRetries` is also `max` and `retries`: visitors ask in words for what the page calls by its name. */
function splitIdentifier(token: string): string[] {
  const parts = token.split(/(?<=[a-z])(?=[A-Z])|(?<=\p{L})(?=\p{N}{2})|(?<=\p{N})(?=\p{L}{2})/u);
  return parts.length > 1 ? [token, ...parts] : parts;
}

/**
 * A light English stem: good enough to join "cancel", "cancels", "cancelled" and "cancellation", and it keeps short
 * words alone. Not a dictionary: what it joins wrongly costs little, since ranking adds up many words.
 */
function toStem(word: string): string {
  if (word.length <= 3 || !/^[a-z]+$/.test(word)) return word;
  let stem = word;
  for (const [ending, instead] of ENDINGS) {
    if (stem.endsWith(ending) && stem.length - ending.length >= 3) {
      stem = stem.slice(0, -ending.length) + instead;
      break;
    }
  }
  stem = stem.replace(/([^aeiouls])\1$/, '$1').replace(/ll$/, 'l');
  return stem.length > 3 ? stem.replace(/[ey]$/, '') : stem;
}

/** Longest first. */
const ENDINGS: [string, string][] = [
  ['ications', ''],
  ['ication', ''],
  ['ellation', 'el'],
  ['izations', 'ize'],
  ['ization', 'ize'],
  ['ations', ''],
  ['ation', ''],
  ['itions', 'it'],
  ['ition', 'it'],
  ['ments', ''],
  ['ment', ''],
  ['nesses', ''],
  ['ness', ''],
  ['ences', ''],
  ['ence', ''],
  ['ances', ''],
  ['ance', ''],
  ['ingly', ''],
  ['ings', ''],
  ['ing', ''],
  ['ities', ''],
  ['ity', ''],
  ['ions', ''],
  ['ion', ''],
  ['ables', ''],
  ['able', ''],
  ['ibles', ''],
  ['ible', ''],
  ['ally', ''],
  ['edly', ''],
  ['iers', ''],
  ['ier', ''],
  ['ies', ''],
  ['ied', ''],
  ['ers', ''],
  ['er', ''],
  ['ed', ''],
  ['ly', ''],
  ['sses', 'ss'],
  ['ches', 'ch'],
  ['shes', 'sh'],
  ['xes', 'x'],
  ['es', ''],
  ['ss', 'ss'],
  ['us', 'us'],
  ['is', 'is'],
  ['s', ''],
];

/** How alike two stems are, 0 to 1: the share of their character trigrams that they have in common (Dice). */
export function likeness(a: string, b: string): number {
  if (a === b) return 1;
  const [of, other] = [trigrams(a), trigrams(b)];
  let common = 0;
  for (const gram of of) if (other.has(gram)) common += 1;
  return (2 * common) / (of.size + other.size);
}

function trigrams(word: string): Set<string> {
  const padded = ` ${word} `;
  const grams = new Set<string>();
  for (let index = 0; index + 3 <= padded.length; index += 1) grams.add(padded.slice(index, index + 3));
  return grams;
}
