import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Chat } from '../state/chat.ts';
import type { ComposerNote } from '../state/chat-state.ts';
import type { Strings } from '../strings/en.ts';
import css from '../styles/dictation.css?inline';
import { addSheet } from '../styles/sheets.ts';
import { Icon } from '../view/icon.tsx';
import { type Recording, recordAudio } from './record-audio.ts';

interface DictationProps {
  chat: Chat;
  strings: Strings;
  /** It is over. Without text when it was cancelled, or when it failed: then the composer's note says why. */
  onEnd: (text: string) => void;
}

/** As many as fit; each stands for a tenth of a second. */
const BARS = 120;
const TENTH = 100;

/** One dictation, from the question for the microphone to the text. Loaded at the first press of its button. */
export function Dictation({ chat, strings, onEnd }: DictationProps) {
  const [step, setStep] = useState<'askingMicrophone' | 'recording' | 'transcribing'>('askingMicrophone');
  const [{ seconds, levels }, setHeard] = useState({ seconds: 0, levels: [] as number[] });
  const recording = useRef<Recording>(undefined);
  const finish = useRef<HTMLButtonElement>(null);
  const isRecording = step === 'recording';

  useLayoutEffect(() => {
    addSheet(finish.current, css);
    finish.current?.focus();
  }, []);

  useEffect(() => {
    const abort = new AbortController();
    void dictate(abort.signal);
    // Cancelled, or the element has left the document.
    return () => abort.abort();
  }, []);

  useEffect(() => {
    if (!isRecording) return;
    const began = Date.now();
    const timer = setInterval(() => {
      const level = recording.current?.level() ?? 0;
      setHeard(({ levels }) => ({
        seconds: Math.floor((Date.now() - began) / 1000),
        levels: [...levels, level].slice(-BARS),
      }));
    }, TENTH);
    return () => clearInterval(timer);
  }, [isRecording]);

  async function dictate(signal: AbortSignal): Promise<void> {
    let text = '';
    let note: ComposerNote | undefined;
    try {
      recording.current = await recordAudio(signal);
      setStep('recording');
      const audio = await recording.current.audio;
      setStep('transcribing');
      text = await chat.transcribe(await base64(audio), audio.type, signal);
      if (!text) note = ({ nothingHeard }) => nothingHeard;
    } catch (error) {
      note = noteOf(error);
    }
    if (signal.aborted) return;
    chat.setNote(note);
    onEnd(text);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    // Only the recording ends: the panel around the element must not hear of this one.
    event.stopPropagation();
    event.preventDefault();
    onEnd('');
  }

  return (
    <div class="dictation" onKeyDown={onKeyDown}>
      <button
        type="button"
        class="ghost"
        aria-label={strings.cancelDictation}
        title={strings.cancelDictation}
        onClick={() => onEnd('')}
      >
        <Icon name="close" />
      </button>
      <span class={isRecording ? 'visually-hidden' : 'step-words'} role="status">
        {strings[step]}
      </span>
      {isRecording && (
        <>
          <span class="live" aria-hidden="true" />
          <span class="levels" aria-hidden="true">
            {levels.map((level) => (
              <i style={{ height: `${Math.round(level * 100)}%` }} />
            ))}
          </span>
          <span role="timer" aria-live="off">
            {Math.floor(seconds / 60)}:{String(seconds % 60).padStart(2, '0')}
          </span>
        </>
      )}
      {/* Never disabled: it would drop the focus. */}
      <button
        type="button"
        class="send"
        aria-label={strings.finishDictation}
        title={strings.finishDictation}
        aria-disabled={!isRecording}
        ref={finish}
        onClick={() => recording.current?.stop()}
      >
        <Icon name="check" />
      </button>
    </div>
  );
}

function noteOf(error: unknown): ComposerNote {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return (strings) => strings.microphoneBlocked;
  if (name === 'NotFoundError') return (strings) => strings.microphoneMissing;
  return (strings) => strings.dictationFailed;
}

function base64(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve((reader.result as string).split(',').at(-1) ?? ''));
    reader.addEventListener('error', () => reject(reader.error ?? new Error('the recording cannot be read')));
    reader.readAsDataURL(blob);
  });
}
