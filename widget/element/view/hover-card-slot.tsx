import type { ComponentChild } from 'preact';
import { useState } from 'preact/hooks';
import type { HoverCardProps } from './hover-card.tsx';
import { late } from './late.tsx';

/** What draws the cards waits for the first pointer on a citation. Without it, the sources below say the same. */
const HoverCardSlot = late<HoverCardProps>(
  () => import('./hover-card.tsx').then(({ HoverCard }) => HoverCard),
  () => null,
);

/** A card about `of`, beside the control that gets `opens`: a pointer on it and the focus show it. */
export function useHoverCard(of: HoverCardProps['of']): {
  opens: { onPointerEnter: (event: PointerEvent) => void; onFocus: (event: FocusEvent) => void };
  card: ComponentChild;
} {
  const [anchor, setAnchor] = useState<HTMLElement | undefined>();
  const open = ({ currentTarget }: Event) => setAnchor(currentTarget as HTMLElement);
  return {
    opens: {
      // A finger is on its way to press.
      onPointerEnter: (event) => event.pointerType !== 'touch' && open(event),
      onFocus: open,
    },
    card: anchor && <HoverCardSlot anchor={anchor} of={of} onClose={() => setAnchor(undefined)} />,
  };
}
