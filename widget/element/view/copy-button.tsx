import { useEffect, useState } from 'preact/hooks';
import type { Strings } from '../strings/en.ts';
import { Icon } from './icon.tsx';

/** Milliseconds that the tick stays. */
const CONFIRMED = 2000;

interface CopyButtonProps {
  label: string;
  strings: Strings;
  /** Called at the click: the text may still be growing. */
  text: () => string;
}

export function CopyButton({ label, strings, text }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), CONFIRMED);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    // A page without a secure origin, or one that forbids it by policy, has no clipboard.
    void navigator.clipboard?.writeText(text()).then(
      () => setCopied(true),
      () => undefined,
    );
  };
  return (
    <button type="button" class="ghost" aria-label={copied ? strings.copied : label} title={label} onClick={copy}>
      <Icon name={copied ? 'check' : 'copy'} />
    </button>
  );
}
