import type { Language } from './builtin/question.ts';

/** What the assistant says about its own work, in the language of the question. */
export interface TurnPhrases {
  readingMore: string;
  readMore: string;
  onThisPage: string;
}

export const TURN_PHRASES: Record<Language, TurnPhrases> = {
  en: { readingMore: 'Reading more of the page…', readMore: 'Read more of the page', onThisPage: 'On this page' },
  zh: { readingMore: '正在阅读页面的更多内容…', readMore: '阅读了页面的更多内容', onThisPage: '本页内容' },
  ja: {
    readingMore: 'ページの続きを読んでいます…',
    readMore: 'ページの続きを読みました',
    onThisPage: 'このページの内容',
  },
};
