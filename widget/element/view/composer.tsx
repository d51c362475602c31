import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Dictation } from '../dictation/dictation.tsx';
import type { Settings } from '../options.ts';
import type { Chat } from '../state/chat.ts';
import type { ChatState } from '../state/chat-state.ts';
import { tagLabel } from '../state/draft.ts';
import { whatSendingWaitsFor } from '../state/draft-attachment.ts';
import { openQuestions } from '../state/structured-input.ts';
import type { Strings } from '../strings/en.ts';
import { AttachButtonSlot, AttachmentTilesSlot } from './attachment-slots.tsx';
import { Icon } from './icon.tsx';
import { Markdown } from './markdown.tsx';
import { transferredFiles } from './transferred-files.ts';
import { useChunk } from './use-chunk.ts';

interface ComposerProps {
  state: ChatState;
  chat: Chat;
  settings: Settings;
  strings: Strings;
  inputRef: (node: HTMLElement | null) => void;
  /** What had the focus is done with and goes away. */
  onMoveOn: () => void;
}

// Chunks of their own, like the dictation: a conversation in plain text needs neither.
const loadExtras = () => import('../composer/extras.ts');
const loadQuestions = () => import('../structured-input/question-form.tsx');

/** Whether this browser, on this page, can record at all. */
const canRecord = typeof MediaRecorder === 'function' && navigator.mediaDevices !== undefined;

export function Composer({ state, chat, settings, strings, inputRef, onMoveOn }: ComposerProps) {
  const { draft, tags, quote, toolId, attachments, note, turn, loading, thread } = state;
  const [Dictating, setDictating] = useState<typeof Dictation>();
  const input = useRef<HTMLTextAreaElement | null>(null);
  const attachButton = useRef<HTMLButtonElement | null>(null);
  const microphone = useRef<HTMLButtonElement>(null);
  const shift = useRef(false);
  const limits = settings.attachments;
  const status = thread?.status ?? { type: 'active' };
  const isFine = matchMedia('(pointer: fine)').matches;
  const { choices, mentions, commands } = settings;
  const hasBar = choices.tools.length > 0 || choices.models.length > 0 || mentions?.button === true;
  const extras = useChunk(loadExtras, hasBar || (mentions ?? commands ?? thread ?? quote ?? tags[0]) !== undefined);
  const questions = turn || loading || status.type !== 'active' ? undefined : openQuestions(thread);
  const { QuestionForm } = useChunk(loadQuestions, questions !== undefined) ?? {};
  const bar = extras && hasBar && !Dictating;

  useLayoutEffect(() => {
    const node = input.current;
    if (!node || CSS.supports('field-sizing', 'content')) return;
    node.style.height = 'auto';
    node.style.height = `${node.scrollHeight}px`;
  }, [draft, Dictating, bar]);

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

  /** What moves tags with their text is of the chunk. Before it is here, one stays while its words stand where they did. */
  function takeText({ value, selectionEnd }: HTMLTextAreaElement): void {
    const { draft, tags } = chat.state.get();
    const edited = extras?.editDraft({ text: draft, tags }, value, selectionEnd);
    const standing = tags.filter(({ start, tag }) => value.startsWith(tagLabel(tag), start));
    chat.setDraft(edited?.text ?? value, edited?.tags ?? standing);
  }

  /** At the caret, as if typed; apart from a word before it. */
  function insert(text: string): void {
    const node = input.current;
    if (!node || !text) return;
    const { selectionStart, selectionEnd, value } = node;
    const gap = /\S$/.test(value.slice(0, selectionStart)) ? ' ' : '';
    node.setRangeText(gap + text, selectionStart, selectionEnd, 'end');
    takeText(node);
  }

  function removeQuote(): void {
    chat.setQuote(undefined);
    input.current?.focus();
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

  if (status.type === 'closed')
    return (
      <p class="closed" dir="auto">
        {status.reason ?? strings.closed}
      </p>
    );
  const locked = status.type === 'locked';
  const override = choices.tools.find(({ id }) => id === toolId)?.placeholderOverride;
  const placeholder = locked
    ? (status.reason ?? strings.locked)
    : override || (settings.placeholder ?? strings.placeholder);
  const waitsFor = whatSendingWaitsFor(attachments);
  const dictation = settings.dictation && canRecord ? dictate : undefined;
  const pickFiles = limits && (() => attachButton.current?.click());
  const shared = { state, chat, settings, strings, input, onAttach: pickFiles, onDictate: dictation };
  const attach = limits && !Dictating && (
    <AttachButtonSlot limits={limits} strings={strings} disabled={locked} buttonRef={attachButton} onFiles={addFiles} />
  );
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
      {questions && QuestionForm && (
        <QuestionForm
          key={questions.id}
          item={questions}
          chat={chat}
          strings={strings}
          inputRef={inputRef}
          onDone={onMoveOn}
        />
      )}
      <form
        class="composer"
        part="input-container"
        hidden={QuestionForm !== undefined}
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
        {extras && quote !== undefined && (
          <extras.QuotePreview quote={quote} strings={strings} onRemove={removeQuote} />
        )}
        {Dictating && <Dictating chat={chat} strings={strings} onEnd={stopDictating} />}
        {!bar && attach}
        <div class="field" hidden={Dictating !== undefined}>
          {extras && <extras.TagBackdrop text={draft} tags={tags} />}
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
              if (!QuestionForm) inputRef(node);
            }}
            onInput={({ currentTarget }) => takeText(currentTarget)}
            onKeyDown={onKeyDown}
            onBeforeInput={onBeforeInput}
          />
        </div>
        {bar && attach}
        {bar && <extras.Toolbar {...shared} disabled={locked} />}
        {extras && <extras.Layers {...shared} />}
        {dictation && !Dictating && (
          <button
            type="button"
            class="ghost"
            aria-label={strings.dictate}
            title={strings.dictate}
            disabled={locked}
            ref={microphone}
            onClick={dictation}
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
