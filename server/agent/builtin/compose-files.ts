import type { ModelFile, ModelInput } from '../model-input.ts';
import { choosePassages } from './choose.ts';
import type { Reply } from './compose.ts';
import { PHRASES, type Phrases } from './phrases.ts';
import { readQuestion } from './question.ts';
import { quotePassages } from './quote.ts';

/** How much of a file is shown when nothing in it was asked for. */
const FIRST_PASSAGES = 2;
/** Words that ask for a file as such: without them nothing is left that it could be searched for. */
const ASKS_FOR_FILE = new RegExp(
  [
    String.raw`\b(?:files?|attach(?:ed|ments?)?|documents?|upload(?:ed)?|images?|pictures?|photos?|screenshots?|pdfs?|csv|json)\b`,
    String.raw`\b(?:shows?|shown|describe|contains?|says?|tell|read|look|see)\b`,
    '文件|附件|文档|图片|照片|截图|图像|内容|描述|ファイル|添付|書類|画像|写真|スクリーンショット|内容|説明',
  ].join('|'),
  'giu',
);

/**
 * A reply to a message with files: from their text if that answers, else from the page, and plainly what could not be
 * read. `fromPage` makes the reply that the message would have without them.
 */
export function composeFromFiles(input: ModelInput, fromPage: () => Reply): Reply {
  const question = readQuestion(input.question);
  if (question.kind === 'greeting' || question.kind === 'thanks') return fromPage();
  const phrases = PHRASES[question.language];
  const texts = input.files.filter(({ passages }) => passages.length > 0);
  const unseen = input.files.filter(({ passages }) => passages.length === 0);
  const parts = unseen.length > 0 ? [phrases.cannotSee(unseen.map(({ name }) => name))] : [];
  const isAboutFiles =
    question.kind === 'summary' || readQuestion(input.question.replace(ASKS_FOR_FILE, ' ')).terms.length === 0;
  const fromFiles = isAboutFiles ? begin(texts, phrases) : answer(texts, input, phrases);
  if (fromFiles.length > 0 || isAboutFiles) return { text: [...parts, ...fromFiles].join('\n\n') };
  if (texts.length > 0) parts.push(phrases.filesSilent(texts.map(({ name }) => name)));
  const { text, call } = fromPage();
  return { text: [...parts, text].filter((part) => part !== '').join('\n\n'), ...(call && { call }) };
}

function begin(files: ModelFile[], phrases: Phrases): string[] {
  return files.flatMap(({ name, passages }) => [
    phrases.fileBegins(name),
    ...quotePassages(passages.slice(0, FIRST_PASSAGES)).map(({ text }) => text),
  ]);
}

function answer(files: ModelFile[], { question, history, quoted }: ModelInput, phrases: Phrases): string[] {
  const asked = readQuestion(question);
  const around = { question, history, files: [], ...(quoted !== undefined && { quoted }) };
  return files.flatMap(({ name, passages }) => {
    const { passages: chosen } = choosePassages(asked, { ...around, passages });
    return chosen.length === 0 ? [] : [phrases.fileSays(name), ...quotePassages(chosen).map(({ text }) => text)];
  });
}
