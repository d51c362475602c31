import { useContext } from 'preact/hooks';
import type { Source } from '../../../protocol/item.ts';
import type { Strings } from '../strings/en.ts';
import { entityOf, HostPage } from './host-page.ts';
import { useHoverCard } from './hover-card-slot.tsx';
import { sourceLink } from './source-link.ts';

interface CitationProps {
  /** Numbers into `sources`, from 1. */
  numbers: readonly number[];
  sources: readonly Source[];
  strings: Strings;
}

/** The small numbers behind a sentence; each leads to its source. */
export function Citation({ numbers, sources, strings }: CitationProps) {
  return (
    <span class="citations" part="citations">
      {numbers.map((number) => {
        const source = sources[number - 1];
        return source && <Mark number={number} source={source} strings={strings} />;
      })}
    </span>
  );
}

function Mark({ number, source, strings }: { number: number; source: Source; strings: Strings }) {
  const { opens, card } = useHoverCard(source);
  const press = usePress(source);
  const link = sourceLink(source);
  const words = (source.type === 'entity' && source.inline_label) || number;
  const own = { ...opens, 'aria-label': `${strings.source} ${number}: ${source.title}` };
  return (
    <>
      {link ? (
        <a class="citation" {...link} {...own}>
          {words}
        </a>
      ) : (
        <button
          type="button"
          class={press ? 'citation pressable' : 'citation'}
          onClick={press ?? opens.onFocus}
          {...own}
        >
          {words}
        </button>
      )}
      {card}
    </>
  );
}

/** What a click on an entity does: the page is told, if it listens. */
export function usePress(of: Parameters<typeof entityOf>[0]): (() => void) | undefined {
  const { onClick } = useContext(HostPage).entities;
  const entity = entityOf(of);
  return entity && onClick && (() => void onClick(entity));
}
