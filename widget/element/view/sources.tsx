import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Source } from '../../../protocol/item.ts';
import type { Strings } from '../strings/en.ts';
import { addSheet } from '../styles/sheets.ts';
import css from '../styles/sources.css?inline';
import { usePress } from './citation.tsx';
import { placeOf, sourceLink } from './source-link.ts';

/** More sources than this wait behind their heading. */
const SHOWN = 3;

export interface SourcesProps {
  /** At least one. */
  sources: readonly Source[];
  strings: Strings;
}

/** What an answer rests on: number, title, place and, if the server gave one, the quoted words. */
export function Sources({ sources, strings }: SourcesProps) {
  const place = useRef<HTMLDetailsElement>(null);
  useLayoutEffect(() => addSheet(place.current, css), []);
  return (
    <details class="sources" part="sources" ref={place} open={sources.length <= SHOWN}>
      <summary>
        {strings.sources} <span class="count">{sources.length}</span>
      </summary>
      <ol>
        {sources.map((source, index) => (
          <li>
            <SourceCard source={source} number={index + 1} />
          </li>
        ))}
      </ol>
    </details>
  );
}

function SourceCard({ source, number }: { source: Source; number: number }) {
  const link = sourceLink(source);
  const press = usePress(source);
  const inside = (
    <>
      <span class="number" aria-hidden="true">
        {number}
      </span>
      <span class="source-text">
        <span class="source-title" dir="auto">
          {source.title}
        </span>
        <span class="source-place">{placeOf(source)}</span>
        {source.description && (
          <span class="source-quote" dir="auto">
            {source.description}
          </span>
        )}
      </span>
    </>
  );
  if (link)
    return (
      <a class="source" {...link}>
        {inside}
      </a>
    );
  if (press)
    return (
      <button type="button" class="source pressable" onClick={press}>
        {inside}
      </button>
    );
  return <span class="source">{inside}</span>;
}
