import type { Attachment, UserMessageContent } from '../../protocol/item.ts';
import type { Chat } from './state/chat.ts';
import { contentOf } from './state/draft.ts';

/** What has been put into the composer and not been sent yet. */
export interface ComposerValue {
  text: string;
  /** The text as it would be sent: in parts, where it names something of the host's. */
  content: UserMessageContent[];
  reply: string | undefined;
  /** Those that are on the server already. */
  attachments: Attachment[];
  selectedToolId: string | null;
  /** Undefined for the default model. */
  selectedModelId: string | undefined;
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
      const { draft: text, tags, quote: reply, attachments, toolId, modelId } = chat.state.get();
      return {
        text,
        content: contentOf({ text, tags }),
        reply,
        attachments: attachments.flatMap(({ attachment }) => attachment ?? []),
        selectedToolId: toolId,
        selectedModelId: modelId,
      };
    },
    stop: chat.stop,
  };
}
