import { type Grammar, grammarOf } from './grammars.ts';

export type TokenKind = 'comment' | 'string' | 'number' | 'keyword' | 'name' | 'plus' | 'minus';

/** A run of code; without a kind it is drawn as it is. */
export interface CodeToken {
  text: string;
  kind?: TokenKind;
}

/** Longer code is shown plain: nobody reads it here, and its spans would slow the page. */
const LONGEST = 50_000;

/**
 * The code in runs, each with what it is. Together they are the code, whatever it holds: a language that is not known,
 * or code that is too long, is one run. Reads each character once.
 */
export function readCode(code: string, language: string): CodeToken[] {
  const grammar = grammarOf(language);
  if (!grammar || code.length > LONGEST) return [{ text: code }];
  const tokens: CodeToken[] = [];
  let plain = 0;
  for (const match of code.matchAll(grammar.pattern)) {
    const kind = kindOf(match, grammar, code);
    if (!kind) continue;
    if (match.index > plain) tokens.push({ text: code.slice(plain, match.index) });
    tokens.push({ text: match[0], kind });
    plain = match.index + match[0].length;
  }
  if (plain < code.length) tokens.push({ text: code.slice(plain) });
  return tokens;
}

function kindOf(match: RegExpExecArray, { keywords, ignoresCase }: Grammar, code: string): TokenKind | undefined {
  const { word = '' } = match.groups ?? {};
  if (!word) {
    const [kind] = Object.entries(match.groups ?? {}).find(([, text]) => text) ?? [];
    return kind as TokenKind | undefined;
  }
  if (keywords.has(ignoresCase ? word.toLowerCase() : word)) return 'keyword';
  return code[match.index + word.length] === '(' ? 'name' : undefined;
}
