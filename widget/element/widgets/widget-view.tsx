import { useLayoutEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import type { WidgetItem } from '../../../protocol/item.ts';
import type { WidgetAction } from '../state/run-action.ts';
import type { Strings } from '../strings/en.ts';
import { DrawnNode } from './draw-node.tsx';
import type { WidgetScope } from './node-view.ts';

export interface WidgetViewProps {
  item: WidgetItem;
  /** A turn runs, whatever started it. */
  turnRuns: boolean;
  /** Does what a control asks for; never rejects. */
  onAction: (action: WidgetAction, item: WidgetItem) => Promise<void>;
  imageDomains: readonly string[] | undefined;
  strings: Strings;
}

/** A widget of the server's: its tree as vnodes, and what its controls are waiting for. */
export function WidgetView({ item, turnRuns, onAction, imageDomains, strings }: WidgetViewProps) {
  const place = useRef<HTMLElement>(null);
  const shown = useRef(item);
  shown.current = item;
  /** By the path of the control that was pressed: what waits for its action. */
  const running = useRef(new Map<string, 'none' | 'self' | 'container'>()).current;
  const [version, draw] = useReducer((count: number) => count + 1, 0);
  const [unseen, setUnseen] = useState(false);
  // An action often takes away the control that asked for it: the focus then stays with the widget.
  const focused = focusedIn(place.current);
  useLayoutEffect(() => {
    if (focused && !focused.isConnected) place.current?.focus({ preventScroll: true });
  });
  const whole = [...running.values()].includes('container');
  const scope = useMemo<WidgetScope>(() => {
    const blocks: WidgetScope['blocks'] = ({ handler, streaming }) =>
      whole || (turnRuns && handler === 'server' && streaming);
    return {
      imageDomains,
      strings,
      explain: () => setUnseen(true),
      blocks,
      waits: (path) => (running.get(path) ?? 'none') !== 'none',
      press(action, path, auto) {
        if (blocks(action) || running.has(path)) return;
        setUnseen(false);
        const { loadingBehavior } = action;
        running.set(path, loadingBehavior === 'auto' ? auto : loadingBehavior);
        draw(undefined);
        void onAction(action, shown.current).then(() => {
          running.delete(path);
          draw(undefined);
        });
      },
    };
  }, [version, turnRuns, onAction, imageDomains, strings]);
  const { theme } = item.widget;
  const themed = theme === 'light' || theme === 'dark';
  return (
    <article
      class={`widget${themed ? ' themed' : ''}`}
      part="widget"
      data-item={item.id}
      aria-busy={whole}
      style={themed ? { 'color-scheme': theme } : {}}
      tabIndex={-1}
      ref={place}
    >
      <h3 class="visually-hidden">{strings.assistant}</h3>
      <DrawnNode node={item.widget} path="0" depth={0} scope={scope} />
      {unseen && (
        <p class="w-hint" role="alert">
          {strings.notSeen}
        </p>
      )}
    </article>
  );
}

function focusedIn(place: HTMLElement | null): Element | undefined {
  const root = place?.getRootNode();
  const active = root instanceof ShadowRoot ? root.activeElement : null;
  return active && place?.contains(active) ? active : undefined;
}
