import { useContext, useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Source, UserMessageContent } from '../../../protocol/item.ts';
import type { WidgetRoot } from '../../../protocol/widget.ts';
import { record } from '../record.ts';
import css from '../styles/hover-card.css?inline';
import { addSheet } from '../styles/sheets.ts';
import { entityOf, HostPage } from './host-page.ts';
import { placeOf } from './source-link.ts';

/** Milliseconds before a card opens, so that a passing pointer opens none, and that it stays for the way to it. */
const DELAY = 150;
/** Pixels between the card, what it is about and the element's edges. */
const GAP = 6;

export interface HoverCardProps {
  /** The control that the card is about. */
  anchor: HTMLElement;
  of: Source | UserMessageContent;
  onClose: () => void;
}

/** What a citation or a tag is about: the page's own preview where it has one, else what the server told. */
export function HoverCard({ anchor, of, onClose }: HoverCardProps) {
  const { entities, drawPreview } = useContext(HostPage);
  const { onRequestPreview } = entities;
  const place = useRef<HTMLSpanElement>(null);
  const id = useId();
  const [shown, setShown] = useState(false);
  const [preview, setPreview] = useState<WidgetRoot | undefined>();
  useLayoutEffect(() => addSheet(place.current, css), []);

  useEffect(() => {
    let timer = setTimeout(() => setShown(true), DELAY);
    const stay = () => clearTimeout(timer);
    const leave = () => {
      stay();
      timer = setTimeout(onClose, DELAY);
    };
    const enter = () => {
      stay();
      setShown(true);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      // Only the card closes: the layers around it must not hear of this one.
      event.stopPropagation();
      event.preventDefault();
      onClose();
    };
    const end = new AbortController();
    const { signal } = end;
    const scroller = anchor.closest('.scroller');
    anchor.addEventListener('keydown', onKey, { signal });
    scroller?.addEventListener('scroll', onClose, { signal, passive: true });
    for (const node of [anchor, place.current]) {
      node?.addEventListener('pointerenter', enter, { signal });
      node?.addEventListener('pointerleave', leave, { signal });
    }
    anchor.addEventListener('blur', leave, { signal });
    anchor.setAttribute('aria-describedby', id);
    return () => {
      stay();
      end.abort();
      anchor.removeAttribute('aria-describedby');
    };
  }, [anchor]);

  useEffect(() => {
    const entity = entityOf(of);
    if (!shown || !entity || !onRequestPreview) return;
    let wanted = true;
    // The page's own code: what it throws leaves the plain card.
    void Promise.resolve(entity)
      .then(onRequestPreview)
      .then(
        (answer) => {
          const root = record(answer)['preview'];
          if (wanted && record(root)['type']) setPreview(root as WidgetRoot);
        },
        () => undefined,
      );
    return () => {
      wanted = false;
    };
  }, [shown]);

  useLayoutEffect(() => {
    const node = place.current;
    if (!node || !shown) return;
    if (!node.matches(':popover-open')) node.showPopover();
    stand(node, anchor);
    // A preview draws itself later, and is wider than what stood here before.
    const growing = new ResizeObserver(() => stand(node, anchor));
    growing.observe(node);
    return () => growing.disconnect();
  });

  return (
    <span class="hover-card" popover="manual" role="tooltip" id={id} ref={place}>
      {preview ? drawPreview(preview) : <PlainCard of={of} />}
    </span>
  );
}

function PlainCard({ of }: { of: HoverCardProps['of'] }) {
  if (of.type === 'input_text') return null;
  const tag = of.type === 'input_tag';
  const below = tag ? of.group : placeOf(of);
  const words = tag ? undefined : of.description;
  return (
    <>
      <strong dir="auto">{tag ? of.text : of.title}</strong>
      {below && <span class="source-place">{below}</span>}
      {words && (
        <span class="source-quote" dir="auto">
          {words}
        </span>
      )}
    </>
  );
}

/** Under the control where there is room, else above it, and within the element's own width. */
function stand(card: HTMLElement, anchor: HTMLElement): void {
  const root = anchor.getRootNode();
  const box = (root instanceof ShadowRoot ? root.host : document.documentElement).getBoundingClientRect();
  const about = anchor.getBoundingClientRect();
  // From the edge its whole width fits, wherever it stood before.
  card.style.left = '0';
  const { width, height } = card.getBoundingClientRect();
  const below = about.bottom + GAP + height <= Math.min(box.bottom, innerHeight);
  card.style.top = `${below ? about.bottom + GAP : about.top - GAP - height}px`;
  card.style.left = `${Math.max(box.left + GAP, Math.min(about.left, box.right - GAP - width))}px`;
}
