import type { Attachment } from '../../protocol/item.ts';
import type { Chat } from './state/chat.ts';

/** What has been put into the composer and not been sent yet. */
export interface ComposerValue {
  text: string;
  /** Those that are on the server already. */
  attachments: Attachment[];
}

/** What ours can do beyond the contract. */
export interface Extensions {
  getComposerValue: () => ComposerValue;
  /** Ends the running turn as the Stop button does, and keeps what was said. Nothing where none runs. */
  stop: () => void;
}

/** All of it under one name of ours: `element.pagewise?.stop()` is safe with an element that does not have it. */
export function createExtensions(chat: Chat): Extensions {
  return {
    getComposerValue() {
      const { draft, attachments } = chat.state.get();
      return { text: draft, attachments: attachments.flatMap(({ attachment }) => attachment ?? []) };
    },
    stop: chat.stop,
  };
}
