import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Dictation } from '../dictation/dictation.tsx';
import type { Settings } from '../options.ts';
import type { Chat } from '../state/chat.ts';
import type { ChatState } from '../state/chat-state.ts';
import { whatSendingWaitsFor } from '../state/draft-attachment.ts';
import type { Strings } from '../strings/en.ts';
import { AttachButton } from './attach-button.tsx';
import { AttachmentTilesSlot } from './attachment-slots.tsx';
import { Icon } from './icon.tsx';
import { Markdown } from './markdown.tsx';
import { transferredFiles } from './transferred-files.ts';

interface ComposerProps {
  state: ChatState;
  chat: Chat;
  settings: Settings;
  strings: Strings;
  inputRef: (node: HTMLTextAreaElement | null) => void;
}

/** Whether this browser, on this page, can record at all. */
const canRecord = typeof MediaRecorder === 'function' && navigator.mediaDevices !== undefined;

export function Composer({ state, chat, settings, strings, inputRef }: ComposerProps) {
  const { draft, attachments, note, turn, loading, thread } = state;
  const [Dictating, setDictating] = useState<typeof Dictation>();
  const input = useRef<HTMLTextAreaElement | null>(null);
  const attachButton = useRef<HTMLButtonElement | null>(null);
  const microphone = useRef<HTMLButtonElement>(null);
  const shift = useRef(false);
  const limits = settings.attachments;
  const status = thread?.status ?? { type: 'active' };
  const isFine = matchMedia('(pointer: fine)').matches;

  useLayoutEffect(() => {
    const node = input.current;
    if (!node || CSS.supports('field-sizing', 'content')) return;
    node.style.height = 'auto';
    node.style.height = `${node.scrollHeight}px`;
  }, [draft, Dictating]);

  function dictate(): void {
    chat.setNote(undefined);
    import('../dictation/dictation.tsx').then(
      ({ Dictation }) => setDictating(() => Dictation),
      () => chat.setNote((strings) => strings.unavailable),
    );
  }

  function stopDictating(text: string): void {
    insert(text);
    setDictating(undefined);
    setTimeout(() => {
      // Unless the reader has gone on to something else. Where a keyboard would cover the text, to the button pressed.
      if (document.activeElement === document.body) (isFine ? input : microphone).current?.focus();
    });
  }

  function addFiles(files: File[]): void {
    if (limits) void chat.changeAttachments((all) => all.add(files, limits));
    if (isFine) input.current?.focus();
  }

  function onPaste(event: ClipboardEvent): void {
    const data = event.clipboardData;
    if (!limits || !data?.types.includes('Files')) return;
    // A table of a spreadsheet comes with a picture of itself: the words are meant.
    if (data.types.includes('text/plain') && data.types.includes('text/html')) return;
    event.preventDefault();
    addFiles(transferredFiles(data));
  }

  /** At the caret, as if typed; apart from a word before it. */
  function insert(text: string): void {
    const node = input.current;
    if (!node || !text) return;
    const { selectionStart, selectionEnd, value } = node;
    const gap = /\S$/.test(value.slice(0, selectionStart)) ? ' ' : '';
    node.setRangeText(gap + text, selectionStart, selectionEnd, 'end');
    chat.setDraft(node.value);
  }

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
  const waitsFor = whatSendingWaitsFor(attachments);
  return (
    <div class="foot" part="composer">
      <div role="status">
        {note && (
          <p class="note" dir="auto">
            {note(strings, strings.locale)}
          </p>
        )}
        {attachments.length > 0 && (
          <span class="visually-hidden" id="files">
            {strings[waitsFor ?? 'uploaded']}
          </span>
        )}
      </div>
      <form
        class="composer"
        part="input-container"
        onPaste={onPaste}
        onSubmit={(event) => {
          event.preventDefault();
          chat.sendDraft();
        }}
      >
        {attachments.length > 0 && (
          <AttachmentTilesSlot
            files={attachments}
            chat={chat}
            strings={strings}
            locale={strings.locale}
            onEmpty={() => attachButton.current?.focus()}
          />
        )}
        {Dictating && <Dictating chat={chat} strings={strings} onEnd={stopDictating} />}
        {limits && !Dictating && (
          <AttachButton
            limits={limits}
            strings={strings}
            disabled={locked}
            buttonRef={attachButton}
            onFiles={addFiles}
          />
        )}
        <textarea
          part="composer-input"
          rows={1}
          dir="auto"
          enterkeyhint="send"
          aria-label={strings.message}
          placeholder={placeholder}
          disabled={locked}
          value={draft}
          hidden={Dictating !== undefined}
          ref={(node) => {
            input.current = node;
            inputRef(node);
          }}
          onInput={(event) => chat.setDraft(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onBeforeInput={onBeforeInput}
        />
        {settings.dictation && !Dictating && canRecord && (
          <button
            type="button"
            class="ghost"
            aria-label={strings.dictate}
            title={strings.dictate}
            disabled={locked}
            ref={microphone}
            onClick={dictate}
          >
            <Icon name="microphone" />
          </button>
        )}
        {Dictating ? null : turn?.allowCancel ? (
          <button type="button" class="send" aria-label={strings.stop} title={strings.stop} onClick={chat.stop}>
            <Icon name="stop" />
          </button>
        ) : (
          <button
            type="submit"
            class="send"
            aria-label={strings.send}
            title={waitsFor ? strings[waitsFor] : strings.send}
            // Within reach while a file is on its way, so that the reason can be read.
            aria-disabled={waitsFor !== undefined}
            aria-describedby={waitsFor && 'files'}
            disabled={(draft.trim() === '' && attachments.length === 0) || loading || turn !== undefined || locked}
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
