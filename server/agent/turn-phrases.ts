import type { Language } from './builtin/question.ts';

/** What the assistant says about its own work, in the language of the question. */
export interface TurnPhrases {
  readingMore: string;
  readMore: string;
  onThisPage: string;
  limitReached: string;
}

export const TURN_PHRASES: Record<Language, TurnPhrases> = {
  en: {
    readingMore: 'Reading more of the page…',
    readMore: 'Read more of the page',
    onThisPage: 'On this page',
    limitReached: 'The assistant has stopped: this took more steps than one answer may have.',
  },
  zh: {
    readingMore: '正在阅读页面的更多内容…',
    readMore: '阅读了页面的更多内容',
    onThisPage: '本页内容',
    limitReached: '助手已停止：所需步骤超过了一次回答的上限。',
  },
  ja: {
    readingMore: 'ページの続きを読んでいます…',
    readMore: 'ページの続きを読みました',
    onThisPage: 'このページの内容',
    limitReached: '1 回の回答で許される手順数を超えたため、アシスタントは停止しました。',
  },
};
