import type { ThreadItem } from '../../../protocol/item.ts';
import { type Language, languageOf } from '../builtin/question.ts';
import { textOfUserMessage } from '../history.ts';

/** The language of the visitor's newest message among these items of a thread, newest first. */
export function languageOfThread(newestFirst: ThreadItem[]): Language {
  const question = newestFirst.find((item) => item.type === 'user_message');
  return languageOf(question ? textOfUserMessage(question) : '');
}
