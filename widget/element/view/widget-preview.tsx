import { useLayoutEffect, useRef } from 'preact/hooks';
import type { WidgetItem } from '../../../protocol/item.ts';
import type { WidgetRoot } from '../../../protocol/widget.ts';
import type { Strings } from '../strings/en.ts';
import { addSheet } from '../styles/sheets.ts';
import widgetCss from '../styles/widget.css?inline';
import controlCss from '../styles/widget-controls.css?inline';
import { WidgetView } from '../widgets/widget-view.tsx';

export interface WidgetPreviewProps {
  widget: WidgetRoot;
  strings: Strings;
}

/** A widget that the page gave to look at: it belongs to no thread, so its controls have nobody to ask. */
export function WidgetPreview({ widget, strings }: WidgetPreviewProps) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => addSheet(place.current, widgetCss + controlCss), []);
  const item: WidgetItem = { id: 'preview', thread_id: '', created_at: '', type: 'widget', widget };
  return (
    <div ref={place}>
      <WidgetView
        item={item}
        turnRuns={false}
        onAction={async () => undefined}
        imageDomains={undefined}
        strings={strings}
      />
    </div>
  );
}
