import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import css from '../styles/highlight.css?inline';
import { addSheet } from '../styles/sheets.ts';
import { readCode } from './read-code.ts';

/** Code up to this length is read again at each letter that arrives; longer code when it has rested. */
const AT_ONCE = 5_000;
/** Milliseconds without a new letter. */
const REST = 300;

export interface HighlightedProps {
  code: string;
  language: string;
}

/** Code with its words in their colours, as text in spans. */
export function Highlighted({ code, language }: HighlightedProps) {
  const place = useRef<HTMLSpanElement>(null);
  const [rested, setRested] = useState('');
  useLayoutEffect(() => addSheet(place.current, css), []);
  const long = code.length > AT_ONCE;
  useEffect(() => {
    if (!long) return;
    const timer = setTimeout(() => setRested(code), REST);
    return () => clearTimeout(timer);
  }, [code]);
  const plain = long && rested !== code;
  const tokens = useMemo(() => (plain ? [{ text: code }] : readCode(code, language)), [code, language, plain]);
  return (
    <span ref={place}>
      {tokens.map((token) => ('kind' in token ? <span class={`hl-${token.kind}`}>{token.text}</span> : token.text))}
    </span>
  );
}
