import { useRef } from 'preact/hooks';
import type { AttachmentLimits } from '../attachment-limits.ts';
import type { Strings } from '../strings/en.ts';
import { Icon } from './icon.tsx';

interface AttachButtonProps {
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
        <Icon name="attach" />
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
