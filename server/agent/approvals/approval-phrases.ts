import type { Language } from '../builtin/question.ts';

/** What came of a question. */
export type Settlement = 'done' | 'failed' | 'unknown' | 'declined' | 'expired';

/** What a card says of itself, in the language of the visitor's question. */
export interface ApprovalPhrases extends Record<Settlement, string> {
  asks: string;
  asked: string;
  approve: string;
  decline: string;
  noArguments: string;
}

export const APPROVAL_PHRASES: Record<Language, ApprovalPhrases> = {
  en: {
    asks: 'May I do this for you?',
    asked: 'You were asked',
    approve: 'Approve',
    decline: 'Decline',
    noArguments: 'No further details.',
    done: 'You approved it, and it was done.',
    failed: 'You approved it, and it failed.',
    unknown: 'You approved it. Whether it was done is not known, and it is not tried again.',
    declined: 'You declined. Nothing was done.',
    expired: 'The question is too old to be approved. Nothing was done.',
  },
  zh: {
    asks: '可以为您执行此操作吗？',
    asked: '曾向您询问',
    approve: '同意',
    decline: '拒绝',
    noArguments: '没有更多细节。',
    done: '您已同意，操作已完成。',
    failed: '您已同意，但操作失败。',
    unknown: '您已同意。操作是否完成尚不清楚，不会再次尝试。',
    declined: '您已拒绝。未执行任何操作。',
    expired: '此询问已过期，不能再同意。未执行任何操作。',
  },
  ja: {
    asks: 'この操作を実行してもよいですか？',
    asked: '確認した内容',
    approve: '承認する',
    decline: '拒否する',
    noArguments: '詳細はありません。',
    done: '承認され、実行されました。',
    failed: '承認されましたが、失敗しました。',
    unknown: '承認されました。実行されたかどうかは不明で、再度実行されることはありません。',
    declined: '拒否されました。何も実行されていません。',
    expired: 'この確認は古いため承認できません。何も実行されていません。',
  },
};
