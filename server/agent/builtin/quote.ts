import { type Passage, withoutHeader } from '../passages.ts';

/** Passages as Markdown quotations, each with its `[n]`; rows of one table that follow each other as one table. */
export function quotePassages(passages: Passage[]): { heading: string | undefined; text: string }[] {
  return joinRows(passages).map((group) => ({ heading: group[0]?.headingPath.at(-1), text: quote(group) }));
}

function joinRows(passages: Passage[]): Passage[][] {
  const groups: Passage[][] = [];
  for (const passage of passages) {
    const last = groups.at(-1);
    if (passage.kind === 'table' && last?.[0]?.kind === 'table' && headerOf(last[0]) === headerOf(passage))
      last.push(passage);
    else groups.push([passage]);
  }
  return groups;
}

function headerOf({ text }: Passage): string {
  return text.slice(0, text.lastIndexOf('\n'));
}

function quote(group: Passage[]): string {
  const [first] = group;
  if (!first) return '';
  if (first.kind === 'table') {
    const rows = group.map((row) => withoutHeader(row).replace(/\s*\|\s*$/, ` [${row.n}] |`));
    return `${headerOf(first)}\n${rows.join('\n')}`.trim();
  }
  // A marker inside the fence would be code.
  if (first.kind === 'code') return `${first.text}\n\n[${first.n}]`;
  return `${first.text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n')} [${first.n}]`;
}
