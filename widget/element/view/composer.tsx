import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Settings } from '../options.ts';
import type { Chat } from '../state/chat.ts';
import type { ChatState } from '../state/chat-state.ts';
import type { Strings } from '../strings/en.ts';
import { Icon } from './icon.tsx';
import { Markdown } from './markdown.tsx';

interface ComposerProps {
  state: ChatState;
  chat: Chat;
  settings: Settings;
  strings: Strings;
  inputRef: (node: HTMLTextAreaElement | null) => void;
}

export function Composer({ state, chat, settings, strings, inputRef }: ComposerProps) {
  const { draft, turn, loading, thread } = state;
  const input = useRef<HTMLTextAreaElement | null>(null);
  const shift = useRef(false);
  const status = thread?.status ?? { type: 'active' };

  useLayoutEffect(() => {
    const node = input.current;
    if (!node || CSS.supports('field-sizing', 'content')) return;
    node.style.height = 'auto';
    node.style.height = `${node.scrollHeight}px`;
  }, [draft]);

  /** An Enter that ends a composition belongs to the input method: Japanese and Chinese only commit their text by it. */
  function onKeyDown(event: KeyboardEvent): void {
    shift.current = event.shiftKey;
    if (event.key !== 'Enter' || event.shiftKey || event.altKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    chat.sendDraft();
  }

  /** A Korean one commits and passes the Enter on: it arrives here as a line break that no key of ours asked for. */
  function onBeforeInput(event: InputEvent): void {
    if (event.inputType !== 'insertLineBreak' || shift.current || event.isComposing) return;
    event.preventDefault();
    chat.sendDraft();
  }

  if (status.type === 'closed') return <p class="closed">{status.reason ?? strings.closed}</p>;
  const locked = status.type === 'locked';
  const placeholder = locked ? (status.reason ?? strings.locked) : (settings.placeholder ?? strings.placeholder);
  return (
    <div class="foot" part="composer">
      <form
        class="composer"
        part="input-container"
        onSubmit={(event) => {
          event.preventDefault();
          chat.sendDraft();
        }}
      >
        <textarea
          part="composer-input"
          rows={1}
          dir="auto"
          enterkeyhint="send"
          aria-label={strings.message}
          placeholder={placeholder}
          disabled={locked}
          value={draft}
          ref={(node) => {
            input.current = node;
            inputRef(node);
          }}
          onInput={(event) => chat.setDraft(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onBeforeInput={onBeforeInput}
        />
        {turn?.allowCancel ? (
          <button type="button" class="send" aria-label={strings.stop} title={strings.stop} onClick={chat.stop}>
            <Icon name="stop" />
          </button>
        ) : (
          <button
            type="submit"
            class="send"
            aria-label={strings.send}
            title={strings.send}
            disabled={draft.trim() === '' || loading || turn !== undefined || locked}
          >
            <Icon name="send" />
          </button>
        )}
      </form>
      {settings.disclaimer && (
        <div class={settings.disclaimer.highContrast ? 'disclaimer strong' : 'disclaimer'} dir="auto">
          <Markdown
            text={settings.disclaimer.text}
            streaming={false}
            sources={[]}
            imageDomains={undefined}
            strings={strings}
          />
        </div>
      )}
    </div>
  );
}
