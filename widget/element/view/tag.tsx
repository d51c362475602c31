import type { UserMessageContent } from '../../../protocol/item.ts';
import { usePress } from './citation.tsx';
import { useHoverCard } from './hover-card-slot.tsx';

type InputTag = Extract<UserMessageContent, { type: 'input_tag' }>;

/** An entity in the visitor's own words; one that is interactive can be looked at and pressed. */
export function Tag({ tag }: { tag: InputTag }) {
  const { opens, card } = useHoverCard(tag);
  const press = usePress(tag);
  if (!tag.interactive) return <span class="tag">{tag.text}</span>;
  return (
    <>
      <button type="button" class={press ? 'tag pressable' : 'tag'} onClick={press ?? opens.onFocus} {...opens}>
        {tag.text}
      </button>
      {card}
    </>
  );
}
