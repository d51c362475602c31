import { type ComposerChoices, modelInUse } from '../composer-choices.ts';
import type { OutgoingMessage } from './chat.ts';
import type { ChatState, Emit } from './chat-state.ts';
import { contentOf, type DraftTag } from './draft.ts';
import { whatSendingWaitsFor } from './draft-attachment.ts';
import type { Observable } from './observable.ts';

export interface DraftWriter {
  setDraft: (text: string, tags?: readonly DraftTag[]) => void;
  setQuote: (quote: string | undefined) => void;
  /** Throws where the options do not offer it. */
  selectTool: (toolId: string | null) => void;
  /** Throws where the options do not offer it, or offer it as disabled. */
  selectModel: (modelId: string) => void;
  /** New options: a selected tool that they do not offer is cleared. */
  offer: (choices: ComposerChoices) => void;
  /** Sends the draft as it stands; not while a file of it is on its way, or has failed. */
  sendDraft: () => void;
}

interface DraftTools {
  chat: Observable<ChatState>;
  emit: Emit;
  isBusy: () => boolean;
  send: (message: OutgoingMessage) => Promise<void>;
}

/** The one writer of what the visitor has put together and not yet sent, but for its files. */
export function createDraftWriter({ chat, emit, isBusy, send }: DraftTools): DraftWriter {
  let offered: ComposerChoices = { tools: [], models: [] };
  const tool = (toolId: string | null) => offered.tools.find(({ id }) => id === toolId);

  function selectTool(toolId: string | null): void {
    if (toolId !== null && !tool(toolId)) throw new Error(`the options offer no tool "${toolId}"`);
    if (chat.get().toolId === toolId) return;
    chat.update({ toolId });
    emit('chatkit.tool.change', { toolId });
  }

  async function sendDraft(): Promise<void> {
    const { draft, tags, quote, attachments, toolId, modelId } = chat.get();
    const content = contentOf({ text: draft, tags });
    if ((content.length === 0 && attachments.length === 0) || isBusy() || whatSendingWaitsFor(attachments)) return;
    chat.update({ draft: '', tags: [], quote: undefined, attachments: [], note: undefined });
    const model = modelInUse(offered.models, modelId);
    const sent = send({
      content,
      quotedText: quote,
      attachments: attachments.flatMap(({ attachment }) => attachment ?? []),
      inferenceOptions: {
        ...(toolId === null ? {} : { tool_choice: { id: toolId } }),
        ...(model ? { model: model.id } : {}),
      },
    });
    if (toolId === null || tool(toolId)?.persistent) return;
    selectTool(null);
    await sent;
    // The message came back to the composer: so does what it was to be answered with.
    const { failure, toolId: since } = chat.get();
    if (failure?.retry === 'draft' && since === null && tool(toolId)) selectTool(toolId);
  }

  return {
    selectTool,
    setDraft: (draft, tags = []) => chat.update({ draft, tags }),
    setQuote: (quote) => chat.update({ quote }),
    selectModel(modelId) {
      if (modelInUse(offered.models, modelId)?.id !== modelId)
        throw new Error(`the options offer no model "${modelId}"`);
      chat.update({ modelId });
    },
    offer(choices) {
      offered = choices;
      const { toolId } = chat.get();
      if (!tool(toolId)) selectTool(null);
    },
    sendDraft: () => void sendDraft(),
  };
}
