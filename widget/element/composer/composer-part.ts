import type { Settings } from '../options.ts';
import type { Chat } from '../state/chat.ts';
import type { ChatState } from '../state/chat-state.ts';
import type { Strings } from '../strings/en.ts';

/** What the parts of this chunk are drawn with. */
export interface ComposerPart {
  state: ChatState;
  chat: Chat;
  settings: Settings;
  strings: Strings;
  input: { readonly current: HTMLTextAreaElement | null };
  /** Opens the dialog for files; undefined where none are taken. */
  onAttach: (() => void) | undefined;
  /** Undefined where there is no dictation. */
  onDictate: (() => void) | undefined;
}
