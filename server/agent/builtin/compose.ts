import type { ModelInput } from '../model-input.ts';
import type { Passage } from '../passages.ts';
import { choosePassages } from './choose.ts';
import { PHRASES, type Phrases } from './phrases.ts';
import { type Question, readQuestion } from './question.ts';

/** The answer of the built-in model, as Markdown with `[n]` after what is quoted from passage n. */
export function composeAnswer(input: ModelInput): string {
  const question = readQuestion(input.question);
  const phrases = PHRASES[question.language];
  const title = input.page?.title ?? '';
  switch (question.kind) {
    case 'greeting':
      return phrases.greeting(title);
    case 'thanks':
      return phrases.thanks;
    case 'summary':
      return summarise(input, phrases);
    case 'question':
      return answer(question, input, phrases);
  }
}

function answer(question: Question, input: ModelInput, phrases: Phrases): string {
  if (input.passages.length === 0) return phrases.noText;
  const chosen = choosePassages(question, input);
  if (chosen.length === 0) return decline(input, phrases);
  const parts: string[] = [];
  let under: string | undefined;
  for (const group of joinRows(chosen)) {
    const heading = group[0]?.headingPath.at(-1);
    if (under === undefined || heading !== under)
      parts.push(heading === undefined ? phrases.says : phrases.saysUnder(heading));
    under = heading ?? '';
    parts.push(quote(group));
  }
  return parts.join('\n\n');
}

function decline(input: ModelInput, phrases: Phrases): string {
  const headings = headingsOf(input);
  const parts = [phrases.declines(input.page?.title ?? '')];
  if (headings.length > 0) parts.push(`${phrases.covers}\n${headings.map((heading) => `- ${heading}`).join('\n')}`);
  return parts.join('\n\n');
}

function summarise(input: ModelInput, phrases: Phrases): string {
  const { page, passages } = input;
  if (!page) return phrases.noText;
  const parts = [phrases.about(page.title), page.description];
  const first = passages.find(({ kind }) => kind === 'text');
  if (first && first.text !== page.description) parts.push(quote([first]));
  const headings = headingsOf(input);
  if (headings.length > 0) parts.push(`${phrases.covers}\n${headings.map((heading) => `- ${heading}`).join('\n')}`);
  return parts.filter((part) => part !== '').join('\n\n');
}

const MAX_HEADINGS = 6;

/** The headings below the page's own, as far as they are few enough to read. */
function headingsOf({ page, passages }: ModelInput): string[] {
  const all = [...new Set(passages.map(({ headingPath }) => headingPath[1] ?? headingPath[0] ?? ''))];
  const listed = all.length > 1 ? all : (page?.headings ?? []);
  return listed.filter((heading) => heading !== '' && heading !== page?.title).slice(0, MAX_HEADINGS);
}

/** Rows of one table that follow each other here become one table again. */
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
    const rows = group.map(({ text, n }) => text.slice(text.lastIndexOf('\n') + 1).replace(/\s*\|\s*$/, ` [${n}] |`));
    return `${headerOf(first)}\n${rows.join('\n')}`.trim();
  }
  // A marker inside the fence would be code.
  if (first.kind === 'code') return `${first.text}\n\n[${first.n}]`;
  return `${first.text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n')} [${first.n}]`;
}
