import type { Token } from 'marked';
import { decodeReferences } from './character-references.ts';
import { withoutMarks } from './citation-marks.ts';
import { MarkdownStream } from './markdown-stream.ts';

/** A markdown text as it is read aloud: words without marks, one line for each block. */
export function plainText(markdown: string): string {
  return new MarkdownStream()
    .update(markdown, true)
    .tail.map(({ token }) => textOf(token))
    .join('\n')
    .trim();
}

function textOf(token: Token): string {
  if (token.type === 'space' || token.type === 'def') return '';
  if (token.type === 'list') return (token.items as Token[]).map(textOf).join('\n');
  if (token.type === 'table') {
    const rows = [token.header, ...token.rows] as { tokens: Token[] }[][];
    return rows.map((row) => row.map((cell) => cell.tokens.map(textOf).join('')).join(', ')).join('\n');
  }
  if ('tokens' in token && token.tokens) return token.tokens.map(textOf).join('');
  return decodeReferences(withoutMarks('text' in token ? String(token.text) : ''));
}
