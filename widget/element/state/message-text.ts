import type { UserMessageContent } from '../../../protocol/item.ts';

/** The visitor's message as plain text, tags by their label. */
export function messageText(content: readonly UserMessageContent[]): string {
  return content.map((part) => part.text).join('');
}
