import type { Language } from './question.ts';

export interface Phrases {
  greeting: (title: string) => string;
  thanks: string;
  says: string;
  saysUnder: (heading: string) => string;
  declines: (title: string) => string;
  /** Of a page that was read in part. */
  declinesPart: (title: string) => string;
  covers: string;
  about: (title: string) => string;
  noText: string;
  fileSays: (name: string) => string;
  fileBegins: (name: string) => string;
  /** Of files that do not answer. */
  filesSilent: (names: string[]) => string;
  /** Of files that only a model with eyes can read. */
  cannotSee: (names: string[]) => string;
}

/** What the built-in model says itself; everything else it says is quoted. */
export const PHRASES: Record<Language, Phrases> = {
  en: {
    greeting: (title) =>
      `Hello! Ask me anything about ${title === '' ? 'this page' : `“${title}”`}, and I will quote what the page says.`,
    thanks: 'You are welcome.',
    says: 'The page says:',
    saysUnder: (heading) => `Under “${heading}” the page says:`,
    declines: (title) => `This page${title === '' ? '' : ` (“${title}”)`} does not say.`,
    declinesPart: (title) =>
      `What I have read of this page${title === '' ? '' : ` (“${title}”)`}, which is long, does not say.`,
    covers: 'It covers:',
    about: (title) => `This page is “${title}”.`,
    noText: 'I answer from the page you are reading, and I was given no text of it, so I cannot say.',
    fileSays: (name) => `“${name}” says:`,
    fileBegins: (name) => `“${name}” begins:`,
    filesSilent: (names) => `${listOf(names, '“', '”', ', ')} ${names.length > 1 ? 'do' : 'does'} not say.`,
    cannotSee: (names) =>
      `I can read text files only, no images and no PDFs, so I do not know what ${listOf(names, '“', '”', ', ')} ${names.length > 1 ? 'show' : 'shows'}.`,
  },
  zh: {
    greeting: (title) =>
      `您好！关于${title === '' ? '本页' : `《${title}》`}的问题都可以问我，我会引用页面上的原文来回答。`,
    thanks: '不客气。',
    says: '页面上写道：',
    saysUnder: (heading) => `页面在“${heading}”一节写道：`,
    declines: (title) => `本页${title === '' ? '' : `《${title}》`}没有提到这一点。`,
    declinesPart: (title) => `本页${title === '' ? '' : `《${title}》`}很长，我读到的部分没有提到这一点。`,
    covers: '本页的内容有：',
    about: (title) => `这个页面是《${title}》。`,
    noText: '我只根据您正在阅读的页面回答，但没有得到页面的文字，所以无法回答。',
    fileSays: (name) => `《${name}》写道：`,
    fileBegins: (name) => `《${name}》的开头是：`,
    filesSilent: (names) => `${listOf(names, '《', '》', '')}没有提到这一点。`,
    cannotSee: (names) => `我只能读文本文件，看不了图片和 PDF，所以不知道${listOf(names, '《', '》', '')}的内容。`,
  },
  ja: {
    greeting: (title) =>
      `こんにちは。${title === '' ? 'このページ' : `「${title}」`}について何でもお尋ねください。ページの記載を引用してお答えします。`,
    thanks: 'どういたしまして。',
    says: 'ページには次のように書かれています。',
    saysUnder: (heading) => `「${heading}」に次のように書かれています。`,
    declines: (title) => `このページ${title === '' ? '' : `（「${title}」）`}には書かれていません。`,
    declinesPart: (title) =>
      `このページ${title === '' ? '' : `（「${title}」）`}は長く、読んだ範囲には書かれていませんでした。`,
    covers: 'このページの内容:',
    about: (title) => `このページは「${title}」です。`,
    noText: 'お読みのページをもとにお答えしますが、ページの本文を受け取っていないため、お答えできません。',
    fileSays: (name) => `「${name}」には次のように書かれています。`,
    fileBegins: (name) => `「${name}」の冒頭です。`,
    filesSilent: (names) => `${listOf(names, '「', '」', '')}には書かれていません。`,
    cannotSee: (names) =>
      `読めるのはテキストファイルだけで、画像と PDF は見ることができません。${listOf(names, '「', '」', '')}の内容はわかりません。`,
  },
};

function listOf(names: string[], open: string, close: string, between: string): string {
  return names.map((name) => `${open}${name}${close}`).join(between);
}
