import { useLayoutEffect, useRef } from 'preact/hooks';
import css from '../styles/composer-extras.css?inline';
import { addSheet } from '../styles/sheets.ts';
import type { ComposerPart } from './composer-part.ts';
import { ReplyButton } from './reply-button.tsx';
import { Suggestions } from './suggestions.tsx';
import { useTagUnits } from './use-tag-units.ts';

/** What comes up above the composer: suggestions for a mention or a command, and "reply" beside selected words. */
export function Layers(part: ComposerPart) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => addSheet(place.current, css), []);
  useTagUnits(part.input, part.chat);
  return (
    <div class="layers" ref={place}>
      <Suggestions {...part} />
      <ReplyButton chat={part.chat} strings={part.strings} input={part.input} />
    </div>
  );
}
