import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Settings } from '../options.ts';
import type { Chat } from '../state/chat.ts';
import type { ChatState } from '../state/chat-state.ts';
import type { Strings } from '../strings/en.ts';
import { themeTokens } from '../styles/theme-tokens.ts';
import { Announcer } from './announcer.tsx';
import { Composer } from './composer.tsx';
import { Header } from './header.tsx';
import { HistorySlot } from './history-slot.tsx';
import { keepTyped } from './keep-typed.ts';
import { StartScreen } from './start-screen.tsx';
import { ThreadView } from './thread-view.tsx';
import { useFileDrop } from './use-file-drop.ts';
import { useKeyboardInset } from './use-keyboard-inset.ts';

interface AppProps {
  state: ChatState;
  chat: Chat;
  settings: Settings;
  strings: Strings;
  composerRef: (node: HTMLElement | null) => void;
}

/** The whole element: header, conversation or start screen, composer, and the history as a layer above them. */
export function App({ state, chat, settings, strings, composerRef }: AppProps) {
  const root = useRef<HTMLElement>(null);
  const composer = useRef<HTMLElement | null>(null);
  const historyButton = useRef<HTMLButtonElement | null>(null);
  const name = settings.frameTitle ?? strings.chat;
  const { theme } = settings;
  const tokens = useMemo(() => themeTokens(theme), [theme]);
  const inHistory = state.layer === 'history';
  const limits = settings.attachments;
  const takesFiles = !inHistory && (state.thread?.status.type ?? 'active') === 'active';
  const takeFiles = (files: File[]) => limits && void chat.changeAttachments((all) => all.add(files, limits));
  const drop = useFileDrop(limits && takesFiles ? takeFiles : undefined);

  useEffect(() => {
    const sources = theme.typography?.fontSources;
    if (Array.isArray(sources)) void import('../styles/load-fonts.ts').then(({ loadFonts }) => loadFonts(sources));
  }, [theme]);

  useKeyboardInset(root);

  if (settings.problem)
    return (
      <section class="chat" aria-label={name} lang={strings.locale} dir={strings.dir} style={tokens}>
        <div class="start">
          <p role="alert">{strings[settings.problem]}</p>
        </div>
      </section>
    );

  const isNew = state.threadId === null && !state.pending && !state.turn && !state.thread;

  /** After a choice the focus goes on: to the composer, or where that would open a keyboard, to the conversation. */
  function moveOn(): void {
    const fine = matchMedia('(pointer: fine)').matches;
    // After this task's drawing: the target may be inert or not there yet.
    setTimeout(() => {
      const target = fine ? composer.current : root.current?.querySelector<HTMLElement>('.scroller');
      (target ?? composer.current)?.focus({ preventScroll: true });
    });
  }

  function onKeyDown(event: KeyboardEvent): void {
    keepTyped(event);
    if (event.key !== 'Escape' || event.isComposing || !inHistory) return;
    // Only the top layer closes: the panel around the element must not hear of this one.
    event.stopPropagation();
    event.preventDefault();
    chat.hideHistory();
    (historyButton.current ?? composer.current)?.focus();
  }

  return (
    <section
      class="chat"
      aria-label={name}
      lang={strings.locale}
      dir={strings.dir}
      style={tokens}
      ref={root}
      onKeyDown={onKeyDown}
      onKeyPress={keepTyped}
      onKeyUp={keepTyped}
      {...(limits && drop.handlers)}
    >
      <Header
        state={state}
        chat={chat}
        settings={settings}
        strings={strings}
        historyButton={historyButton}
        onNewChat={() => {
          void chat.openThread(null);
          moveOn();
        }}
      />
      <div class="body">
        <div class="main" inert={inHistory}>
          {isNew ? (
            <StartScreen settings={settings} strings={strings} chat={chat} failure={state.failure} onSent={moveOn} />
          ) : (
            <ThreadView state={state} chat={chat} settings={settings} strings={strings} />
          )}
          <Composer
            state={state}
            chat={chat}
            settings={settings}
            strings={strings}
            onMoveOn={moveOn}
            inputRef={(node) => {
              composer.current = node;
              composerRef(node);
            }}
          />
        </div>
        {inHistory && (
          <HistorySlot
            state={state}
            chat={chat}
            settings={settings}
            strings={strings}
            onOpen={(threadId) => {
              if (threadId === state.threadId) chat.hideHistory();
              else void chat.openThread(threadId).catch(() => undefined);
              moveOn();
            }}
          />
        )}
      </div>
      {drop.isOver && (
        <div class="drop" aria-hidden="true">
          {strings.drop}
        </div>
      )}
      <Announcer state={state} locale={strings.locale} strings={strings} />
    </section>
  );
}
