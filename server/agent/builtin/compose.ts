import type { ModelInput } from '../model-input.ts';
import { type Passage, withoutHeader } from '../passages.ts';
import { choosePassages } from './choose.ts';
import { composeFromFiles } from './compose-files.ts';
import { groupsInText, groupsOfStem, wordsOfGroup } from './concepts.ts';
import { PHRASES, type Phrases } from './phrases.ts';
import { contentTerms, type Question, readPlaceQuestion, readQuestion } from './question.ts';
import { quotePassages } from './quote.ts';

/** What the built-in model says, as Markdown with `[n]` after what is quoted from passage n, and then does. */
export interface Reply {
  text: string;
  call?: { name: string; arguments: Record<string, unknown> };
}

/** `tools`: the names of those that may be called. */
export function composeReply(input: ModelInput, tools: ReadonlySet<string>): Reply {
  if (input.files.length > 0) return composeFromFiles(input, () => replyFromPage(input, tools));
  return replyFromPage(input, tools);
}

function replyFromPage(input: ModelInput, tools: ReadonlySet<string>): Reply {
  const question = readQuestion(input.question);
  const phrases = PHRASES[question.language];
  const title = input.page?.title ?? '';
  switch (question.kind) {
    case 'greeting':
      return { text: phrases.greeting(title) };
    case 'thanks':
      return { text: phrases.thanks };
    case 'summary':
      return summarise(input, phrases, tools.has('show_outline'));
    case 'question':
      return answer(question, input, phrases, tools);
  }
}

function answer(asked: Question, input: ModelInput, phrases: Phrases, tools: ReadonlySet<string>): Reply {
  if (input.passages.length === 0) return { text: phrases.noText };
  const place = tools.has('show_passage') ? readPlaceQuestion(asked.text) : undefined;
  const isAboutAnswer = place !== undefined && contentTerms(place).length === 0;
  const question = place === undefined ? asked : readQuestion(isAboutAnswer ? lastQuestion(input) : place);
  const quoted = isAboutAnswer ? quotedBefore(input) : [];
  const choice = quoted.length > 0 ? { passages: quoted, isSure: true } : choosePassages(question, input);
  if (!choice.isSure && tools.has('read_page') && !input.page?.lookedFor)
    return { text: '', call: { name: 'read_page', arguments: { query: otherWordsFor(question, input) } } };
  const [first] = choice.passages;
  if (!first) return { text: decline(input, phrases) };
  const text = quoteAll(choice.passages, phrases);
  return place === undefined ? { text } : { text, call: { name: 'show_passage', arguments: { n: first.n } } };
}

/** What "Where does it say that?" is about: the passages that the last answer, or the visitor, quoted. */
function quotedBefore({ passages, quoted, history }: ModelInput): Passage[] {
  const answer = withoutSigns(history.findLast(({ from }) => from === 'assistant')?.text ?? '');
  const wanted = quoted === undefined ? undefined : withoutSigns(quoted);
  return passages.filter((passage) => {
    const words = withoutSigns(withoutHeader(passage));
    return wanted === undefined ? answer.includes(words) : words.includes(wanted) || wanted.includes(words);
  });
}

/** The last question that asked for more than the place. */
function lastQuestion({ history }: ModelInput): string {
  return history.findLast(({ from, text }) => from === 'visitor' && readPlaceQuestion(text) === undefined)?.text ?? '';
}

/** A quotation differs from its passage by these alone. */
function withoutSigns(text: string): string {
  return text.replace(/[\s>|-]/g, '');
}

function quoteAll(chosen: Passage[], phrases: Phrases): string {
  const parts: string[] = [];
  let under: string | undefined;
  for (const { heading, text } of quotePassages(chosen)) {
    if (under === undefined || heading !== under)
      parts.push(heading === undefined ? phrases.says : phrases.saysUnder(heading));
    under = heading ?? '';
    parts.push(text);
  }
  return parts.join('\n\n');
}

/** What a page may call the things that the question is about. */
function otherWordsFor({ terms, text }: Question, { page }: ModelInput): string {
  const groups = [...terms.flatMap(groupsOfStem), ...groupsInText(text).map(({ group }) => group)];
  const isSpaced = !/^(?:zh|ja)/.test(page?.lang ?? '');
  const words = [...new Set(groups)].flatMap(wordsOfGroup).filter((word) => /^[a-z]/.test(word) === isSpaced);
  return words.length > 0 ? words.join(' ') : text;
}

function decline(input: ModelInput, phrases: Phrases): string {
  const headings = headingsOf(input);
  const title = input.page?.title ?? '';
  const parts = [input.page?.partial ? phrases.declinesPart(title) : phrases.declines(title)];
  if (headings.length > 0) parts.push(`${phrases.covers}\n${headings.map((heading) => `- ${heading}`).join('\n')}`);
  return parts.join('\n\n');
}

function summarise(input: ModelInput, phrases: Phrases, hasOutline: boolean): Reply {
  const { page, passages } = input;
  if (!page) return { text: phrases.noText };
  const parts = [phrases.about(page.title), page.description];
  const first = passages.find(({ kind }) => kind === 'text');
  if (first && first.text !== page.description) parts.push(...quotePassages([first]).map(({ text }) => text));
  const headings = hasOutline ? [] : headingsOf(input);
  if (headings.length > 0) parts.push(`${phrases.covers}\n${headings.map((heading) => `- ${heading}`).join('\n')}`);
  const text = parts.filter((part) => part !== '').join('\n\n');
  return hasOutline ? { text, call: { name: 'show_outline', arguments: {} } } : { text };
}

const MAX_HEADINGS = 6;

/** The headings below the page's own, as far as they are few enough to read. */
function headingsOf({ page, passages }: ModelInput): string[] {
  const all = [...new Set(passages.map(({ headingPath }) => headingPath[1] ?? headingPath[0] ?? ''))];
  const listed = all.length > 1 ? all : (page?.headings ?? []);
  return listed.filter((heading) => heading !== '' && heading !== page?.title).slice(0, MAX_HEADINGS);
}
