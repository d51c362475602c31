import type { Settings } from '../options.ts';
import type { Chat } from '../state/chat.ts';
import type { ChatState } from '../state/chat-state.ts';
import type { Strings } from '../strings/en.ts';
import { HeaderActionSlot } from './header-action-slot.tsx';
import { Heading } from './heading.tsx';
import { Icon } from './icon.tsx';

interface HeaderProps {
  state: ChatState;
  chat: Chat;
  settings: Settings;
  strings: Strings;
  historyButton: { current: HTMLButtonElement | null };
  onNewChat: () => void;
}

export function Header({ state, chat, settings, strings, historyButton, onNewChat }: HeaderProps) {
  const { header } = settings;
  if (!header.enabled) return null;
  const inHistory = state.layer === 'history';
  const title = inHistory ? strings.history : (header.title.text ?? state.thread?.title ?? '');
  const toggle = inHistory ? strings.closeHistory : strings.history;
  const isNew = state.threadId === null && !state.turn;
  const shown = title && (header.title.enabled || inHistory);
  return (
    <div class="header" part="header">
      {header.leftAction && <HeaderActionSlot action={header.leftAction} strings={strings} />}
      {settings.history.enabled && (
        <button
          type="button"
          class="ghost"
          part="history-button"
          ref={historyButton}
          aria-label={toggle}
          title={toggle}
          aria-expanded={inHistory}
          onClick={inHistory ? chat.hideHistory : chat.showHistory}
        >
          <Icon name={inHistory ? 'back' : 'history'} />
        </button>
      )}
      {/* A thread has its heading even where none is to be seen: the messages' own stand one level below it. */}
      {(shown || !isNew) && (
        <Heading below={0} class={shown ? 'title' : 'visually-hidden'} dir="auto">
          {title || strings.untitled}
        </Heading>
      )}
      <button
        type="button"
        class="ghost new-chat"
        part="new-thread-button"
        aria-label={strings.newChat}
        title={strings.newChat}
        disabled={isNew && !inHistory}
        onClick={onNewChat}
      >
        <Icon name="compose" />
      </button>
      {header.rightAction && <HeaderActionSlot action={header.rightAction} strings={strings} />}
    </div>
  );
}
