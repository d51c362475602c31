import { useRef } from 'preact/hooks';
import type { AttachmentLimits } from '../attachment-limits.ts';
import type { Strings } from '../strings/en.ts';
import { Strokes } from './icon.tsx';

const CLIP = 'm16 9-6 6a3.6 3.6 0 0 1-5-5l6-6a2.4 2.4 0 0 1 3.5 3.5l-6 6a1.2 1.2 0 0 1-2-2l5.5-5.5';

export interface AttachButtonProps {
  limits: AttachmentLimits;
  strings: Strings;
  disabled: boolean;
  buttonRef: { current: HTMLButtonElement | null };
  onFiles: (files: File[]) => void;
}

/** Opens the browser's own dialog; its input is there for that alone, out of reach for keys and screen readers. */
export function AttachButton({ limits, strings, disabled, buttonRef, onFiles }: AttachButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        class="ghost"
        aria-label={strings.attach}
        title={strings.attach}
        disabled={disabled}
        ref={buttonRef}
        onClick={() => input.current?.click()}
      >
        <Strokes d={CLIP} />
      </button>
      <input
        type="file"
        hidden
        multiple={limits.maxCount > 1}
        accept={limits.accept.flat().join()}
        ref={input}
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])]);
          // Or the same file could not be chosen again.
          currentTarget.value = '';
        }}
      />
    </>
  );
}
